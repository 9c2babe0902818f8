/* SPDX-License-Identifier: MIT */
/* A provider made of a short transcript: holds records, knows to the byte each request that can be
 * right now, does what it asks for, and answers. */
#ifndef TESTS_UNIT_RECORDSERVER_H
#define TESTS_UNIT_RECORDSERVER_H

#include "tests/unit/recordview.h"

#define RECORDSERVER_ZONE   "example.org"
#define RECORDSERVER_MAX    32
#define RECORDSERVER_WANTED 8
#define RECORDSERVER_ASKED  256
#define RECORDSERVER_TTL    7200 /* of what was there before */

struct recordserver_record {
	const char *name;
	enum record_type type;
	char addr[ADDRESS_MAX];
	unsigned id, ttl;
	bool marked; /* by the setting `owner` */
};

struct recordserver {
	const struct recordtext *text;
	const struct wanted *wanted;
	size_t n_wanted;
	char what[128];                                               /* is being played */
	const char *after[RECORDSERVER_WANTED][WANTED_ADDRS_MAX + 1]; /* what each comes to */
	const char *zone;                                             /* "": not in the account */
	const char *owner;                                            /* the setting; or NULL */
	bool paged, slow, zoneless;
	struct recordserver_record list[RECORDSERVER_MAX];
	size_t n;
	unsigned next_id, n_running;
	unsigned counts[RECORDTEXT_KINDS]; /* requests there were */
};

/* A request that can be right. */
struct recordserver_asked {
	const struct recordtext_call *call;
	const struct wanted *wanted;
	struct recordserver_record *record;
	const char *ip, *zone;
	unsigned page;
};

/* What {zone} is: where there is no zone to ask for, the name itself. */
static inline const char *recordserver_zone(const struct recordserver *s,
					    const struct wanted *wanted)
{
	return s->zoneless ? wanted->name : RECORDSERVER_ZONE;
}

static inline bool recordserver_is(const struct recordserver_record *record,
				   const struct wanted *wanted)
{
	return record->type == wanted->type && strcmp(record->name, wanted->name) == 0;
}

static inline struct recordserver_record *recordserver_first(struct recordserver *s,
							     const struct wanted *wanted)
{
	for (size_t i = 0; i < s->n; i++)
		if (recordserver_is(&s->list[i], wanted))
			return &s->list[i];
	return NULL;
}

static inline bool recordserver_holds(struct recordserver *s, const struct wanted *wanted,
				      const char *addr)
{
	for (size_t i = 0; i < s->n; i++)
		if (recordserver_is(&s->list[i], wanted) && strcasecmp(s->list[i].addr, addr) == 0)
			return true;
	return false;
}

static inline void recordserver_add(struct recordserver *s, const struct wanted *wanted,
				    const char *addr, unsigned ttl)
{
	struct recordserver_record *record = &s->list[s->n++];

	assert_true(s->n <= RECORDSERVER_MAX);
	*record = (struct recordserver_record){
		.name = wanted->name, .type = wanted->type, .id = 101 + s->next_id++, .ttl = ttl};
	(void)snprintf(record->addr, sizeof(record->addr), "%s", addr);
}

static inline void recordserver_drop(struct recordserver *s, struct recordserver_record *record)
{
	s->n--;
	memmove(record, record + 1, (size_t)(&s->list[s->n] - record) * sizeof(*record));
}

static inline bool recordserver_sets(const struct recordserver *s)
{
	return recordtext_find(s->text, RECORDTEXT_FIND)->value != NULL;
}

/* One more element of a set. */
static inline void recordserver_element(struct recordserver *s, const struct recordtext_call *call,
					const char *template, const char *addr, struct buf *to)
{
	const struct recordtext_call *find = recordtext_find(s->text, RECORDTEXT_FIND);
	const char *between = call->between ? call->between : find->between;
	struct recordview view = {.ip = addr};

	if (to->len > 0)
		buf_text(to, between ? between : template[0] == '<' ? "" : ",");
	recordview_fill(&view, template, to);
}

/* The elements of a set as it is. */
static inline void recordserver_list(struct recordserver *s, const struct wanted *wanted,
				     struct buf *to)
{
	const struct recordtext_call *find = recordtext_find(s->text, RECORDTEXT_FIND);

	for (size_t i = 0; i < s->n; i++)
		if (recordserver_is(&s->list[i], wanted))
			recordserver_element(s, find, find->value, s->list[i].addr, to);
}

/* As it is to be: what was there goes back as it came. */
static inline void recordserver_values(struct recordserver *s, const struct recordtext_call *call,
				       const struct wanted *wanted, struct buf *to)
{
	const char *found = recordtext_find(s->text, RECORDTEXT_FIND)->value;
	const char *const *after = s->after[wanted - s->wanted];

	for (; *after; after++)
		recordserver_element(
			s, call,
			call->value && !recordserver_holds(s, wanted, *after) ? call->value : found,
			*after, to);
}

static inline unsigned recordserver_ttl(const struct recordserver_asked *asked)
{
	unsigned ttl = asked->wanted->ttl;

	return ttl > 0 && ttl < asked->call->least ? asked->call->least : ttl;
}

/* What the placeholders of a request stand for. */
static inline void recordserver_request(struct recordserver *s,
					const struct recordserver_asked *asked, struct buf *to)
{
	const struct recordtext_call *find = recordtext_find(s->text, RECORDTEXT_FIND);
	struct recordview view = {.name = asked->wanted->name,
				  .zone = asked->zone ? asked->zone
						      : recordserver_zone(s, asked->wanted),
				  .type = provider_type_name(asked->wanted->type),
				  .ip = asked->ip,
				  .page = asked->page,
				  .ttl = recordserver_ttl(asked),
				  .kept_ttl = asked->call->ttl,
				  .owner = s->owner,
				  .size = asked->call->size};
	struct buf values, item;

	buf_init(&values, REPLY_BODY_MAX);
	buf_init(&item, REPLY_BODY_MAX);
	if (asked->record) {
		view.old = asked->record->addr;
		view.id = asked->record->id;
		view.kept_ttl = asked->record->ttl;
		view.owner = asked->record->marked ? s->owner : NULL;
	}
	if (asked->record && asked->ip)
		recordview_fill(&view, find->item, &item);
	if (recordserver_sets(s) && asked->call->kind == RECORDTEXT_REMOVE)
		recordserver_list(s, asked->wanted, &values);
	else if (recordserver_sets(s) && asked->call->kind > RECORDTEXT_FIND)
		recordserver_values(s, asked->call, asked->wanted, &values);
	view.item = item.text;
	view.values = values.text;
	recordview_fill(&view, asked->call->request, to);
	buf_done(&values);
	buf_done(&item);
}

static inline void recordserver_may(struct recordserver_asked *list, size_t *n,
				    struct recordserver_asked asked)
{
	assert_true(*n < RECORDSERVER_ASKED);
	list[(*n)++] = asked;
}

/* The name, its parents, ... down to the zone. */
static inline void recordserver_may_zone(const struct recordserver *s,
					 struct recordserver_asked asked,
					 struct recordserver_asked *list, size_t *n)
{
	const char *zone = asked.wanted->name, *dot;

	for (; zone; zone = dot ? dot + 1 : NULL) {
		dot = strchr(zone, '.');
		if (!dot)
			break;
		asked.zone = zone;
		recordserver_may(list, n, asked);
		if (strcmp(zone, s->zone) == 0)
			break;
	}
}

static inline void recordserver_may_set(struct recordserver *s, struct recordserver_asked asked,
					struct recordserver_asked *list, size_t *n)
{
	bool empty = !s->after[asked.wanted - s->wanted][0];
	bool creates = recordtext_find(s->text, RECORDTEXT_CREATE);
	enum recordtext_kind due = RECORDTEXT_CHANGE;

	asked.record = recordserver_first(s, asked.wanted);
	if (creates && (!asked.record || !recordtext_find(s->text, RECORDTEXT_CHANGE)))
		due = RECORDTEXT_CREATE;
	if (asked.record && empty && recordtext_find(s->text, RECORDTEXT_REMOVE))
		due = RECORDTEXT_REMOVE;
	if (asked.call->kind == due)
		recordserver_may(list, n, asked);
}

static inline void recordserver_may_write(struct recordserver *s, struct recordserver_asked asked,
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
			recordserver_may(list, n, asked);
		for (size_t k = 0; asked.call->kind == RECORDTEXT_CHANGE && k < s->n; k++) {
			asked.record = &s->list[k];
			if (recordserver_is(asked.record, asked.wanted))
				recordserver_may(list, n, asked);
		}
	}
	/* what is to be there is there before anything goes */
	for (size_t k = 0; removes && missing == 0 && k < s->n; k++) {
		asked.record = &s->list[k];
		asked.ip = s->list[k].addr;
		if (recordserver_is(asked.record, asked.wanted))
			recordserver_may(list, n, asked);
	}
}

/* Lists what can be asked for now; how many. */
static inline size_t recordserver_all(struct recordserver *s, struct recordserver_asked *list)
{
	size_t n = 0;

	for (size_t i = 0; i < s->text->n_calls * s->n_wanted; i++) {
		struct recordserver_asked asked = {.call = &s->text->calls[i / s->n_wanted],
						   .wanted = &s->wanted[i % s->n_wanted]};

		for (asked.page = 1; asked.page <= (s->paged ? 2 : 1); asked.page++) {
			if (asked.call->kind == RECORDTEXT_ZONE)
				recordserver_may_zone(s, asked, list, &n);
			else if (asked.call->kind < RECORDTEXT_CREATE ||
				 asked.call->kind > RECORDTEXT_REMOVE)
				recordserver_may(list, &n, asked);
		}
		asked.page = 1;
		if (asked.call->kind < RECORDTEXT_CREATE || asked.call->kind > RECORDTEXT_REMOVE)
			continue;
		if (recordserver_sets(s))
			recordserver_may_set(s, asked, list, &n);
		else
			recordserver_may_write(s, asked, list, &n);
	}
	return n;
}

static inline void recordserver_strange(struct recordserver *s, const char *got,
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
static inline struct recordserver_asked recordserver_read(struct recordserver *s, const char *got)
{
	static struct recordserver_asked list[RECORDSERVER_ASKED];
	const struct recordserver_asked *nearest = NULL;
	size_t n = recordserver_all(s, list), best = 0;

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
	recordserver_strange(s, got, nearest);
	abort();
}

#endif
