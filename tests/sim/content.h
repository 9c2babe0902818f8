/* SPDX-License-Identifier: MIT */
/* What a record holds, or shall hold: a set of addresses. */
#ifndef TESTS_SIM_CONTENT_H
#define TESTS_SIM_CONTENT_H

#include "netwatch/addr.h"
#include "providers/provider.h"

#define CONTENT_MAX 8

struct content {
	struct ipaddr list[CONTENT_MAX];
	size_t n; /* 0: no record */
};

/* The text of all; valid until the call after the next three. */
const char *content_text(const struct content *content);

bool content_has(const struct content *content, const struct ipaddr *addr);
bool content_equal(const struct content *a, const struct content *b);
void content_of(const struct wanted *wanted, struct content *ret);
void content_copy(const struct ipaddr *list, size_t n, struct content *ret);

#endif
