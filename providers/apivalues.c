/* SPDX-License-Identifier: MIT */
#include "providers/apivalues.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "providers/apiitems.h"

static void add_separator(const struct apitext *text, struct buf *to)
{
	if (to->len > 0 && text->api->separator != NULL)
		buf_text(to, text->api->separator);
	else if (to->len > 0 && apitext_encoding(text->api, NULL) == SCOPE_ENCODE_JSON)
		buf_text(to, ",");
}

static void add_address(const struct apitext *text, const char *address, struct buf *to)
{
	struct apitext element = *text;

	element.ip = address;
	add_separator(text, to);
	if (apitext_fill(text->api->element, &element, apitext_encoding(text->api, NULL), to) < 0)
		to->failed = true;
}

/* As it came, where it came in the language that it is sent in. */
static void add_found(const struct apitext *text, const json_t *element, struct buf *to)
{
	char *json;

	if (apitext_is_xml(text->api) || text->api->separator != NULL ||
	    apitext_encoding(text->api, NULL) != SCOPE_ENCODE_JSON) {
		add_address(text, apiitems_value(text, element).text, to);
		return;
	}
	add_separator(text, to);
	json = json_dumps(element, JSON_COMPACT | JSON_ENCODE_ANY);
	if (json != NULL)
		buf_text(to, json);
	else
		to->failed = true;
	free(json);
}

/* One that is not in use gives way to the same one in use. */
static bool stays(const struct apitext *text, const json_t *element, const struct apiset *set)
{
	struct span value = apiitems_value(text, element);

	if (!apiitems_is_off(text, element))
		return apiset_stays(set, text->wanted, value);
	for (size_t i = 0; i < text->wanted->n_addrs; i++)
		if (span_is(value, text->wanted->addrs[i]))
			return false;
	return true;
}

size_t apivalues_add(const struct apitext *text, const struct json_t *json,
		     const struct apiset *set, struct buf *to)
{
	struct apiitems elements = {0};

	if (json != NULL)
		(void)apiitems_look(text, json, text->api->list, &elements);
	for (size_t i = 0; i < elements.n; i++) {
		const json_t *element = apiitems_at(&elements, i);

		if (stays(text, element, set))
			add_found(text, element, to);
	}
	for (size_t i = 0; i < text->wanted->n_addrs; i++)
		if (!apiset_has(set, text->wanted->addrs[i]))
			add_address(text, text->wanted->addrs[i], to);
	return elements.n;
}

void apivalues_add_found(const struct apitext *text, const struct json_t *json, struct buf *to)
{
	struct apiitems elements;

	(void)apiitems_look(text, json, text->api->list, &elements);
	for (size_t i = 0; i < elements.n; i++)
		add_found(text, apiitems_at(&elements, i), to);
}

void apivalues_add_one(const struct apitext *text, struct buf *to)
{
	add_address(text, text->ip, to);
}
