/* SPDX-License-Identifier: MIT */
/* One job: asks its provider for requests and gives it replies until it has verdicts. */
#ifndef UPDATE_UPDATER_JOB_H
#define UPDATE_UPDATER_JOB_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "update/updater/dns.h"
#include "update/updater/http.h"
#include "update/wire.h"

#define JOB_STEPS_MAX 32 /* requests of one job */

struct job_run;

/* Takes over wire. NULL: no memory, and wire is freed. */
struct job_run *job_start(struct wire_job *wire, struct http *http, int64_t now);

/* Goes on as far as it can without waiting. True once the job has ended. */
bool job_work(struct job_run *run, int64_t now);

/* Addresses of this machine may be gone: job_work ends what waits for a reply to one. */
void job_look(struct job_run *run);

/* As the job's sender named it. */
uint32_t job_id(const struct job_run *run);

/* Of an ended job, for each of its wanted. */
const struct outcome *job_outcomes(const struct job_run *run, size_t *ret_n);

/* Of a job that is watched, what it began since this was last asked: method, scheme and host, no
 * secret. Else NULL. */
const char *job_progress(struct job_run *run);

/* What it waits for beside HTTP: descriptors (how many is returned), and a time. */
size_t job_pollfds(const struct job_run *run, struct pollfd ret[static DNS_FDS_MAX]);
int64_t job_due(const struct job_run *run);

/* Aborts it if it has not ended, and wipes what it knew. */
void job_free(struct job_run *run);

#endif
