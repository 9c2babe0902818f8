/* SPDX-License-Identifier: MIT */
/* The items of a list in a reply, in whatever shape it comes. */
#ifndef PROVIDERS_APIITEMS_H
#define PROVIDERS_APIITEMS_H

#include "providers/apitext.h"
#include "providers/pointer.h"

/* An array; an object whose members are the items; or in XML, where a list of one looks like it,
 * the only item. */
enum apiitems_shape { APIITEMS_ARRAY, APIITEMS_MEMBERS, APIITEMS_ONE };

struct apiitems {
	enum apiitems_shape shape;
	const struct json_t *json;
	size_t n;
};

/* The list at the pointer, or the first of several that is one; NULL: json is the only item.
 * -EBADMSG: it is no list. */
int apiitems_look(const struct apitext *text, const struct json_t *json, const char *pointer,
		  struct apiitems *ret);

const struct json_t *apiitems_at(const struct apiitems *items, size_t i);

/* What is at a pointer, which may have placeholders. NULL: nothing. */
const struct json_t *apiitems_member(const struct apitext *text, const struct json_t *json,
				     const char *pointer);

/* A number, or digits; 0: there is none, or more than INT32_MAX. pointer: or NULL. */
unsigned apiitems_number(const struct apitext *text, const struct json_t *json,
			 const char *pointer);

/* The address in a record or element; empty: there is none. */
struct span apiitems_value(const struct apitext *text, const struct json_t *element);

/* Whether it is true there. pointer: or NULL. */
bool apiitems_is_true(const struct apitext *text, const struct json_t *json, const char *pointer);

/* Whether the element is there but not in use. */
bool apiitems_is_off(const struct apitext *text, const struct json_t *element);

/* The text or whole number at the pointer, in *ret, which may be in `number`. */
bool apiitems_text(const struct apitext *text, const struct json_t *json, const char *pointer,
		   char number[static POINTER_TEXT_MAX], struct span *ret);

#endif
