/* SPDX-License-Identifier: MIT */
/* The providers a person can choose from: those written in C, and the catalogue. */
#ifndef UPDATE_CTL_OFFER_H
#define UPDATE_CTL_OFFER_H

#include <jansson.h>

#include "cfg/catalog.h"

struct offer {
	const char *name, *title;
	const struct provider *provider; /* NULL: shut down, or its file is wrong */
	const struct cfg_service *file;  /* NULL: written in C */
};

struct offer_list {
	struct offer *offers; /* sorted by name */
	size_t n;
	struct cfg_service **files; /* owned */
	size_t n_files;
	struct cfg_errors errors; /* of the files */
	int unread;               /* why those that came with nlddns are not there; or 0 */
};

/* All of them; config: whose folder of service files counts first. -ENOMEM. */
int offer_read(const char *config, struct offer_list *ret);
void offer_done(struct offer_list *list);

/* By its name, else by what other programs call it; NULL: none. */
const struct offer *offer_find(const struct offer_list *list, const char *name);

/* The nearest name to one that is none; NULL: no idea. */
const char *offer_nearest(const struct offer_list *list, const char *name);

/* "IPv4", "IPv6", "IPv4, IPv6", "IPv4 + IPv6" (in one request); "yes", "no" or "?". */
const char *offer_families(const struct offer *offer);
const char *offer_wildcard(const struct offer *offer);

/* All of it for programs; the caller owns it. */
json_t *offer_json(const struct offer *offer);

#endif
