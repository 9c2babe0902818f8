/* SPDX-License-Identifier: MIT */
/* What is in the good replies of a record API. */
#ifndef PROVIDERS_APILIST_H
#define PROVIDERS_APILIST_H

#include "providers/apiset.h"
#include "providers/apitext.h"

enum apilist_action { APILIST_ACTION_NONE, APILIST_ACTION_RUNS, APILIST_ACTION_FAILED };

/* The zone of that name among those of the reply. -ENOENT: it is not there; -EBADMSG: the reply is
 * not as it should be. */
int apilist_zone(const struct recordapi *api, const struct json_t *json, const char *name,
		 char ret_id[static APISET_ID_MAX], unsigned *ret_ttl_min);

/* Adds the addresses of the name and type that text is of. -EBADMSG, -ENOSPC. */
int apilist_addresses(const struct recordapi *api, const struct json_t *json,
		      const struct apitext *text, struct apiset *set);

/* Whether there are more behind this page. */
bool apilist_goes_on(const struct recordapi *api, const struct json_t *json, unsigned page);

/* Of the set of the name and type that text is of: appends what its elements are to be, comma
 * between, those that stay as they came; and how many stay. json: the reply it was in; NULL: there
 * is none. *ret_ttl: its TTL, or 0. */
size_t apilist_values(const struct recordapi *api, const struct json_t *json,
		      const struct apiset *set, const struct apitext *text, struct buf *to,
		      unsigned *ret_ttl);

/* Whether an action goes on; then its id. */
enum apilist_action apilist_action(const struct recordapi *api, const struct json_t *json,
				   char ret_id[static APISET_ID_MAX]);

#endif
