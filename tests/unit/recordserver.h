/* SPDX-License-Identifier: MIT */
/* A provider made of a short transcript: the records it holds, and what a request about them looks
 * like to the byte. */
#ifndef TESTS_UNIT_RECORDSERVER_H
#define TESTS_UNIT_RECORDSERVER_H

#include "tests/unit/recordview.h"

#define RECORDSERVER_ZONE   "example.org"
#define RECORDSERVER_MAX    32
#define RECORDSERVER_WANTED 8
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
	const struct wanted *marks[RECORDSERVER_WANTED];              /* whose mark each is */
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

/* Owners' marks are TXT records below their names. */
static inline const char *recordserver_type(const char *name, enum record_type type)
{
	return strncmp(name, "_nlddns", 7) == 0 ? "TXT" : provider_type_name(type);
}

static inline bool recordserver_is(const struct recordserver_record *record,
				   const struct wanted *wanted)
{
	return record->type == wanted->type && strcmp(record->name, wanted->name) == 0;
}

static inline bool recordserver_joint(const struct recordserver *s)
{
	return recordtext_find(s->text, RECORDTEXT_FIND)->joint;
}

/* Whether it is, or is in the same set. */
static inline bool recordserver_beside(const struct recordserver *s,
				       const struct recordserver_record *record,
				       const struct wanted *wanted)
{
	return recordserver_is(record, wanted) ||
	       (recordserver_joint(s) && strcmp(record->name, wanted->name) == 0);
}

/* The first that is of that name and type, or in the same set. */
static inline struct recordserver_record *recordserver_first(struct recordserver *s,
							     const struct wanted *wanted)
{
	for (size_t i = 0; i < s->n; i++)
		if (recordserver_beside(s, &s->list[i], wanted))
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

/* Whether it is there before the addresses of its name, and they are not behind it. */
static inline bool recordserver_is_timely(struct recordserver *s,
					  const struct recordserver_asked *asked)
{
	bool removes = asked->call->kind == RECORDTEXT_REMOVE;

	for (size_t i = 0; i < s->n_wanted; i++) {
		const struct wanted *mark = &s->wanted[i], *of = s->marks[i];

		if (!of)
			continue;
		if (mark == asked->wanted && removes)
			for (size_t k = 0; k < s->n; k++)
				if (strcmp(s->list[k].name, of->name) == 0)
					return false;
		if (strcmp(asked->wanted->name, of->name) == 0 && !removes && s->after[i][0] &&
		    !recordserver_first(s, mark))
			return false;
	}
	return true;
}

/* Whether a write leaves it in its place in the set. */
static inline bool recordserver_stays(const struct recordserver *s,
				      const struct recordserver_record *record,
				      const struct wanted *wanted)
{
	const char *const *after = s->after[wanted - s->wanted];

	if (!recordserver_is(record, wanted))
		return recordserver_beside(s, record, wanted);
	while (*after && strcasecmp(*after, record->addr) != 0)
		after++;
	return *after;
}

/* Whether its set will have any. */
static inline bool recordserver_left(const struct recordserver *s, const struct wanted *wanted)
{
	bool left = s->after[wanted - s->wanted][0];

	for (size_t i = 0; i < s->n; i++)
		left |= s->list[i].type != wanted->type &&
			recordserver_beside(s, &s->list[i], wanted);
	return left;
}

/* One more element of a set. */
static inline void recordserver_element(struct recordserver *s, const struct recordtext_call *call,
					const char *template, const struct recordview *view,
					struct buf *to)
{
	const struct recordtext_call *find = recordtext_find(s->text, RECORDTEXT_FIND);
	const char *between = call->between ? call->between : find->between;

	if (to->len > 0)
		buf_text(to, between ? between : template[0] == '<' ? "" : ",");
	recordview_fill(view, template, to);
}

static inline struct recordview recordserver_view(const struct recordserver *s,
						  const struct wanted *wanted, const char *addr,
						  unsigned ttl)
{
	return (struct recordview){.name = wanted->name,
				   .zone = recordserver_zone(s, wanted),
				   .type = recordserver_type(wanted->name, wanted->type),
				   .ip = addr,
				   .kept_ttl = ttl};
}

/* The elements of a set as it is. */
static inline void recordserver_list(struct recordserver *s, const struct wanted *wanted,
				     struct buf *to)
{
	const struct recordtext_call *find = recordtext_find(s->text, RECORDTEXT_FIND);

	for (size_t i = 0; i < s->n; i++) {
		const struct recordserver_record *record = &s->list[i];
		struct recordview view = recordserver_view(s, wanted, record->addr, record->ttl);

		if (recordserver_beside(s, record, wanted))
			recordserver_element(s, find, find->value, &view, to);
	}
}

/* The one that is configured; what goes is told as it is. */
static inline unsigned recordserver_ttl(const struct recordserver_asked *asked)
{
	unsigned ttl = asked->call->kind == RECORDTEXT_REMOVE ? 0 : asked->wanted->ttl;

	return ttl > 0 && ttl < asked->call->least ? asked->call->least : ttl;
}

/* As it is to be: what was there goes back as it came. */
static inline void recordserver_values(struct recordserver *s,
				       const struct recordserver_asked *asked, struct buf *to)
{
	const struct recordtext_call *call = asked->call;
	const char *found = recordtext_find(s->text, RECORDTEXT_FIND)->value;
	const char *const *after = s->after[asked->wanted - s->wanted];
	unsigned ttl = asked->record ? asked->record->ttl : call->ttl;

	for (size_t i = 0; recordserver_joint(s) && i < s->n; i++) {
		struct recordview view =
			recordserver_view(s, asked->wanted, s->list[i].addr, s->list[i].ttl);

		if (recordserver_stays(s, &s->list[i], asked->wanted))
			recordserver_element(s, call, found, &view, to);
	}
	for (; *after; after++) {
		struct recordview view = recordserver_view(s, asked->wanted, *after, ttl);
		bool new = !recordserver_holds(s, asked->wanted, *after);

		if (!new &&recordserver_joint(s))
			continue;
		if (new)
			view.ttl = recordserver_ttl(asked);
		recordserver_element(s, call, call->value && new ? call->value : found, &view, to);
	}
}

/* The TTL of what cannot be changed, and is created anew. */
static inline unsigned recordserver_kept_ttl(struct recordserver *s,
					     const struct recordserver_asked *asked)
{
	const struct recordtext_call *find = recordtext_find(s->text, RECORDTEXT_FIND);
	const char *const *after = s->after[asked->wanted - s->wanted];
	bool creates = asked->call->kind == RECORDTEXT_CREATE && strstr(find->item, "{ttl}") &&
		       !recordtext_find(s->text, RECORDTEXT_CHANGE);

	for (size_t i = 0; creates && !recordserver_sets(s) && i < s->n; i++) {
		bool stays = !recordserver_is(&s->list[i], asked->wanted);

		for (size_t k = 0; after[k]; k++)
			stays |= strcasecmp(after[k], s->list[i].addr) == 0;
		if (!stays)
			return s->list[i].ttl;
	}
	return asked->call->ttl;
}

/* What the placeholders of a request stand for. */
static inline void recordserver_request(struct recordserver *s,
					const struct recordserver_asked *asked, struct buf *to)
{
	const struct recordtext_call *find = recordtext_find(s->text, RECORDTEXT_FIND);
	struct recordview view = {
		.name = asked->wanted->name,
		.zone = asked->zone ? asked->zone : recordserver_zone(s, asked->wanted),
		.type = recordserver_type(asked->wanted->name, asked->wanted->type),
		.ip = asked->ip,
		.page = asked->page,
		.ttl = recordserver_ttl(asked),
		.kept_ttl = recordserver_kept_ttl(s, asked),
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
		recordserver_values(s, asked, &values);
	view.item = item.text;
	view.values = values.text;
	recordview_fill(&view, asked->call->request, to);
	buf_done(&values);
	buf_done(&item);
}

#endif
