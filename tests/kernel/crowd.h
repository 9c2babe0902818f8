/* SPDX-License-Identifier: MIT */
/*
 * Several daemons with a name each, following the two addresses of one WAN into the zone of one
 * BIND: what a test needs that kills a thousand times.
 */
#ifndef TESTS_KERNEL_CROWD_H
#define TESTS_KERNEL_CROWD_H

#include "tests/kernel/daemon.h"
#include "tests/kernel/serve.h"

enum { CROWD_SIZE = 4 };

struct member {
	struct daemon d;
	char name[32]; /* its record's, and its folder's */
};

struct crowd {
	struct ground *g;
	struct server bind;
	uint64_t random; /* of the moments and the addresses */
	int changes;
	int last[2]; /* byte of the addresses on wan0, A and AAAA */
	struct member members[CROWD_SIZE];
};

/*
 * cmocka setup and teardown with a struct crowd in *state: daemons configured, not started. The
 * seed, $NLDDNS_SEED or a new one, is printed. Skips the case without BIND.
 */
int crowd_setup(void **state);
int crowd_teardown(void **state);

/* 0 to max - 1. */
unsigned crowd_random(struct crowd *c, unsigned max);

/* One of the two addresses, or both, become others. */
void crowd_change(struct crowd *c);

/* Waits until each name has in the zone, in `status` and in the state file what wan0 has. */
void crowd_expect_converged(struct crowd *c);

/* Fails the case and shows the member's log. */
void crowd_fail(struct crowd *c, struct member *m, const char *what);

/* The state file is not there or whole, and no daemon has found it otherwise. */
void crowd_expect_sound(struct crowd *c, struct member *m);

#endif
