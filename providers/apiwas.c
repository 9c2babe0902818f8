/* SPDX-License-Identifier: MIT */
#include "providers/apiwas.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "providers/pointer.h"

#define VALUE_MAX 1024

static int add_json(const json_t *json, struct buf *to)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text == NULL)
		return -EINVAL;
	buf_text(to, text);
	free(text);
	return json_is_null(json) ? 1 : 0;
}

static int add_plain(const json_t *json, enum scope_encoding encoding, struct buf *to)
{
	char number[POINTER_TEXT_MAX], value[VALUE_MAX];
	struct span span;

	if (json_is_null(json))
		return -ENOENT;
	if (!pointer_text(json, number, &span) || span.len >= sizeof(value) ||
	    memchr(span.text, '\0', span.len) != NULL)
		return -EINVAL;
	memcpy(value, span.text, span.len);
	value[span.len] = '\0';
	return scope_add_text(value, encoding, to);
}

int apiwas_add(const struct apitext *text, struct span pointer, enum scope_encoding encoding,
	       struct buf *to)
{
	json_t *was = json_loads(text->was, JSON_DECODE_ANY, NULL);
	const json_t *member = was != NULL ? pointer_find(was, pointer) : NULL;
	int rc = -ENOENT;

	if (member != NULL)
		rc = encoding == SCOPE_ENCODE_JSON ? add_json(member, to)
						   : add_plain(member, encoding, to);
	json_decref(was);
	return rc;
}

int apiwas_add_record(const struct apitext *text, struct buf *to)
{
	const struct recordapi *api = text->api;
	json_t *was = json_loads(text->was, 0, NULL);
	int rc = -EINVAL;

	if (was != NULL && text->ip != NULL)
		rc = pointer_set(was, api->value, json_string(text->ip));
	if (rc == 0 && text->ttl > 0 && api->set_ttl != NULL)
		rc = pointer_set(was, api->set_ttl,
				 json_is_string(pointer_at(was, api->set_ttl))
					 ? json_sprintf("%u", text->ttl)
					 : json_integer(text->ttl));
	if (rc == 0)
		rc = add_json(was, to);
	json_decref(was);
	return rc < 0 ? -EINVAL : 0;
}
