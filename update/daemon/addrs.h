/* SPDX-License-Identifier: MIT */
/* The addresses of one record: sorted, none twice. Many records have the same, so they are not
 * copied but kept in one place, for which see records_keep_addrs. */
#ifndef UPDATE_DAEMON_ADDRS_H
#define UPDATE_DAEMON_ADDRS_H

#include <stddef.h>

#include "netwatch/addr.h"
#include "providers/provider.h"

#define ADDRS_TEXT_MAX (WANTED_ADDRS_MAX * (ADDRESS_MAX + 1))

struct addrs {
	const struct ipaddr *list; /* borrowed; at most WANTED_ADDRS_MAX */
	size_t n;                  /* 0: none */
};

bool addrs_equal(const struct addrs *a, const struct addrs *b);

/* Separated by separator, "none" without any; returns out. */
const char *addrs_text(const struct addrs *addrs, char separator, char out[static ADDRS_TEXT_MAX]);

/* Comma-separated or "none"; ret borrows list. -EINVAL: something else. */
int addrs_parse(const char *text, struct ipaddr list[static WANTED_ADDRS_MAX], struct addrs *ret);

#endif
