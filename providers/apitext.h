/* SPDX-License-Identifier: MIT */
/* Requests of a record API from the templates of its row. */
#ifndef PROVIDERS_APITEXT_H
#define PROVIDERS_APITEXT_H

#include "providers/recordapi.h"

/* What the placeholders stand for; NULL and 0: nothing. Borrowed. */
struct apitext {
	const struct job *job;
	const struct wanted *wanted;
	const char *zone, *zone_id;
	const char *apex;
	const char *ip, *id, *values;
	unsigned ttl, page;
};

/* The name relative to its zone, or apex. Borrowed from the name: the length counts. */
int apitext_sub_len(const struct wanted *wanted, const char *zone);

/* Fills the request. -EINVAL: a placeholder has no value, or one that cannot be sent; -EMSGSIZE. */
int apitext_request(const struct recordapi *api, const struct recordapi_call *call,
		    const struct apitext *text, struct request *ret);

/* Appends a template of a body, filled in. -EINVAL. */
int apitext_body(const char *template, const struct apitext *text, struct buf *to);

#endif
