/* SPDX-License-Identifier: MIT */
/* AWS Signature Version 4, checked by an implementation of its own: GnuTLS, and the request as it
 * came. */
#ifndef TESTS_SERVERS_RECORDS_SIGV4_H
#define TESTS_SERVERS_RECORDS_SIGV4_H

#include "tests/servers/records/world.h"

/* The access key that requests name; its secret is the world's. */
#define SIGV4_ID "AKIAIOSFODNN7EXAMPLE"

/* NULL: it is signed. Else the code of the error; *ret_text: what to say. */
const char *sigv4_check(const struct world *world, const struct visit *visit,
			const char **ret_text);

#endif
