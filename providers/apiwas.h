/* SPDX-License-Identifier: MIT */
/* What of a record that was found is sent again with its change. */
#ifndef PROVIDERS_APIWAS_H
#define PROVIDERS_APIWAS_H

#include "providers/apitext.h"

/* Appends what text->was has at the pointer: in JSON as it came, quotes and all. 1: null, which
 * may as well be left out; -ENOENT: nothing; -EINVAL: it cannot stand here. */
int apiwas_add(const struct apitext *text, struct span pointer, enum scope_encoding encoding,
	       struct buf *to);

/* Appends all of it, in JSON, with the address text->ip and the TTL text->ttl. -EINVAL. */
int apiwas_add_record(const struct apitext *text, struct buf *to);

#endif
