/* SPDX-License-Identifier: MIT */
/* Which of the eligible addresses are published, by rank. */
#ifndef NETWATCH_CONTEST_H
#define NETWATCH_CONTEST_H

#include "netwatch/standing.h"

struct contender {
	const struct link *link;
	const struct address *address;
	struct ipaddr addr; /* to publish: that of address, or of another host by its prefix */
	bool published;
};

struct contest {
	struct contender best[CHOICE_MAX]; /* in the order of addr, each once */
	size_t n, room, left_out;
};

/* On link best, or with RULE_COMBINE_ALL on every ready link, the best addresses: as many as the
 * rule publishes. */
void contest_hold(const struct question *q, const struct link *best, struct contest *ret);

#endif
