/* SPDX-License-Identifier: MIT */
/* All records, and what they take over from the disk or from before a reload. */
#ifndef UPDATE_DAEMON_RECORDS_H
#define UPDATE_DAEMON_RECORDS_H

#include "update/daemon/heap.h"
#include "update/daemon/record.h"
#include "update/daemon/state.h"

struct records {
	struct record *list; /* in the order of cfg->records */
	size_t n;
	struct heap *looks;               /* when to look at each again */
	struct record **touched, **taken; /* to be looked at; and those that just were */
	size_t n_touched;
};

/* All touched. NULL: no memory. cfg is borrowed. */
struct records *records_new(const struct cfg *cfg);
void records_free(struct records *records);

/* Each takes the history found under its own key, if its configuration is still the same. How many
 * did. */
size_t records_restore(struct records *records, const struct state_entry *entries, size_t n);

/* The same from the records before a reload, with what they have in mind beside it. */
void records_adopt(struct records *records, const struct records *old);

/* What to save, in *ret (malloc; the caller frees). -ENOMEM. */
int records_export(const struct records *records, struct state_entry **ret);

/* Something about the record has changed (its history, its configuration, what the user wants): it
 * is to be looked at in the next review. */
void records_touch(struct records *records, struct record *record);

/* The same for each whose next look has come. */
void records_touch_due(struct records *records, int64_t now);

/* The touched ones, which are touched no more; valid until the next call. */
struct record *const *records_take(struct records *records, size_t *ret_n);

/* Looks again when it is time for its next look, or for news of it. */
void records_arm(struct records *records, const struct record *record);

/* record_set, and records_arm. */
void records_set(struct records *records, struct record *record, const struct plan *plan,
		 int64_t now);

/* The earliest next look, or news (ms), or -1. */
int64_t records_due(const struct records *records);

#endif
