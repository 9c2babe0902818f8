/* SPDX-License-Identifier: MIT */
/* The addresses of one record, as a value: sorted, none twice. */
#ifndef UPDATE_DAEMON_ADDRS_H
#define UPDATE_DAEMON_ADDRS_H

#include <stddef.h>

#include "netwatch/addr.h"
#include "providers/provider.h"

#define ADDRS_TEXT_MAX (WANTED_ADDRS_MAX * (ADDRESS_MAX + 1))

struct addrs {
	struct ipaddr list[WANTED_ADDRS_MAX];
	size_t n; /* 0: none */
};

/* Keeps the order; an address already there is left out. -ENOSPC: full. */
int addrs_add(struct addrs *addrs, const struct ipaddr *addr);

bool addrs_equal(const struct addrs *a, const struct addrs *b);

/* Separated by separator, "none" without any; returns out. */
const char *addrs_text(const struct addrs *addrs, char separator, char out[static ADDRS_TEXT_MAX]);

/* Comma-separated or "none". -EINVAL: something else. */
int addrs_parse(const char *text, struct addrs *ret);

#endif
