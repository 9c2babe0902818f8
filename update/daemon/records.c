/* SPDX-License-Identifier: MIT */
#include "update/daemon/records.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "update/daemon/clock.h"

_Static_assert(CFG_RECORDS_MAX <= STATE_ENTRIES_MAX, "all records can be saved");

struct records *records_new(const struct cfg *cfg)
{
	struct records *records = calloc(1, sizeof(*records));
	size_t n = cfg->n_records;

	if (!records)
		return NULL;
	records->list = calloc(n + 1, sizeof(*records->list));
	records->looks = heap_new(n);
	records->touched = calloc(n + 1, sizeof(struct record *));
	records->taken = calloc(n + 1, sizeof(struct record *));
	if (!records->list || !records->looks || !records->touched || !records->taken) {
		records_free(records);
		return NULL;
	}
	records->n = n;
	for (size_t i = 0; i < n; i++) {
		record_init(&records->list[i], &cfg->records[i],
			    &cfg->accounts[cfg->records[i].account]);
		records_touch(records, &records->list[i]);
	}
	return records;
}

void records_free(struct records *records)
{
	if (!records)
		return;
	heap_free(records->looks);
	free(records->touched);
	free(records->taken);
	free(records->list);
	free(records);
}

void records_touch(struct records *records, struct record *record)
{
	if (record->touched)
		return;
	record->touched = true;
	records->touched[records->n_touched++] = record;
}

void records_touch_due(struct records *records, int64_t now)
{
	size_t i;

	for (int64_t at = heap_first(records->looks, &i); at >= 0 && at <= now;
	     at = heap_first(records->looks, &i)) {
		heap_set(records->looks, i, -1);
		records_touch(records, &records->list[i]);
	}
}

struct record *const *records_take(struct records *records, size_t *ret_n)
{
	struct record **taken = records->touched;

	for (size_t i = 0; i < records->n_touched; i++)
		taken[i]->touched = false;
	*ret_n = records->n_touched;
	records->touched = records->taken;
	records->taken = taken;
	records->n_touched = 0;
	return taken;
}

void records_arm(struct records *records, const struct record *record)
{
	heap_set(records->looks, (size_t)(record - records->list),
		 clock_sooner(record->next, news_due(record)));
}

void records_set(struct records *records, struct record *record, const struct plan *plan,
		 int64_t now)
{
	record_set(record, plan->state, plan->why, plan->at, now);
	records_arm(records, record);
}

static bool has_key(const struct record *record, const char *name, enum record_type type,
		    const char *account)
{
	return record->cfg->type == type && strcmp(record->cfg->name, name) == 0 &&
	       strcmp(record->account->name, account) == 0;
}

size_t records_restore(struct records *records, const struct state_entry *entries, size_t n)
{
	size_t restored = 0;

	for (size_t i = 0; i < records->n; i++) {
		struct record *record = &records->list[i];

		for (size_t j = 0; j < n; j++) {
			if (!has_key(record, entries[j].name, entries[j].type, entries[j].account))
				continue;
			if (record->cfg->fingerprint == entries[j].fingerprint) {
				record->history = entries[j].history;
				restored++;
			}
			news_remember(record, history_held(&entries[j].history));
			break;
		}
	}
	return restored;
}

static void adopt(struct record *record, const struct record *old)
{
	record->wanted = old->wanted;
	record->history = old->history;
	record->attempt = old->attempt;
	record->holddown = old->holddown;
	record->news = old->news;
	record->forced = old->forced;
	record->wanted_at = old->wanted_at;
	record->event_at = old->event_at;
	record->reaction_ms = old->reaction_ms;
	record->state = old->state;
	snprintf(record->why, sizeof(record->why), "%s", old->why);
}

void records_adopt(struct records *records, const struct records *old)
{
	for (size_t i = 0; i < records->n; i++) {
		struct record *record = &records->list[i];

		for (size_t j = 0; j < old->n; j++) {
			const struct record *other = &old->list[j];

			if (!has_key(record, other->cfg->name, other->cfg->type,
				     other->account->name))
				continue;
			if (record->cfg->fingerprint == other->cfg->fingerprint)
				adopt(record, other);
			else
				news_remember(record, other->news.trouble);
			break;
		}
	}
}

int records_export(const struct records *records, struct state_entry **ret)
{
	struct state_entry *entries = calloc(records->n + 1, sizeof(*entries));

	if (!entries)
		return -ENOMEM;
	for (size_t i = 0; i < records->n; i++) {
		const struct record *record = &records->list[i];
		struct state_entry *entry = &entries[i];

		snprintf(entry->name, sizeof(entry->name), "%s", record->cfg->name);
		snprintf(entry->account, sizeof(entry->account), "%s", record->account->name);
		entry->type = record->cfg->type;
		entry->fingerprint = record->cfg->fingerprint;
		entry->history = record->history;
		entry->history.uncertain |= record->foreseen;
	}
	*ret = entries;
	return 0;
}

int64_t records_due(const struct records *records)
{
	size_t i;

	return heap_first(records->looks, &i);
}
