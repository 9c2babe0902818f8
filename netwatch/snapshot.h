/* SPDX-License-Identifier: MIT */
/* What was read from the kernel: the links somebody asked for, their addresses, and whether the
 * global internet is reached by them. A plain value; foreign links are not kept. */
#ifndef NETWATCH_SNAPSHOT_H
#define NETWATCH_SNAPSHOT_H

#include <stdbool.h>

#include "netwatch/link.h"

struct snapshot {
	struct link *links; /* ordered by ifindex */
	size_t n_links;
	struct route routes[FAMILY_COUNT]; /* the kernel's own choice of link */
	int64_t read_at;                   /* ms; the last time something was read */
};

/* More matching links than this are refused (-E2BIG). */
#define SNAPSHOT_LINKS_MAX 1024

/* Which links to keep. */
struct interest {
	const char *const *patterns; /* names and globs (fnmatch) of names and altnames; borrowed */
	size_t n_patterns;
	bool routed; /* also the link the kernel would route by ("auto") */
};

/* Whether nothing differs but lifetimes, creation stamps and the times of reading. */
bool snapshot_equal(const struct snapshot *a, const struct snapshot *b);

/* Whether a pattern of configuration names this link, by name or altname. */
bool snapshot_link_matches(const struct link *link, const char *pattern);

/* NULL: not kept. */
const struct link *snapshot_link(const struct snapshot *snapshot, unsigned ifindex);

/* In its last hundredth of a second the kernel says of a route what it says of one for ever
 * (rta_expires is 0). So one that had an end when it was read before keeps it, until it has
 * outlived that end. */
void snapshot_keep_end(const struct route *old, struct route *fresh);

/* The next moment (ms) at which a preferred lifetime or an RA route has ended, so that what was
 * read changes without an event; -1: none. It may have passed (see snapshot_keep_end). */
int64_t snapshot_expiry(const struct snapshot *snapshot);

/* Empties it; a zeroed snapshot is an empty one. */
void snapshot_done(struct snapshot *snapshot);

#endif
