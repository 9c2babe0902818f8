/* SPDX-License-Identifier: MIT */
/* Templates of short transcripts (tests/records/README), filled in. */
#ifndef TESTS_UNIT_RECORDVIEW_H
#define TESTS_UNIT_RECORDVIEW_H

#include "providers/buf.h"
#include "tests/unit/recordtext.h"

/* What placeholders stand for; NULL and 0: nothing. */
struct recordview {
	const char *name, *zone, *type, *ip, *old;
	const char *values, *items, *item, *owner;
	unsigned id, zone_id, ttl, kept_ttl, page, pages, total, size;
};

static inline void recordview_number(unsigned number, struct buf *to)
{
	if (number > 0)
		buf_printf(to, "%u", number);
}

static inline void recordview_sub(const struct recordview *view, const char *apex, struct buf *to)
{
	size_t zone = view->zone ? strlen(view->zone) : 0;
	size_t name = view->name ? strlen(view->name) : 0;

	if (name > zone)
		buf_add(to, view->name, name - zone - 1);
	else
		buf_text(to, apex);
}

/* Of a page after the first. */
static inline void recordview_offset(const struct recordview *view, struct buf *to)
{
	buf_printf(to, "%u", view->page > 1 ? (view->size > 0 ? view->size : 2) : 0);
}

static inline bool recordview_texts(const struct recordview *view, struct span word, struct buf *to)
{
	const struct {
		const char *word, *text;
	} rows[] = {
		{"name", view->name},
		{"zone", view->zone},
		{"type", view->type},
		{"ip", view->ip},
		{"old", view->old},
		{"values", view->values},
		{"items", view->items},
		{"item", view->item},
		{"action", "501"},
		{"owner", view->owner},
		{"cursor", view->page > 1 ? "cursor-2" : NULL},
		{"next-cursor", "cursor-2"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!span_is(word, rows[i].word))
			continue;
		if (rows[i].text)
			buf_text(to, rows[i].text);
		return true;
	}
	return false;
}

/* A list of several addresses; one stands for itself. */
static inline void recordview_one_or_list(const struct recordview *view, struct buf *to)
{
	const char *values = view->values ? view->values : "";
	bool several = strstr(values, "\",\"") != NULL;

	buf_printf(to, "%s%s%s", several ? "[" : "", values, several ? "]" : "");
}

/* What one stands for, or nothing; whether it is known. optional: between < and >. */
static inline bool recordview_one(const struct recordview *view, struct span word, bool optional,
				  struct buf *to)
{
	if (span_is(word, "sub") || span_is(word, "at"))
		recordview_sub(view, word.len == 2 ? "@" : "", to);
	else if (span_is(word, "one-or-list"))
		recordview_one_or_list(view, to);
	else if (span_is(word, "id"))
		recordview_number(view->id, to);
	else if (span_is(word, "zone-id"))
		recordview_number(view->zone_id ? view->zone_id : 7001, to);
	else if (span_is(word, "ttl"))
		recordview_number(view->ttl || optional ? view->ttl : view->kept_ttl, to);
	else if (span_is(word, "page"))
		recordview_number(view->page, to);
	else if (span_is(word, "page0"))
		buf_printf(to, "%u", view->page - 1);
	else if (span_is(word, "offset"))
		recordview_offset(view, to);
	else if (span_is(word, "pages"))
		recordview_number(view->pages, to);
	else if (span_is(word, "total"))
		buf_printf(to, "%u", view->total);
	else
		return recordview_texts(view, word, to);
	return true;
}

/* The length of "{word}", "{word%}" or "{word:TEXT}", or 0. */
static inline size_t recordview_brace(const char *text)
{
	size_t len = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (text[0] != '{' || len == 0)
		return 0;
	len += text[1 + len] == '%';
	if (text[1 + len] == ':' && strncmp(text, "{ipv", 4) == 0)
		len += strcspn(text + 1 + len, "}\"\n");
	return text[1 + len] == '}' ? len + 2 : 0;
}

/* {ipv4:TEXT} and {ipv6:TEXT}: for one type, or nothing. */
static inline bool recordview_typed(const struct recordview *view, struct span word, struct buf *to)
{
	bool six = view->type && strcmp(view->type, "AAAA") == 0;

	if (word.len < 5 || strncmp(word.text, "ipv", 3) != 0 || word.text[4] != ':')
		return false;
	if (view->type && word.text[3] == (six ? '6' : '4'))
		buf_add(to, word.text + 5, word.len - 5);
	return true;
}

/* Appends what "{word}" stands for, and returns whether that is anything. */
static inline bool recordview_place(const struct recordview *view, const char *text, size_t len,
				    bool optional, struct buf *to)
{
	bool encoded = text[len - 2] == '%';
	struct span word = {text + 1, len - 2 - encoded};
	struct buf value;
	bool known, empty;

	buf_init(&value, REPLY_BODY_MAX);
	known = recordview_typed(view, word, &value) ||
		recordview_one(view, word, optional, &value);
	empty = value.len == 0;
	if (!known)
		buf_add(to, text, len);
	else if (!empty && encoded)
		buf_urlencode(to, value.text);
	else if (!empty)
		buf_text(to, value.text);
	buf_done(&value);
	return !empty;
}

/* The length of what stands between < and >, if it may be left out; or 0. */
static inline size_t recordview_bracket(const char *text)
{
	size_t len = text[0] == '<' ? strcspn(text + 1, "<>") : 0;

	if (len == 0 || text[1 + len] != '>' || !strchr(",&\"?/", text[1]) ||
	    !memchr(text + 1, '{', len) || strncmp(text, "<?xml", 5) == 0)
		return 0;
	return len;
}

/* Appends len bytes of a template; whether all its placeholders stand for something. */
static inline bool recordview_piece(const struct recordview *view, const char *text, size_t len,
				    bool optional, struct buf *to)
{
	bool all = true;

	while (len > 0) {
		size_t brace = recordview_brace(text), bracket = recordview_bracket(text);
		size_t n = 1 + strcspn(text + 1, "{<");

		if (brace > 0) {
			n = brace;
			all &= recordview_place(view, text, n, optional, to);
		} else if (bracket > 0) {
			size_t before = to->len;

			n = bracket + 2;
			if (!recordview_piece(view, text + 1, bracket, true, to))
				buf_cut(to, before);
		} else {
			n = n < len ? n : len;
			buf_add(to, text, n);
		}
		text += n;
		len -= n;
	}
	return all;
}

static inline void recordview_fill(const struct recordview *view, const char *template,
				   struct buf *to)
{
	(void)recordview_piece(view, template, strlen(template), false, to);
	assert_false(to->failed);
}

#endif
