/* SPDX-License-Identifier: MIT */
/* Requests of a record API from the templates of its row. */
#ifndef PROVIDERS_APITEXT_H
#define PROVIDERS_APITEXT_H

#include "providers/recordapi.h"
#include "providers/span.h"

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

/* Whether a placeholder is called so, whatever the settings. */
bool apitext_has_builtin(struct span name);

/* The method of a call; *ret_url: what is behind it. NULL: there is none such. */
const char *apitext_method(const char *request, const char **ret_url);

/* Appends a template of a body, filled in. -EINVAL. */
int apitext_body(const char *template, const struct apitext *text, struct buf *to);

#endif
