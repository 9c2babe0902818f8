/* SPDX-License-Identifier: MIT */
/* The codes a DNS server answers an update with. */
#ifndef PROVIDERS_RCODE_H
#define PROVIDERS_RCODE_H

#include "providers/provider.h"

struct rcode {
	const char *name;
	enum verdict verdict;
	const char *what, *todo; /* for a person */
	bool of_a_name;          /* may be about one name of the message, not about all */
};

/* NULL: not one an update is answered with. */
const struct rcode *rcode_find(int rcode);

/* TSIG errors (RFC 8945 section 3). */
const struct rcode *rcode_find_tsig(int error);

#endif
