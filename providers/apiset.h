/* SPDX-License-Identifier: MIT */
/* The addresses a provider holds under a name next to those it shall hold, and which of them are
 * ours to change. */
#ifndef PROVIDERS_APISET_H
#define PROVIDERS_APISET_H

#include "providers/span.h"

#define APISET_MAX    16 /* addresses found under one name */
#define APISET_ID_MAX 72 /* bytes of what a provider calls a thing, with its NUL */

struct apiset_found {
	char id[APISET_ID_MAX]; /* of its record; "": it has none */
	unsigned char bytes[16];
	unsigned char number; /* how many were there before it */
	bool marked;          /* as ours */
	unsigned ttl;         /* 0: not known */
};

/* Zeroed to begin with. */
struct apiset {
	struct apiset_found found[APISET_MAX + WANTED_ADDRS_MAX]; /* also what is created */
	size_t n;
	bool sole;  /* the only one there was, and the name is ours alone: it may be replaced */
	bool alias; /* the name is one (CNAME) */
};

/* Adds what was found or created. -EINVAL: no address of that type; -EEXIST: that record is there
 * already; -ENOSPC; -EMSGSIZE: the id is too long. */
int apiset_add(struct apiset *set, struct span id, struct span address, enum record_type type);

bool apiset_has(const struct apiset *set, const char *address);

/* The place of the first wanted address that is not there, or n_addrs. */
size_t apiset_missing(const struct apiset *set, const struct wanted *wanted);

/* The place of the first that is ours and not wanted, or n. */
size_t apiset_stale(const struct apiset *set, const struct wanted *wanted);

/* Whether an address there stays as it is: wanted, or not ours. */
bool apiset_stays(const struct apiset *set, const struct wanted *wanted, struct span address);

/* How many of another's there are. */
size_t apiset_others(const struct apiset *set, const struct wanted *wanted);

/* How many of them are not ours to change. */
size_t apiset_foreign(const struct apiset *set, const struct wanted *wanted);

/* Whether it has just what is wanted, beside what others have there. */
bool apiset_is_wanted(const struct apiset *set, const struct wanted *wanted);

/* Whether one of those that are ours and not wanted is of a kind that somebody else must have put
 * there. */
bool apiset_is_odd(const struct apiset *set, const struct wanted *wanted, address_odd *odd);

/* Record `at` has that address now; it is gone. */
void apiset_replace(struct apiset *set, size_t at, const char *address);
void apiset_remove(struct apiset *set, size_t at);

#endif
