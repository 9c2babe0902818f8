/* SPDX-License-Identifier: MIT */
/* Texts of messages. JSON is UTF-8 and a password is bytes: each byte travels as the code point of
 * that number. */
#ifndef UPDATE_WIRE_TEXT_H
#define UPDATE_WIRE_TEXT_H

#include <jansson.h>
#include <stddef.h>

/* NULL: no memory. */
json_t *wire_text_pack(const char *text);

/* The inverse, with its NUL, in size bytes. Its length; -EBADMSG: none such, or too long. */
int wire_text_unpack(const json_t *json, char *text, size_t size);

/* Room for texts that were read. */
struct wire_store {
	char *at;
	size_t left;
};

/* Copies a text there. -EBADMSG: none such, or no room. */
int wire_text_keep(struct wire_store *store, const json_t *json, const char **ret);

#endif
