/* SPDX-License-Identifier: MIT */
/* What is in the good replies of a record API. */
#ifndef PROVIDERS_APILIST_H
#define PROVIDERS_APILIST_H

#include "providers/apitalk.h"

enum apilist_action { APILIST_ACTION_NONE, APILIST_ACTION_RUNS, APILIST_ACTION_FAILED };

/* A search in a list of zones. */
struct apilist_zone {
	const char *name;          /* of the one that is meant */
	bool parents;              /* or of the nearest above it */
	const struct json_t *json; /* the one that is found */
	size_t at;                 /* where in name its own begins */
};

/* -ENOENT: it is not there; -EBADMSG: the reply is not as it should be. */
int apilist_zone(const struct apitext *text, const struct json_t *json,
		 struct apilist_zone *search);

/* Of the zone that was found. -EBADMSG. */
int apilist_zone_id(const struct apitext *text, const struct apilist_zone *found,
		    char ret_id[static APISET_ID_MAX], unsigned *ret_ttl_min);

/* Adds the addresses of the name and type that text is of, and keeps what is to be sent again.
 * -EBADMSG, -ENOSPC; -EEXIST: there are several sets; -EINVAL: one has no address. */
int apilist_addresses(const struct apitext *text, const struct json_t *json, struct apiset *set,
		      struct apikeep *keep);

struct apilist_value {
	struct span value;
	const char *id; /* "": it has none */
	unsigned ttl;   /* 0: not known */
};

/* Hands out what is there of the name and type that text is of; a set in a list that has no values,
 * such as an alias, as "". -EBADMSG. */
int apilist_values(const struct apitext *text, const struct json_t *json,
		   void (*each)(void *of, const struct apilist_value *), void *of);

/* Of a list of bare ids: keeps them, numbered from *n, which becomes their number. -EBADMSG,
 * -ENOSPC. */
int apilist_ids(const struct apitext *text, const struct json_t *json, struct apikeep *keep,
		unsigned *n);

/* Adds the record that was read for the id of text, if it is one of the name and type. -EBADMSG,
 * also when it has another id; -ENOSPC. */
int apilist_record(const struct apitext *text, const struct json_t *json, struct apiset *set,
		   struct apikeep *keep);

/* Whether an action goes on; then its id, unless the reply has none and there is one. */
enum apilist_action apilist_action(const struct apitext *text, const struct json_t *json,
				   char ret_id[static APISET_ID_MAX]);

#endif
