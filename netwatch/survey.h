/* SPDX-License-Identifier: MIT */
/* One reading of the kernel under way: from an old snapshot, and marks of what may have changed, to
 * a fresh one. */
#ifndef NETWATCH_SURVEY_H
#define NETWATCH_SURVEY_H

#include "netwatch/snapshot.h"

struct survey {
	struct query *query;
	const struct interest *interest;
	const struct dirty *marks;
	const struct snapshot *old;
	struct snapshot fresh; /* read_at is given; the rest is filled in */
};

/* Whether the marks concern what is kept, or might come to be kept. */
bool survey_needed(const struct survey *survey);

/* -errno: fresh is half read; in any case the caller owns it. */
int survey_run(struct survey *survey);

#endif
