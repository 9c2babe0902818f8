/* SPDX-License-Identifier: MIT */
#include "providers/apipages.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "providers/apiitems.h"
#include "providers/pointer.h"

static bool has_more(const struct recordapi_pages *pages, const struct apitext *text,
		     const json_t *json, size_t n)
{
	const json_t *more = pages->more != NULL ? apiitems_member(text, json, pages->more) : NULL;

	if (json_string_length(more) > 0 || json_is_true(more) ||
	    apiitems_number(text, more, "") > text->page)
		return true;
	return n > 0 && ((pages->size > 0 && n >= pages->size) ||
			 apiitems_number(text, json, pages->total) > text->offset + n);
}

/* 1: there is one. */
static int take_cursor(const struct recordapi_pages *pages, const struct apitext *text,
		       const json_t *json, struct apikeep *keep)
{
	static const struct span name = {"cursor", 6};
	char number[POINTER_TEXT_MAX];
	struct span cursor;

	apikeep_forget(keep, APIKEEP_PAGE);
	if (pages->cursor == NULL || !apiitems_text(text, json, pages->cursor, number, &cursor) ||
	    cursor.len == 0)
		return 0;
	if (memchr(cursor.text, '\0', cursor.len) != NULL)
		return -EBADMSG;
	return apikeep_put(keep, APIKEEP_PAGE, 0, name, cursor) < 0 ? -ENOSPC : 1;
}

void apipages_begin(const struct apitalk *t)
{
	t->state->page = 1;
	t->state->n_items = 0;
	apikeep_forget(&t->state->keep, APIKEEP_PAGE);
}

int apipages_go_on(const struct apitalk *t, const struct recordapi_pages *pages, const char *list,
		   const struct json_t *json)
{
	const struct apitext text = apitalk_text(t);
	struct apiitems items = {0};
	int rc;

	if (apiitems_look(&text, json, list, &items) < 0)
		return -EBADMSG;
	rc = take_cursor(pages, &text, json, &t->state->keep);
	if (rc < 0 || (rc == 0 && !has_more(pages, &text, json, items.n)))
		return rc;
	if (t->state->page++ == APITALK_PAGES_MAX)
		return -ENOSPC;
	t->state->n_items += (unsigned)items.n;
	return 1;
}
