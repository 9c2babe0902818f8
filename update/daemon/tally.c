/* SPDX-License-Identifier: MIT */
#include "update/daemon/tally.h"

#include <stdio.h>
#include <string.h>

const int64_t tally_bounds[TALLY_BUCKETS] = {50,   100,   250,   500,   1000,   2500,
					     5000, 10000, 30000, 60000, 120000, 300000};

static struct tally_provider *find(struct tally *tally, const char *name)
{
	struct tally_provider *provider;

	for (size_t i = 0; i < tally->n_providers; i++)
		if (strcmp(tally->providers[i].name, name) == 0)
			return &tally->providers[i];
	if (tally->n_providers == TALLY_PROVIDERS_MAX)
		return &tally->providers[TALLY_PROVIDERS_MAX - 1];
	provider = &tally->providers[tally->n_providers++];
	snprintf(provider->name, sizeof(provider->name), "%s",
		 tally->n_providers == TALLY_PROVIDERS_MAX ? "other" : name);
	return provider;
}

void tally_attempt(struct tally *tally, const char *provider, enum verdict verdict)
{
	if (!tally)
		return;
	find(tally, provider)->attempts[verdict]++;
	tally->moves++;
}

void tally_move(struct tally *tally)
{
	if (tally)
		tally->moves++;
}

static void add_reaction(struct tally *tally, int64_t ms)
{
	size_t bucket = 0;

	while (bucket < TALLY_BUCKETS && ms > tally_bounds[bucket])
		bucket++;
	if (bucket < TALLY_BUCKETS)
		tally->reactions[bucket]++;
	tally->n_reactions++;
	tally->reactions_ms += ms;
}

void tally_tell(void *arg, const struct news *news)
{
	struct tally *tally = arg;

	if (news->kind == NEWS_CONFIRMED && news->reaction_ms >= 0)
		add_reaction(tally, news->reaction_ms);
	tally_move(tally);
}
