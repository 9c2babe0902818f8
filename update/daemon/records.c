/* SPDX-License-Identifier: MIT */
#include "update/daemon/records.h"

#include <stdlib.h>
#include <string.h>

#include "update/daemon/clock.h"

_Static_assert(CFG_RECORDS_MAX <= STATE_ENTRIES_MAX, "all records can be saved");

/* No two have the same name and type. */
static int compare(const void *a, const void *b)
{
	const struct cfg_record *x = (*(struct record *const *)a)->cfg;
	const struct cfg_record *y = (*(struct record *const *)b)->cfg;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (int)x->type - (int)y->type;
}

struct records *records_new(const struct cfg *cfg)
{
	struct records *records = calloc(1, sizeof(*records));
	size_t n = cfg->n_records;

	if (!records)
		return NULL;
	records->list = calloc(n + 1, sizeof(*records->list));
	records->by_key = calloc(n + 1, sizeof(struct record *));
	records->looks = heap_new(n);
	records->pool = pool_new();
	records->touched = calloc(n + 1, sizeof(struct record *));
	records->taken = calloc(n + 1, sizeof(struct record *));
	if (!records->list || !records->by_key || !records->looks || !records->touched ||
	    !records->taken || !records->pool) {
		records_free(records);
		return NULL;
	}
	records->n = n;
	for (size_t i = 0; i < n; i++) {
		record_init(&records->list[i], &cfg->records[i],
			    &cfg->accounts[cfg->records[i].account]);
		records_touch(records, &records->list[i]);
		records->by_key[i] = &records->list[i];
	}
	qsort(records->by_key, n, sizeof(struct record *), compare);
	return records;
}

void records_free(struct records *records)
{
	if (!records)
		return;
	pool_free(records->pool);
	heap_free(records->looks);
	free(records->by_key);
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
	record->why = pool_text(records->pool, record->why);
	records_arm(records, record);
}

/* A name and type come once. NULL: there is none. */
static struct record *find(const struct records *records, const char *name, enum record_type type)
{
	size_t first = 0, end = records->n;

	while (first < end) {
		size_t middle = first + (end - first) / 2;
		struct record *record = records->by_key[middle];
		int order = strcmp(name, record->cfg->name);

		if (order == 0)
			order = (int)type - (int)record->cfg->type;
		if (order == 0)
			return record;
		if (order < 0)
			end = middle;
		else
			first = middle + 1;
	}
	return NULL;
}

const struct record *records_sibling(const struct records *records, const struct record *record)
{
	enum record_type type =
		record->cfg->type == RECORD_TYPE_A ? RECORD_TYPE_AAAA : RECORD_TYPE_A;

	const struct record *other = find(records, record->cfg->name, type);

	return other && other->account == record->account ? other : NULL;
}

bool records_keep_addrs(struct records *records, struct addrs *addrs)
{
	const struct ipaddr *list = NULL;

	if (addrs->n > 0) {
		list = pool_keep(records->pool, addrs->list, addrs->n * sizeof(*list));
		if (!list)
			return false;
	}
	addrs->list = list;
	return true;
}

void records_keep_whys(struct records *records, struct record *record)
{
	record->why = pool_text(records->pool, record->why);
	record->history.why = pool_text(records->pool, record->history.why);
}

static void mark_addrs(struct pool *pool, const struct addrs *addrs)
{
	if (addrs->n > 0)
		pool_mark(pool, addrs->list, addrs->n * sizeof(*addrs->list));
}

void records_tidy(struct records *records)
{
	if (!pool_is_full(records->pool))
		return;
	for (size_t i = 0; i < records->n; i++) {
		const struct record *record = &records->list[i];

		mark_addrs(records->pool, &record->wanted);
		mark_addrs(records->pool, &record->attempt.addrs);
		mark_addrs(records->pool, &record->history.confirmed);
		pool_mark(records->pool, record->why, strlen(record->why) + 1);
		pool_mark(records->pool, record->history.why, strlen(record->history.why) + 1);
	}
	pool_sweep(records->pool);
}

struct record *records_restore(struct records *records, const struct state_entry *entry)
{
	struct record *record = find(records, entry->name, entry->type);
	struct addrs confirmed = entry->history.confirmed;

	if (!record || !records_keep_addrs(records, &confirmed))
		return NULL;
	if (record->cfg->fingerprint == entry->fingerprint) {
		record->history = entry->history;
		record->history.confirmed = confirmed;
		records_keep_whys(records, record);
	} else {
		record->history.uncertain = entry->history.uncertain;
	}
	news_remember(record, history_held(&entry->history));
	return record;
}

static bool adopt_addrs(struct records *records, struct record *record, const struct record *old)
{
	struct addrs wanted = old->wanted, sent = old->attempt.addrs;
	struct addrs confirmed = old->history.confirmed;

	if (!records_keep_addrs(records, &wanted) || !records_keep_addrs(records, &sent) ||
	    !records_keep_addrs(records, &confirmed))
		return false;
	record->history = old->history;
	record->attempt = old->attempt;
	record->wanted = wanted;
	record->attempt.addrs = sent;
	record->history.confirmed = confirmed;
	return true;
}

static void adopt(struct records *records, struct record *record, const struct record *old)
{
	if (!adopt_addrs(records, record, old))
		return;
	record->holddown = old->holddown;
	record->news = old->news;
	record->retried = old->retried;
	record->forced = old->forced;
	record->wanted_at = old->wanted_at;
	record->event_at = old->event_at;
	record->settled_at = old->settled_at;
	record->reaction_ms = old->reaction_ms;
	record->state = old->state;
	record->why = old->why;
	records_keep_whys(records, record);
}

void records_adopt(struct records *records, const struct records *old)
{
	for (size_t i = 0; i < old->n; i++) {
		const struct record *other = &old->list[i];
		struct record *record = find(records, other->cfg->name, other->cfg->type);

		if (!record)
			continue;
		if (record->cfg->fingerprint == other->cfg->fingerprint) {
			adopt(records, record, other);
		} else {
			record->history.uncertain = other->history.uncertain;
			news_remember(record, other->news.trouble);
		}
	}
}

struct state_entry records_entry(const struct record *record)
{
	struct state_entry entry = {
		.name = record->cfg->name,
		.type = record->cfg->type,
		.account = record->account->name,
		.fingerprint = record->cfg->fingerprint,
		.history = record->history,
	};

	entry.history.uncertain |= record->foreseen || (record->job != 0 && !record->history.known);
	return entry;
}

int64_t records_due(const struct records *records)
{
	size_t i;

	return heap_first(records->looks, &i);
}
