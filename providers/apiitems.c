/* SPDX-License-Identifier: MIT */
#include "providers/apiitems.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "providers/pointer.h"

#define DIGITS_MAX 9

const struct json_t *apiitems_member(const struct apitext *text, const struct json_t *json,
				     const char *pointer)
{
	const json_t *member = NULL;
	struct buf filled;

	if (strchr(pointer, '{') == NULL)
		return pointer_at(json, pointer);
	buf_init(&filled, POINTER_MAX);
	if (apitext_fill(pointer, text, SCOPE_ENCODE_NONE, &filled) == 0 && !filled.failed &&
	    filled.len > 0)
		member = pointer_at(json, filled.text);
	buf_done(&filled);
	return member;
}

bool apiitems_text(const struct apitext *text, const struct json_t *json, const char *pointer,
		   char number[static POINTER_TEXT_MAX], struct span *ret)
{
	const json_t *member = apiitems_member(text, json, pointer);

	return (json_is_string(member) || json_is_integer(member)) &&
	       pointer_text(member, number, ret);
}

unsigned apiitems_number(const struct apitext *text, const struct json_t *json, const char *pointer)
{
	const json_t *member = pointer != NULL ? apiitems_member(text, json, pointer) : NULL;
	json_int_t number = json_integer_value(member);
	const char *digits = json_string_value(member);

	if (digits != NULL && strlen(digits) <= DIGITS_MAX)
		for (; *digits >= '0' && *digits <= '9'; digits++)
			number = number * 10 + (*digits - '0');
	return number > 0 && number <= INT32_MAX ? (unsigned)number : 0;
}

/* A whole reply of another kind, such as {} or an error, is no list. */
static bool is_members(const json_t *list, bool whole)
{
	const char *key;
	json_t *object, *member;

	if (!json_is_object(list) || (whole && json_object_size(list) == 0))
		return false;
	/* what is looked at is not changed */
	memcpy(&object, &list, sizeof(object));
	json_object_foreach(object, key, member) if (!json_is_object(member)) return false;
	return true;
}

static bool is_empty_text(const json_t *json)
{
	return json_is_string(json) && json_string_length(json) == 0;
}

/* In XML a list of none is nothing, in an element that is empty. */
static bool is_in_empty(const struct apitext *text, const json_t *json, const char *pointer)
{
	const char *slash = strrchr(pointer, '/');
	char parent[POINTER_MAX];

	if (json == NULL || slash == NULL || slash == pointer)
		return false;
	(void)snprintf(parent, sizeof(parent), "%.*s", (int)(slash - pointer), pointer);
	return is_empty_text(apiitems_member(text, json, parent));
}

/* Of several pointers the first that is a list, else the first that is there. */
static struct span choose_list(const struct apitext *text, const json_t *json, const char *pointers)
{
	struct span rest = {pointers, strlen(pointers)}, there = {pointers, 0};
	bool found = false;

	while (rest.len > 0) {
		struct span pointer = span_take_word(&rest, " ");
		char at[POINTER_MAX];
		const json_t *list;

		(void)snprintf(at, sizeof(at), "%.*s", (int)pointer.len, pointer.text);
		list = apiitems_member(text, json, at);
		if (json_is_array(list) || is_members(list, false))
			return pointer;
		if (there.len == 0 || (list != NULL && !found))
			there = pointer;
		found |= list != NULL;
	}
	return there;
}

int apiitems_look(const struct apitext *text, const struct json_t *json, const char *pointer,
		  struct apiitems *ret)
{
	bool xml = apitext_is_xml(text->api);
	const json_t *list = json;
	char chosen[POINTER_MAX];

	if (pointer != NULL && strchr(pointer, ' ') != NULL) {
		struct span one = choose_list(text, json, pointer);

		(void)snprintf(chosen, sizeof(chosen), "%.*s", (int)one.len, one.text);
		pointer = chosen;
	}
	if (pointer != NULL)
		list = apiitems_member(text, json, pointer);
	*ret = (struct apiitems){APIITEMS_ONE, list, 1};
	if (pointer == NULL)
		return 0;
	if (json_is_array(list)) {
		ret->shape = APIITEMS_ARRAY;
		ret->n = json_array_size(list);
	} else if (!xml && is_members(list, pointer[0] == '\0')) {
		ret->shape = APIITEMS_MEMBERS;
		ret->n = json_object_size(list);
	} else if (pointer == text->api->list && json_string_length(list) > 0) {
		ret->n = 1; /* the only address of a set is no list with some */
	} else if (list == NULL || json_is_null(list) || (xml && is_empty_text(list))) {
		ret->n = 0;
		if (json == NULL || (list == NULL && !text->api->absent_is_none &&
				     !(xml && is_in_empty(text, json, pointer))))
			return -EBADMSG;
	} else if (!xml) {
		return -EBADMSG;
	}
	return 0;
}

const struct json_t *apiitems_at(const struct apiitems *items, size_t i)
{
	json_t *object;
	void *member;

	switch (items->shape) {
	case APIITEMS_ARRAY:
		return json_array_get(items->json, i);
	case APIITEMS_ONE:
		return items->json;
	case APIITEMS_MEMBERS:
		break;
	}
	/* what is looked at is not changed */
	memcpy(&object, &items->json, sizeof(object));
	member = json_object_iter(object);
	while (i-- > 0)
		member = json_object_iter_next(object, member);
	return json_object_iter_value(member);
}

struct span apiitems_value(const struct apitext *text, const struct json_t *element)
{
	const json_t *value = apiitems_member(text, element, text->api->value);

	return (struct span){json_string_value(value), json_string_length(value)};
}

bool apiitems_is_true(const struct apitext *text, const struct json_t *json, const char *pointer)
{
	const json_t *member = pointer != NULL ? apiitems_member(text, json, pointer) : NULL;
	const char *word = json_string_value(member);

	/* in XML it is a word; what is told of it says that it is so, too */
	return json_is_true(member) || json_object_size(member) > 0 ||
	       (word != NULL && strcmp(word, "true") == 0);
}

static bool is_no(const struct apitext *text, const struct json_t *json, const char *pointer)
{
	static const char *const words[] = {"0", "false", "disable", "disabled"};
	const json_t *member = pointer != NULL ? apiitems_member(text, json, pointer) : NULL;
	const char *word = json_string_value(member);
	bool no = json_is_false(member) ||
		  (json_is_integer(member) && json_integer_value(member) == 0);

	for (size_t i = 0; word != NULL && i < sizeof(words) / sizeof(words[0]); i++)
		no |= strcasecmp(word, words[i]) == 0;
	return no;
}

bool apiitems_is_off(const struct apitext *text, const struct json_t *element)
{
	return apiitems_is_true(text, element, text->api->off) ||
	       is_no(text, element, text->api->on);
}
