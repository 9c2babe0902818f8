/* SPDX-License-Identifier: MIT */
/* What the answers so far show of an account's credentials: that they work, or that they have been
 * refused so often that the account is held as a whole, lest each of its records be refused by
 * itself. A plain value that follows from its records' histories. Pure. */
#ifndef UPDATE_DAEMON_TRUST_H
#define UPDATE_DAEMON_TRUST_H

#include "update/daemon/history.h"

/* Records whose refusal holds the account. */
#define TRUST_REFUSALS 3

struct trust {
	unsigned refused; /* records that are held since the credentials were refused */
	bool proven;      /* one was confirmed: what is refused concerns a name, and no more */
	bool held;        /* the account sends nothing, but what the user retries */
};

/* A record has taken over this history, or an answer has just become part of it. */
void trust_learn(struct trust *trust, const struct history *history);

/* A record of this history is about to be released. The account stays held. */
void trust_forgive(struct trust *trust, const struct history *history);

/* Requests at a time, of those that the provider allows: while nothing shows that the credentials
 * work, so few that all can be refused, and one at a time if they may be wrong. */
unsigned trust_parallel(const struct trust *trust, unsigned allowed);

#endif
