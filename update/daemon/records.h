/* SPDX-License-Identifier: MIT */
/* All records, and what they take over from the disk or from before a reload. */
#ifndef UPDATE_DAEMON_RECORDS_H
#define UPDATE_DAEMON_RECORDS_H

#include "update/daemon/heap.h"
#include "update/daemon/pool.h"
#include "update/daemon/record.h"
#include "update/daemon/state.h"

struct records {
	struct record *list; /* in the order of cfg->records */
	size_t n;
	struct record **by_key;           /* the same, in the order of their names and types */
	struct heap *looks;               /* when to look at each again */
	struct record **touched, **taken; /* to be looked at; and those that just were */
	size_t n_touched;
	struct pool *pool; /* of what they want, have and say */
};

/* All touched. NULL: no memory. cfg is borrowed. */
struct records *records_new(const struct cfg *cfg);
void records_free(struct records *records);

/* The record of the same name and account of the other type; NULL: there is none. */
const struct record *records_sibling(const struct records *records, const struct record *record);

/* The record of the entry's key takes over its history, if its configuration is still the same;
 * else only that something of ours may still be on its way to the provider. NULL: there is none. */
struct record *records_restore(struct records *records, const struct state_entry *entry);

/* The same from the records before a reload, with what they have in mind beside it. */
void records_adopt(struct records *records, const struct records *old);

/* What is to be saved of a record; borrowed from it. */
struct state_entry records_entry(const struct record *record);

/* Addresses, or the reasons of a record, that were borrowed for a call become our own, and stay as
 * long as a record has them. False: no memory; they are still borrowed. */
bool records_keep_addrs(struct records *records, struct addrs *addrs);
void records_keep_whys(struct records *records, struct record *record);

/* Forgets what no record has any more, when there is reason to. */
void records_tidy(struct records *records);

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
