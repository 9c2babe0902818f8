/* SPDX-License-Identifier: MIT */
/* {values}: all addresses of a set, as the request that replaces it has them. */
#ifndef PROVIDERS_APIVALUES_H
#define PROVIDERS_APIVALUES_H

#include "providers/apiset.h"
#include "providers/apitext.h"

/* Appends what the elements are to be, those that stay as they came; how many there were, in use or
 * not. json: the set that was found; NULL: none. */
size_t apivalues_add(const struct apitext *text, const struct json_t *json,
		     const struct apiset *set, struct buf *to);

/* Appends what they are. */
void apivalues_add_found(const struct apitext *text, const struct json_t *json, struct buf *to);

/* Appends one element of a set as a new one is sent, of text's ip. */
void apivalues_add_one(const struct apitext *text, struct buf *to);

#endif
