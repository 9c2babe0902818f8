/* SPDX-License-Identifier: MIT */
/* What the provider made of a short transcript does and answers. */
#ifndef TESTS_UNIT_RECORDREPLY_H
#define TESTS_UNIT_RECORDREPLY_H

#include "tests/unit/recordserver.h"

struct recordreply {
	int status;
	struct buf body;
};

static inline bool recordreply_asks(const struct recordtext_call *call, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = call->request; (at = strchr(at, '{')); at++)
		if (strncmp(at + 1, word, len) == 0 && strchr("%}:", at[1 + len]) &&
		    recordview_brace(at) > 0)
			return true;
	return false;
}

static inline void recordreply_fill(const struct recordtext_reply *from,
				    const struct recordview *view, struct recordreply *ret)
{
	ret->status = from->status;
	recordview_fill(view, from->body, &ret->body);
}

static inline void recordreply_item(const char *template, const struct recordview *view,
				    struct buf *items)
{
	if (items->len > 0 && template[0] != '<')
		buf_text(items, ",");
	recordview_fill(view, template, items);
}

/* Others' records, which no search should have found. */
static inline unsigned recordreply_others(const struct recordserver_asked *asked, unsigned n,
					  struct buf *items)
{
	const char *item = asked->call->item;
	struct recordview view = {
		.name = "other." RECORDSERVER_ZONE,
		.zone = RECORDSERVER_ZONE,
		.type = recordserver_type(asked->wanted->name, asked->wanted->type),
		.ip = asked->wanted->type ? "2001:db8::77" : "192.0.2.77",
		.kept_ttl = 5};
	struct buf value;
	bool named = strstr(item, "{name") || strstr(item, "{sub") || strstr(item, "{at");

	if (!named || strcmp(asked->call->list.body, "{items}") == 0)
		return 0;
	buf_init(&value, REPLY_BODY_MAX);
	if (asked->call->value)
		recordview_fill(&view, asked->call->value, &value);
	view.values = value.text;
	for (unsigned i = 0; i < n; i++) {
		view.id = 1001 + i;
		recordreply_item(item, &view, items);
	}
	buf_done(&value);
	return n;
}

/* One of the name that is of another type. */
static inline unsigned recordreply_text(const struct recordserver_asked *asked, struct buf *items)
{
	const struct recordview view = {.name = asked->wanted->name,
					.zone = RECORDSERVER_ZONE,
					.type = "TXT",
					.ip = "a text",
					.id = 1000,
					.kept_ttl = 5};

	if (!strstr(asked->call->item, "{type") || asked->call->value ||
	    strcmp(asked->call->list.body, "{items}") == 0)
		return 0;
	recordreply_item(asked->call->item, &view, items);
	return 1;
}

static inline bool recordreply_first_of_set(struct recordserver *s, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if ((s->list[i].type == s->list[at].type || recordserver_joint(s)) &&
		    strcmp(s->list[i].name, s->list[at].name) == 0)
			return false;
	return true;
}

/* What is there, as far as it was asked for. */
static inline unsigned recordreply_own(struct recordserver *s,
				       const struct recordserver_asked *asked, struct buf *items)
{
	bool by_type =
		recordreply_asks(asked->call, "type") || recordreply_asks(asked->call, "ipv4");
	bool by_name = recordreply_asks(asked->call, "name") ||
		       recordreply_asks(asked->call, "sub") || recordreply_asks(asked->call, "at");
	unsigned n = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct recordserver_record *record = &s->list[i];
		struct wanted of = {.name = record->name, .type = record->type};
		struct recordview view = {.name = record->name,
					  .zone = recordserver_zone(s, &of),
					  .type = recordserver_type(record->name, record->type),
					  .ip = record->addr,
					  .id = record->id,
					  .owner = record->marked ? s->owner : NULL,
					  .kept_ttl = record->ttl};
		struct buf values;

		if ((by_type && strcmp(view.type, recordserver_type(asked->wanted->name,
								    asked->wanted->type)) != 0) ||
		    (by_name && strcmp(record->name, asked->wanted->name) != 0) ||
		    (asked->call->value && !recordreply_first_of_set(s, i)))
			continue;
		buf_init(&values, REPLY_BODY_MAX);
		if (asked->call->value)
			recordserver_list(s, &of, &values);
		view.values = values.text;
		recordreply_item(asked->call->item, &view, items);
		buf_done(&values);
		n++;
	}
	return n;
}

static inline void recordreply_found(struct recordserver *s, const struct recordserver_asked *asked,
				     struct recordreply *ret)
{
	const struct recordtext_call *call = asked->call;
	bool paged = s->paged && call->more.body, first = paged && asked->page == 1;
	struct recordview view = {
		.name = asked->wanted->name,
		.zone = recordserver_zone(s, asked->wanted),
		.type = recordserver_type(asked->wanted->name, asked->wanted->type),
		.page = asked->page,
		.pages = paged ? 2 : 1};
	struct buf items, here;
	unsigned own;

	buf_init(&items, REPLY_BODY_MAX);
	buf_init(&here, REPLY_BODY_MAX);
	if (paged)
		view.total = recordreply_others(asked, call->size ? call->size : 2, &items);
	if (!first)
		buf_cut(&items, 0);
	if (!paged)
		view.total = recordreply_others(asked, 1, &items);
	view.total += recordreply_text(asked, first ? &here : &items);
	own = recordreply_own(s, asked, first ? &here : &items);
	view.total += own;
	buf_done(&here);
	view.items = items.text;
	if (own == 0 && !first && call->none.body)
		recordreply_fill(&call->none, &view, ret);
	else
		recordreply_fill(first ? &call->more : &call->list, &view, ret);
	buf_done(&items);
}

static inline void recordreply_read(struct recordserver *s, const struct recordserver_asked *asked,
				    struct recordreply *ret)
{
	const struct recordserver_record *record = asked->record;
	const struct recordview view = {.name = record->name,
					.zone = recordserver_zone(s, asked->wanted),
					.type = recordserver_type(record->name, record->type),
					.ip = record->addr,
					.id = record->id,
					.kept_ttl = record->ttl};

	recordreply_fill(&asked->call->reply, &view, ret);
}

static inline void recordreply_zone(struct recordserver *s, const struct recordserver_asked *asked,
				    struct recordreply *ret)
{
	const struct recordtext_call *call = asked->call;
	bool first = s->paged && call->more.body && asked->page == 1;
	bool is = s->zone[0] &&
		  (!recordreply_asks(call, "zone") || strcmp(asked->zone, s->zone) == 0);
	bool has = is && !first;
	struct recordview view = {.name = has ? s->zone : asked->zone,
				  .zone = has ? s->zone : asked->zone,
				  .page = asked->page,
				  .pages = s->paged && call->more.body ? 2 : 1,
				  .total = (s->paged ? (call->size ? call->size : 2) : 1) + is};
	unsigned others = first ? call->size ? call->size : 2 : !s->paged;
	struct recordview other = {.zone = "other.example", .zone_id = 7002};
	struct recordserver_asked found = *asked;
	struct buf items;

	found.call = recordtext_find(s->text, RECORDTEXT_FIND);
	if (has && !call->item && !call->has.body) {
		recordreply_found(s, &found, ret);
		return;
	}
	buf_init(&items, REPLY_BODY_MAX);
	for (unsigned i = 0; call->item && i < others; i++)
		recordreply_item(call->item, &other, &items);
	if (call->item && has)
		recordreply_item(call->item, &view, &items);
	view.items = items.text;
	if (call->item && (has || !call->none.body))
		recordreply_fill(first ? &call->more : &call->list, &view, ret);
	else
		recordreply_fill(has ? &call->has : first ? &call->more : &call->none, &view, ret);
	buf_done(&items);
}

/* Of both types in one set, what stays does so in its place. */
static inline void recordreply_apply_set(struct recordserver *s, const struct wanted *wanted,
					 unsigned ttl)
{
	for (size_t i = s->n; i-- > 0;)
		if (recordserver_is(&s->list[i], wanted) &&
		    !(recordserver_joint(s) && recordserver_stays(s, &s->list[i], wanted)))
			recordserver_drop(s, &s->list[i]);
	for (const char *const *after = s->after[wanted - s->wanted]; *after; after++)
		if (!recordserver_holds(s, wanted, *after))
			recordserver_add(s, wanted, *after, ttl);
}

/* Does what a write asks for. */
static inline void recordreply_apply(struct recordserver *s, const struct recordserver_asked *asked)
{
	const struct wanted *wanted = asked->wanted;
	unsigned kept = recordserver_kept_ttl(s, asked);
	unsigned ttl = recordserver_ttl(asked) ? recordserver_ttl(asked) : kept;

	if (!recordserver_sets(s) && asked->call->kind == RECORDTEXT_CREATE) {
		recordserver_add(s, wanted, asked->ip, ttl ? ttl : RECORDSERVER_TTL);
		s->list[s->n - 1].marked = s->owner != NULL;
	} else if (!recordserver_sets(s) && asked->call->kind == RECORDTEXT_CHANGE) {
		(void)snprintf(asked->record->addr, sizeof(asked->record->addr), "%s", asked->ip);
	} else if (!recordserver_sets(s)) {
		recordserver_drop(s, asked->record);
	} else {
		recordreply_apply_set(s, wanted, ttl ? ttl : RECORDSERVER_TTL);
	}
}

static inline void recordreply_written(struct recordserver *s,
				       const struct recordserver_asked *asked,
				       struct recordreply *ret)
{
	const struct recordtext_call *call = asked->call;
	struct recordview view = {
		.name = asked->wanted->name,
		.zone = recordserver_zone(s, asked->wanted),
		.type = recordserver_type(asked->wanted->name, asked->wanted->type),
		.ip = asked->ip,
		.id = asked->record ? asked->record->id : 101 + s->next_id,
		.kept_ttl = asked->call->ttl};
	bool runs = s->slow && call->runs.body;

	recordreply_fill(runs ? &call->runs : &call->reply, &view, ret);
	s->n_running += runs;
	recordreply_apply(s, asked);
}

/* Does what is asked for, and answers. */
static inline void recordreply_make(struct recordserver *s, const struct recordserver_asked *asked,
				    struct recordreply *ret)
{
	const struct recordtext_call *call = asked->call;
	const struct recordview view = {
		.name = asked->wanted->name,
		.zone = recordserver_zone(s, asked->wanted),
		.type = recordserver_type(asked->wanted->name, asked->wanted->type)};
	bool runs = call->runs.body && s->n_running > 0;

	s->counts[call->kind]++;
	switch (call->kind) {
	case RECORDTEXT_ZONE:
		recordreply_zone(s, asked, ret);
		break;
	case RECORDTEXT_FIND:
		recordreply_found(s, asked, ret);
		break;
	case RECORDTEXT_READ:
		recordreply_read(s, asked, ret);
		break;
	case RECORDTEXT_CREATE:
	case RECORDTEXT_CHANGE:
	case RECORDTEXT_REMOVE:
		recordreply_written(s, asked, ret);
		break;
	case RECORDTEXT_LOGIN:
	case RECORDTEXT_COMMIT:
	case RECORDTEXT_ACTION:
		s->n_running -= runs;
		recordreply_fill(runs ? &call->runs : &call->reply, &view, ret);
		break;
	}
}

#endif
