/* SPDX-License-Identifier: MIT */
/* In the place of nlddns-updater: takes jobs, carries them to the providers, loses them, dies. */
#ifndef TESTS_SIM_COURIER_H
#define TESTS_SIM_COURIER_H

#include <net/if.h>

#include "tests/sim/server.h"

#define COURIER_JOBS 64

struct courier_job {
	bool used;
	bool given_up; /* its answer is on its way, for nobody */
	uint32_t id;
	char bind[IF_NAMESIZE]; /* "": any link */
	int64_t sent_at, apply_at, reply_at;
	struct server_request request;
	struct server_reply reply;
};

void courier_reset(void);

/* Something happens to it. */
void courier_step(void);
void courier_calm(void);

/* The daemon is gone: so is what it had started. */
void courier_orphan(void);

int64_t courier_due(void);
void courier_tick(void);

/* There is something for updater_read. */
bool courier_readable(void);

/* A local provider's job. */
void courier_local(const struct job *job, struct outcome *outcomes);

/* Whether a job that was not given up has this record; NULL: none has. */
const struct courier_job *courier_with(size_t record);

/* Jobs of this account (COURIER_JOBS: of all) that were not given up. */
size_t courier_count(size_t account);

#endif
