/* SPDX-License-Identifier: MIT */
/* The kernel as we read it against the kernel as the daemon says it is. Pure. */
#ifndef UPDATE_CTL_VIEW_H
#define UPDATE_CTL_VIEW_H

#include <jansson.h>

#include "netwatch/choose.h"

/* Adds one sentence for each difference to list (a JSON array of strings): links the daemon keeps
 * (it keeps only those some source asks for), their addresses and flags, the ways out. What goes
 * with time, such as lifetimes, is none. daemon: its answer to `snapshot`. */
void view_compare(const struct snapshot *ours, const json_t *daemon, json_t *list);

/* What the daemon has settled on for a source and family, if its answer tells; it is what choose
 * keeps while it is eligible. False: it does not tell. */
bool view_published(const json_t *daemon, const char *source, enum family family,
		    struct choice *ret);

/* What the daemon would publish now, settled or not: its first address (n is 0 or 1), link,
 * readiness and why, from its answer to `status`. False: it does not tell. */
bool view_now(const json_t *status, const char *source, enum family family, struct choice *ret);

/* Adds the sentence that the two choices differ. */
void view_tell_choices(const char *source, enum family family, const struct choice *ours,
		       const struct choice *daemon, json_t *list);

#endif
