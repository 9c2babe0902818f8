/* SPDX-License-Identifier: MIT */
/* Lists of a record API that are told page by page. */
#ifndef PROVIDERS_APIPAGES_H
#define PROVIDERS_APIPAGES_H

#include "providers/apitalk.h"

/* The state is at the first page of a list. */
void apipages_begin(const struct apitalk *t);

/* Whether there are more behind this page: 1, 0; then the state is at the next one. -EBADMSG;
 * -ENOSPC: it has had pages enough. list: where the items are; NULL: nowhere. */
int apipages_go_on(const struct apitalk *t, const struct recordapi_pages *pages, const char *list,
		   const struct json_t *json);

#endif
