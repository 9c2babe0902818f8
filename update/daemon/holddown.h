/* SPDX-License-Identifier: MIT */
/* Damps what changes too often: three changes within a minute are free, then each waits longer
 * after the one before it (1 s, 5 s, 15 s, 60 s), and every two minutes without a change take one
 * step back. Only the last state counts, so waiting loses nothing. Pure; time is an argument. */
#ifndef UPDATE_DAEMON_HOLDDOWN_H
#define UPDATE_DAEMON_HOLDDOWN_H

#include <stdint.h>

#define HOLDDOWN_FREE    3 /* changes within a minute that nothing waits for */
#define HOLDDOWN_WHY_MAX 48

/* All moments in ms; CLOCK_NEVER: has not been. */
struct holddown {
	int64_t changes[HOLDDOWN_FREE]; /* the last ones, newest first */
	unsigned level;                 /* steps up the ladder, as of the newest change */
	int64_t until;                  /* the next change waits so long */
	char why[HOLDDOWN_WHY_MAX];     /* it does: "changes too often: waits 15 s" */
};

void holddown_init(struct holddown *holddown);

/* A change goes out now. most_ms: the longest that the next may have to wait; 0: it never does. */
void holddown_add(struct holddown *holddown, int64_t most_ms, int64_t now);

#endif
