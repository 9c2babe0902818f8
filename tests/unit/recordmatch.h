/* SPDX-License-Identifier: MIT */
/* Which requests can be right, as a provider made of a short transcript stands, and which of them
 * one is. */
#ifndef TESTS_UNIT_RECORDMATCH_H
#define TESTS_UNIT_RECORDMATCH_H

#include "tests/unit/recordserver.h"

#define RECORDMATCH_MAX 256

static inline void recordmatch_may(struct recordserver_asked *list, size_t *n,
				   struct recordserver_asked asked)
{
	assert_true(*n < RECORDMATCH_MAX);
	list[(*n)++] = asked;
}

/* The name, its parents, ... down to the zone. */
static inline void recordmatch_may_zone(const struct recordserver *s,
					struct recordserver_asked asked,
					struct recordserver_asked *list, size_t *n)
{
	const char *zone = asked.wanted->name, *dot;

	for (; zone; zone = dot ? dot + 1 : NULL) {
		dot = strchr(zone, '.');
		if (!dot)
			break;
		asked.zone = zone;
		recordmatch_may(list, n, asked);
		if (strcmp(zone, s->zone) == 0)
			break;
	}
}

static inline void recordmatch_may_set(struct recordserver *s, struct recordserver_asked asked,
				       struct recordserver_asked *list, size_t *n)
{
	bool empty = !recordserver_left(s, asked.wanted);
	bool creates = recordtext_find(s->text, RECORDTEXT_CREATE);
	enum recordtext_kind due = RECORDTEXT_CHANGE;

	asked.record = recordserver_first(s, asked.wanted);
	if (creates && (!asked.record || !recordtext_find(s->text, RECORDTEXT_CHANGE)))
		due = RECORDTEXT_CREATE;
	if (asked.record && empty && recordtext_find(s->text, RECORDTEXT_REMOVE))
		due = RECORDTEXT_REMOVE;
	if (asked.call->kind == due)
		recordmatch_may(list, n, asked);
}

static inline void recordmatch_may_write(struct recordserver *s, struct recordserver_asked asked,
					 struct recordserver_asked *list, size_t *n)
{
	bool removes = asked.call->kind == RECORDTEXT_REMOVE;
	size_t missing = 0;

	for (size_t i = 0; i < asked.wanted->n_addrs; i++) {
		asked.ip = asked.wanted->addrs[i];
		if (recordserver_holds(s, asked.wanted, asked.ip))
			continue;
		missing++;
		if (asked.call->kind == RECORDTEXT_CREATE)
			recordmatch_may(list, n, asked);
		for (size_t k = 0; asked.call->kind == RECORDTEXT_CHANGE && k < s->n; k++) {
			asked.record = &s->list[k];
			if (recordserver_is(asked.record, asked.wanted))
				recordmatch_may(list, n, asked);
		}
	}
	/* what is to be there is there before anything goes */
	for (size_t k = 0; removes && missing == 0 && k < s->n; k++) {
		asked.record = &s->list[k];
		asked.ip = s->list[k].addr;
		if (recordserver_is(asked.record, asked.wanted))
			recordmatch_may(list, n, asked);
	}
}

/* Each is read by itself. */
static inline void recordmatch_may_read(struct recordserver *s, struct recordserver_asked asked,
					struct recordserver_asked *list, size_t *n)
{
	for (size_t k = 0; k < s->n; k++) {
		asked.record = &s->list[k];
		if (recordserver_is(asked.record, asked.wanted))
			recordmatch_may(list, n, asked);
	}
}

/* Lists what can be asked for now; how many. */
static inline size_t recordmatch_all(struct recordserver *s, struct recordserver_asked *list)
{
	size_t n = 0;

	for (size_t i = 0; i < s->text->n_calls * s->n_wanted; i++) {
		struct recordserver_asked asked = {.call = &s->text->calls[i / s->n_wanted],
						   .wanted = &s->wanted[i % s->n_wanted]};

		for (asked.page = 1; asked.page <= (s->paged ? 2 : 1); asked.page++) {
			if (asked.call->kind == RECORDTEXT_ZONE)
				recordmatch_may_zone(s, asked, list, &n);
			else if (asked.call->kind == RECORDTEXT_READ)
				recordmatch_may_read(s, asked, list, &n);
			else if (asked.call->kind < RECORDTEXT_CREATE ||
				 asked.call->kind > RECORDTEXT_REMOVE)
				recordmatch_may(list, &n, asked);
		}
		asked.page = 1;
		if (asked.call->kind < RECORDTEXT_CREATE || asked.call->kind > RECORDTEXT_REMOVE)
			continue;
		if (!recordserver_is_timely(s, &asked))
			continue;
		if (recordserver_sets(s))
			recordmatch_may_set(s, asked, list, &n);
		else
			recordmatch_may_write(s, asked, list, &n);
	}
	return n;
}

static inline void recordmatch_strange(struct recordserver *s, const char *got,
				       const struct recordserver_asked *nearest)
{
	struct buf due;

	buf_init(&due, REPLY_BODY_MAX);
	if (nearest)
		recordserver_request(s, nearest, &due);
	fail_msg("%s:%d: %s: this was requested:\n%s\nwhat comes nearest to it is `%s`:\n%s",
		 s->text->t->path, nearest ? nearest->call->line : 0, s->what, got,
		 nearest ? recordtext_kinds[nearest->call->kind] : "nothing",
		 nearest ? due.text : "");
}

/* Which request it is; fails when none like it can be right. */
static inline struct recordserver_asked recordmatch_read(struct recordserver *s, const char *got)
{
	static struct recordserver_asked list[RECORDMATCH_MAX];
	const struct recordserver_asked *nearest = NULL;
	size_t n = recordmatch_all(s, list), best = 0;

	for (size_t i = 0; i < n; i++) {
		struct buf due;
		size_t same = 0;
		bool is;

		buf_init(&due, REPLY_BODY_MAX);
		recordserver_request(s, &list[i], &due);
		while (got[same] && got[same] == due.text[same])
			same++;
		is = !got[same] && !due.text[same];
		buf_done(&due);
		if (is)
			return list[i];
		if (same >= best) {
			best = same;
			nearest = &list[i];
		}
	}
	recordmatch_strange(s, got, nearest);
	abort();
}

#endif
