/* SPDX-License-Identifier: MIT */
/* Which keys a section may hold; what is said of those it may not. */
#ifndef CFG_ACCEPTED_H
#define CFG_ACCEPTED_H

#include "cfg/faults.h"
#include "cfg/keys.h"
#include "cfg/reader.h"

struct accepted {
	const struct key *own[2];        /* NULL: none */
	const struct provider *provider; /* whose settings belong here too, or NULL */
	bool any_provider;               /* which provider is not known: those of all pass */
	const char *account;             /* the [account NAME] that has them, or NULL */
};

void accepted_check(const struct accepted *accepted, const struct reader_section *section,
		    struct faults *faults);

#endif
