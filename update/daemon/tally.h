/* SPDX-License-Identifier: MIT */
/* Counts since the start that no record keeps: attempts by their verdict, and how fast changes were
 * confirmed. Pure. */
#ifndef UPDATE_DAEMON_TALLY_H
#define UPDATE_DAEMON_TALLY_H

#include "update/daemon/news.h"

#define TALLY_PROVIDERS_MAX 32 /* the last of them counts for all that come later, as "other" */
#define TALLY_BUCKETS       12

/* Upper bounds of the reactions' buckets (ms), in order; what took longer is in none. */
extern const int64_t tally_bounds[TALLY_BUCKETS];

struct tally_provider {
	char name[32];
	uint64_t attempts[VERDICT_COUNT]; /* by the verdict they ended with */
};

struct tally {
	struct tally_provider providers[TALLY_PROVIDERS_MAX];
	size_t n_providers;
	uint64_t reactions[TALLY_BUCKETS]; /* of each bucket alone */
	uint64_t n_reactions;              /* of all of them, also the longer ones */
	int64_t reactions_ms;              /* added up */
	uint64_t moves;                    /* grows whenever something about a record changes */
};

/* A record's attempt has ended. tally may be NULL, also below. */
void tally_attempt(struct tally *tally, const char *provider, enum verdict verdict);

/* Something about a record has changed. */
void tally_move(struct tally *tally);

/* A news_listener's tell; arg is the struct tally. */
void tally_tell(void *arg, const struct news *news);

#endif
