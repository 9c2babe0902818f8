/* SPDX-License-Identifier: MIT */
#include "providers/pointer.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_DIGITS_MAX 5

/* -1: it is no index of an array. */
static int index_of(const char *text)
{
	int index = 0;
	size_t len = 0;

	for (; text[len] >= '0' && text[len] <= '9' && len < INDEX_DIGITS_MAX; len++)
		index = index * 10 + (text[len] - '0');
	return len > 0 && text[len] == '\0' ? index : -1;
}

/* The member of an object or element of an array that a token names. */
static const json_t *descend(const json_t *json, struct span token)
{
	char key[POINTER_MAX];
	size_t n = 0;
	int index;

	for (size_t i = 0; i < token.len; i++) {
		bool escaped = token.text[i] == '~' && i + 1 < token.len;

		if (escaped)
			i++;
		key[n++] = (char)(!escaped ? token.text[i] : token.text[i] == '1' ? '/' : '~');
	}
	key[n] = '\0';
	if (!json_is_array(json))
		return json_object_get(json, key);
	index = index_of(key);
	return index >= 0 ? json_array_get(json, (size_t)index) : NULL;
}

const struct json_t *pointer_find(const struct json_t *json, struct span pointer)
{
	if (pointer.len >= POINTER_MAX)
		return NULL;
	while (json != NULL && pointer.len > 0) {
		struct span token = {pointer.text + 1, 0};

		pointer.text++;
		pointer.len--;
		while (token.len < pointer.len && token.text[token.len] != '/')
			token.len++;
		json = descend(json, token);
		pointer.text += token.len;
		pointer.len -= token.len;
	}
	return json;
}

const struct json_t *pointer_at(const struct json_t *json, const char *pointer)
{
	return pointer_find(json, (struct span){pointer, strlen(pointer)});
}

bool pointer_text(const struct json_t *json, char number[static POINTER_TEXT_MAX], struct span *ret)
{
	const char *word = number;

	switch (json_typeof(json)) {
	case JSON_STRING:
		*ret = (struct span){json_string_value(json), json_string_length(json)};
		return true;
	case JSON_INTEGER:
		(void)snprintf(number, POINTER_TEXT_MAX, "%" JSON_INTEGER_FORMAT,
			       json_integer_value(json));
		break;
	case JSON_REAL:
		(void)snprintf(number, POINTER_TEXT_MAX, "%g", json_real_value(json));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		word = json_is_true(json) ? "true" : "false";
		break;
	case JSON_NULL:
		word = "null";
		break;
	case JSON_OBJECT:
	case JSON_ARRAY:
		return false;
	}
	*ret = (struct span){word, strlen(word)};
	return true;
}

int pointer_set(struct json_t *json, const char *pointer, struct json_t *value)
{
	const char *slash = strrchr(pointer, '/');
	const json_t *found;
	json_t *parent;

	if (slash == NULL || pointer_at(json, pointer) == NULL) {
		json_decref(value);
		return -EINVAL;
	}
	found = pointer_find(json, (struct span){pointer, (size_t)(slash - pointer)});
	memcpy(&parent, &found, sizeof(parent)); /* a part of what is ours to change */
	if (json_is_array(parent))
		return json_array_set_new(parent, (size_t)strtoul(slash + 1, NULL, 10), value);
	return json_object_set_new(parent, slash + 1, value);
}
