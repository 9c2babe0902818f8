/* SPDX-License-Identifier: MIT */
/* Where something is in a decoded reply: pointers of RFC 6901. */
#ifndef PROVIDERS_POINTER_H
#define PROVIDERS_POINTER_H

#include "providers/span.h"

#define POINTER_MAX      200 /* bytes of a pointer, with its NUL */
#define POINTER_TEXT_MAX 32

/* NULL: there is no such member. An empty pointer is all of it. */
const struct json_t *pointer_find(const struct json_t *json, struct span pointer);

/* The same for a pointer that is written in the program. */
const struct json_t *pointer_at(const struct json_t *json, const char *pointer);

/* A text, number, true, false or null as it would be written, borrowed from json or number; false:
 * objects and arrays are no text. */
bool pointer_text(const struct json_t *json, char number[static POINTER_TEXT_MAX],
		  struct span *ret);

/* Puts a value, which it takes over, in the place of one that is there. -EINVAL: there is none. */
int pointer_set(struct json_t *json, const char *pointer, struct json_t *value);

#endif
