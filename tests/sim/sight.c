/* SPDX-License-Identifier: MIT */
#include "tests/sim/sight.h"

#include <string.h>

#include "tests/sim/vtime.h"

#define FRESH_MAX 128
#define GONE_MAX  32

/* An address that could be published, and is gone. */
struct gone {
	struct ipaddr addr;
	int64_t since, gone_at;
};

struct sight {
	struct expect_set allowed;
	int64_t since[EXPECT_MAX];
	struct gone gone[GONE_MAX]; /* the last */
	unsigned n_gone;
	uint64_t print;
	int64_t changed_at, storm_since;
	int64_t absent_since, present_since;
};

static struct sight sights[SCENE_SOURCES][FAMILY_COUNT];
static int64_t online_since;

/* Addresses that were not deprecated when seen, ever. */
static struct {
	struct ipaddr list[FRESH_MAX];
	size_t n;
} fresh;

void sight_reset(void)
{
	memset(sights, 0, sizeof(sights));
	online_since = NEVER;
	fresh.n = 0;
	for (size_t i = 0; i < SCENE_SOURCES; i++)
		for (unsigned f = 0; f < FAMILY_COUNT; f++)
			sights[i][f].changed_at = sights[i][f].storm_since =
				sights[i][f].absent_since = sights[i][f].present_since = NEVER;
}

bool sight_was_fresh(const struct ipaddr *addr)
{
	for (size_t i = 0; i < fresh.n; i++)
		if (memcmp(fresh.list[i].bytes, addr->bytes, 16) == 0)
			return true;
	return false;
}

static void remember_fresh(const struct expect_question *q)
{
	struct expect_set set;

	expect_fresh(q, &set);
	for (size_t i = 0; i < set.n && fresh.n < FRESH_MAX; i++)
		if (!sight_was_fresh(&set.list[i]))
			fresh.list[fresh.n++] = set.list[i];
}

static int64_t since(const struct sight *sight, const struct ipaddr *addr)
{
	for (size_t i = 0; i < sight->allowed.n; i++)
		if (memcmp(sight->allowed.list[i].bytes, addr->bytes, 16) == 0)
			return sight->since[i];
	return NEVER;
}

/* What is back for less than it takes to settle has not been back. */
static void look_for_loss(struct sight *sight, const struct expect_question *q, int64_t calm_since)
{
	int64_t now = vtime_now();

	if (!expect_absent(q)) {
		if (sight->present_since == NEVER)
			sight->present_since = now;
		return;
	}
	if (sight->absent_since == NEVER ||
	    (sight->present_since != NEVER && now > calm_since + q->source->settle_ms))
		sight->absent_since = now;
	sight->present_since = NEVER;
}

static void let_go(struct sight *sight, const struct expect_set *allowed)
{
	for (size_t i = 0; i < sight->allowed.n; i++) {
		const struct ipaddr *addr = &sight->allowed.list[i];

		if (!expect_has(allowed, addr))
			sight->gone[sight->n_gone++ % GONE_MAX] =
				(struct gone){*addr, sight->since[i], vtime_now()};
	}
}

/* What had settled, and was gone for less than that takes, has not been gone. */
static int64_t returned(const struct sight *sight, const struct expect_question *q,
			const struct ipaddr *addr)
{
	for (unsigned i = 0; i < GONE_MAX; i++) {
		const struct gone *gone = &sight->gone[i];

		if (memcmp(gone->addr.bytes, addr->bytes, 16) == 0 &&
		    vtime_now() < gone->gone_at + q->source->settle_max_ms &&
		    gone->gone_at >= gone->since + q->source->settle_ms)
			return gone->since;
	}
	return vtime_now();
}

static void look(struct sight *sight, const struct expect_question *q)
{
	struct expect_set allowed;
	int64_t started[EXPECT_MAX], now = vtime_now(), calm_since = sight->changed_at;

	expect_allowed(q, &allowed);
	if (expect_print(q) != sight->print) {
		if (now - sight->changed_at > q->source->settle_ms)
			sight->storm_since = now;
		sight->changed_at = now;
		sight->print = expect_print(q);
	}
	let_go(sight, &allowed);
	for (size_t i = 0; i < allowed.n; i++) {
		started[i] = since(sight, &allowed.list[i]);
		if (started[i] == NEVER)
			started[i] = returned(sight, q, &allowed.list[i]);
	}
	sight->allowed = allowed;
	memcpy(sight->since, started, allowed.n * sizeof(started[0]));
	remember_fresh(q);
	look_for_loss(sight, q, calm_since);
}

void sight_read(const struct scene *scene)
{
	if (!expect_online(kernel_seen(), kernel_read_at()))
		online_since = NEVER;
	else if (online_since == NEVER)
		online_since = vtime_now();
	for (size_t i = 0; i < scene->n_sources; i++) {
		for (unsigned f = 0; f < FAMILY_COUNT; f++) {
			struct expect_question q = {kernel_seen(), kernel_read_at(),
						    &scene->sources[i], (enum family)f};

			look(&sights[i][f], &q);
		}
	}
}

void sight_begin(void)
{
	for (size_t i = 0; i < SCENE_SOURCES; i++)
		for (unsigned f = 0; f < FAMILY_COUNT; f++) {
			sights[i][f].changed_at = sights[i][f].storm_since = vtime_now();
			sights[i][f].print = 0;
		}
}

void sight_sleep(int64_t ms)
{
	for (size_t i = 0; i < SCENE_SOURCES; i++)
		for (unsigned f = 0; f < FAMILY_COUNT; f++) {
			sights[i][f].storm_since = vtime_now() - 1 * HOUR;
			sights[i][f].changed_at = vtime_now() + ms;
		}
}

int64_t sight_since(size_t source, enum family family, const struct ipaddr *addr)
{
	return since(&sights[source][family], addr);
}

bool sight_came(size_t source, enum family family, int64_t from, int64_t to)
{
	const struct sight *sight = &sights[source][family];

	for (size_t i = 0; i < sight->allowed.n; i++)
		if (sight->since[i] >= from && sight->since[i] <= to)
			return true;
	for (unsigned i = 0; i < GONE_MAX; i++)
		if (sight->gone[i].since >= from && sight->gone[i].since <= to)
			return true;
	return false;
}

int64_t sight_storm_since(size_t source, enum family family)
{
	return sights[source][family].storm_since;
}

int64_t sight_online_since(void)
{
	return online_since;
}

int64_t sight_absent_since(size_t source, enum family family)
{
	if (sights[source][family].present_since != NEVER)
		return NEVER;
	return sights[source][family].absent_since;
}
