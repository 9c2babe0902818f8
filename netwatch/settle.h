/* SPDX-License-Identifier: MIT */
/* Waits until a choice has stopped changing: a quiet period since the last change, and a ceiling
 * since the first, so that a flapping address cannot postpone an update for ever. Time is an
 * argument; only a changed choice counts, never an event. */
#ifndef NETWATCH_SETTLE_H
#define NETWATCH_SETTLE_H

#include "netwatch/choose.h"

struct settle {
	int64_t quiet_ms, max_ms; /* 0 quiet: every change settles at once */
	struct choice settled;    /* what was last emitted */
	struct choice seen;       /* what was last fed */
	int64_t first, last; /* ms; when seen began to differ, and last changed; -1: it does not */
};

/* settled starts as "none". */
void settle_init(struct settle *settle, int64_t quiet_ms, int64_t max_ms);

/* Tells the choice of now. True: settled has changed, look at it. A return to what is settled
 * cancels the wait. */
bool settle_feed(struct settle *settle, const struct choice *choice, int64_t now);

/* When to call settle_tick (ms), or -1: never. */
int64_t settle_due(const struct settle *settle);

/* True: the wait is over and settled has changed. */
bool settle_tick(struct settle *settle, int64_t now);

#endif
