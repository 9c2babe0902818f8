/* SPDX-License-Identifier: MIT */
/* Reads the kernel again, as far as marks say that something may have changed. */
#ifndef NETWATCH_SURVEY_H
#define NETWATCH_SURVEY_H

#include "netwatch/snapshot.h"

struct dirty;
struct query;

/* Reads again what marks says (and what follows from it), all of it if marks->all. 1: something
 * differs from before. 0: nothing does. -errno: the kernel could not be read; *snapshot is as it
 * was, and everything must be read again later. */
int survey_read(struct snapshot *snapshot, struct query *query, const struct interest *interest,
		const struct dirty *marks, int64_t now);

#endif
