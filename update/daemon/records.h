/* SPDX-License-Identifier: MIT */
/* All records, and what they take over from the disk or from before a reload. */
#ifndef UPDATE_DAEMON_RECORDS_H
#define UPDATE_DAEMON_RECORDS_H

#include "update/daemon/record.h"
#include "update/daemon/state.h"

struct records {
	struct record *list; /* in the order of cfg->records */
	size_t n;
};

/* NULL: no memory. cfg is borrowed. */
struct records *records_new(const struct cfg *cfg);
void records_free(struct records *records);

/* Each takes the history found under its own key, if its configuration is still the same. How many
 * did. */
size_t records_restore(struct records *records, const struct state_entry *entries, size_t n);

/* The same from the records before a reload, with what they have in mind beside it. */
void records_adopt(struct records *records, const struct records *old);

/* What to save, in *ret (malloc; the caller frees). -ENOMEM. */
int records_export(const struct records *records, struct state_entry **ret);

/* The earliest next look, or news (ms), or -1. */
int64_t records_due(const struct records *records);

#endif
