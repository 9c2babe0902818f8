/* SPDX-License-Identifier: MIT */
#include "update/daemon/proof.h"

#include <string.h>

#include "netwatch/fault.h"
#include "netwatch/standing.h"

/* Behind somebody's NAT is online, too; the others are for tests. */
#define ALLOWED                                                                               \
	(1u << ADDR_CLASS_PRIVATE | 1u << ADDR_CLASS_CGNAT | 1u << ADDR_CLASS_DOCUMENTATION | \
	 1u << ADDR_CLASS_BENCHMARK)

static bool is_lost(const struct question *q, const struct link *link, const char *lost)
{
	return lost[0] != '\0' ? strcmp(link->name, lost) == 0 : standing_place(q, link) >= 0;
}

static bool is_online(const struct link *link, enum family family)
{
	const struct rule any = {.family = family, .allow = ALLOWED};
	const struct question q = {.rule = &any};

	if (standing_is_tunnel(link) || !standing_has_way_out(&q, link))
		return false;
	for (size_t i = 0; i < link->n_addresses; i++)
		if (standing_is_of_family(&q, &link->addresses[i]) &&
		    fault_find(&link->addresses[i], &any) == FAULT_NONE)
			return true;
	return false;
}

bool proof_of_life(const struct snapshot *snapshot, const struct rule *rule, const char *lost)
{
	const struct question q = {.snapshot = snapshot, .rule = rule};

	for (size_t i = 0; i < snapshot->n_links; i++)
		for (int f = 0; f < FAMILY_COUNT; f++) {
			const struct link *link = &snapshot->links[i];

			if (f == (int)rule->family && is_lost(&q, link, lost))
				continue;
			if (is_online(link, (enum family)f))
				return true;
		}
	return false;
}
