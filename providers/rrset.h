/* SPDX-License-Identifier: MIT */
/* What a DNS server itself holds for a record, next to what it shall hold. */
#ifndef PROVIDERS_RRSET_H
#define PROVIDERS_RRSET_H

#include "providers/provider.h"

enum rrset {
	RRSET_NONE,  /* the server did not answer, or it is not its to say */
	RRSET_ALIAS, /* the name is an alias (CNAME, DNAME) */
	RRSET_ODD,   /* other addresses, of a special kind that is not wanted */
	RRSET_SAME,  /* exactly the wanted addresses */
	RRSET_OTHER,
};

/* Fills the request with the question of a server (an address). wanted is borrowed. */
void rrset_ask(const struct wanted *wanted, const char *server, struct request *request);

enum rrset rrset_read(const struct wanted *wanted, const struct reply *reply);

/* The same addresses in both, in any order. */
bool rrset_equal(const struct reply *a, const struct reply *b);

/* The end of PURPOSE_VERIFY. server: who said so, for the reader. */
void rrset_say(const struct wanted *wanted, enum rrset rrset, const struct reply *reply,
	       const char *server, struct outcome *ret);

#endif
