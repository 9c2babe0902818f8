/* SPDX-License-Identifier: MIT */
/* What a conversation keeps of replies until it needs it, under names: session, cursor, ... Flat:
 * it lies in the state of a job, which is wiped behind it. */
#ifndef PROVIDERS_APIKEEP_H
#define PROVIDERS_APIKEEP_H

#include "providers/span.h"

#define APIKEEP_MAX 15360 /* a token from a header is large */

/* For how long: */
enum apikeep_scope {
	APIKEEP_SESSION, /* the conversation */
	APIKEEP_PAGE,    /* the next page of a list */
	APIKEEP_RECORD,  /* the name and type under way; numbered: a record that was found */
	APIKEEP_ID,      /* the same; numbered: of a record that is to be read */
	APIKEEP_ZONE,    /* numbered: a zone that was found */
	APIKEEP_CREATE,  /* the next batch, and what is in it */
	APIKEEP_CHANGE,
	APIKEEP_REMOVE,
};

/* Zeroed to begin with. */
struct apikeep {
	size_t len;
	char text[APIKEEP_MAX];
};

struct apikeep_item {
	enum apikeep_scope scope;
	unsigned number; /* 0..255 */
	const char *name, *value;
};

/* Adds one. -ENOSPC; the values hold no NUL. */
int apikeep_put(struct apikeep *keep, enum apikeep_scope scope, unsigned number, struct span name,
		struct span value);

/* The last of that name, which is valid until the next change; NULL: there is none. */
const char *apikeep_get(const struct apikeep *keep, enum apikeep_scope scope, unsigned number,
			struct span name);

/* The next one; *at is 0 to begin with. */
bool apikeep_next(const struct apikeep *keep, size_t *at, struct apikeep_item *ret);

/* Forgets all of a scope. */
void apikeep_forget(struct apikeep *keep, enum apikeep_scope scope);

#endif
