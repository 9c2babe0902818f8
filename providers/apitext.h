/* SPDX-License-Identifier: MIT */
/* Requests of a record API from the templates of its row. */
#ifndef PROVIDERS_APITEXT_H
#define PROVIDERS_APITEXT_H

#include "providers/recordapi.h"
#include "providers/scope.h"

struct apikeep;

/* What the placeholders stand for; NULL and 0: nothing. Borrowed. */
struct apitext {
	const struct recordapi *api;
	const struct job *job;
	const struct wanted *wanted;
	const char *type; /* of what is no address, whose text ip is */
	const char *zone, *zone_id;
	unsigned zone_number; /* of what is kept of it */
	const char *ip, *id, *values;
	const char *was;            /* {record}: JSON */
	const char *batch[4];       /* {items} and its parts */
	unsigned ttl, page, offset; /* of items on the pages before */
	const struct apikeep *keep;
	bool login; /* headers with what is not known yet are left out */
};

/* The name relative to its zone, or apex. Borrowed from the name: the length counts. */
int apitext_sub_len(const struct wanted *wanted, const char *zone);

/* Fills the request. -EINVAL: a placeholder has no value, or one that cannot be sent; -EMSGSIZE. */
int apitext_request(const struct apitext *text, const struct recordapi_call *call,
		    struct request *ret);

/* Whether a placeholder is called so, whatever the settings. */
bool apitext_has_builtin(struct span name);

/* The same, or it is what a call of the row takes. */
bool apitext_knows(const struct recordapi *api, struct span name);

/* The method of a call; *ret_url: what is behind it. NULL: there is none such. */
const char *apitext_method(const char *request, const char **ret_url);

/* Of what a call takes, a pointer that is the name of a header; empty: it is none. */
struct span apitext_header(struct span pointer);

/* Whether replies are XML. */
bool apitext_is_xml(const struct recordapi *api);

/* Appends a template, filled in. -EINVAL. */
int apitext_fill(const char *template, const struct apitext *text, enum scope_encoding encoding,
		 struct buf *to);

/* Of a call's body; call NULL: of those of the row. */
enum scope_encoding apitext_encoding(const struct recordapi *api,
				     const struct recordapi_call *call);

/* Whether a change sends something of the record that was found. */
bool apitext_wants_record(const struct recordapi *api);

#endif
