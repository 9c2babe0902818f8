/* SPDX-License-Identifier: MIT */
/* Leaving a link that is lost is urgent, going back to a better one is not: what is chosen stays on
 * its link, while that is ready, until the better one has been ready for a while. Pure; time is an
 * argument. */
#ifndef UPDATE_DAEMON_FAILBACK_H
#define UPDATE_DAEMON_FAILBACK_H

#include "netwatch/choose.h"

struct failback {
	int64_t hold_ms;    /* 0: back at once */
	int64_t since;      /* ms; since when what follows is ready; -1: there is none */
	struct choice back; /* on the better link */
};

void failback_init(struct failback *failback, int64_t hold_ms);

/* Chooses as choose() does, but for going back from `last`, which was chosen before (no addresses:
 * nothing was), to a link that the rule lists earlier. A link that is published has not been left,
 * so nothing waits to return to it. published may be NULL. */
struct failback_question {
	const struct snapshot *snapshot;
	const struct rule *rule;
	const struct choice *published, *last;
};
void failback_choose(struct failback *failback, const struct failback_question *q, int64_t now,
		     struct choice *ret);

/* When to call failback_tick (ms), or -1: never. */
int64_t failback_due(const struct failback *failback);

/* True: the wait is over, and *ret is chosen now. */
bool failback_tick(struct failback *failback, int64_t now, struct choice *ret);

#endif
