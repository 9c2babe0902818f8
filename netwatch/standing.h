/* SPDX-License-Identifier: MIT */
/* How far each link of a snapshot gets under a rule, and which one is best. */
#ifndef NETWATCH_STANDING_H
#define NETWATCH_STANDING_H

#include <stdbool.h>

#include "netwatch/choose.h"

/* How far a link gets under a rule; more is better. */
enum standing {
	STANDING_FOREIGN, /* not asked for */
	STANDING_EMPTY,   /* no address to publish */
	STANDING_WAITING, /* an address, but no way out by it yet */
	STANDING_LAST,    /* ready, with nothing but the deprecated address that is published */
	STANDING_READY,
};

/* What choose was asked. */
struct question {
	const struct snapshot *snapshot;
	const struct rule *rule;
	const struct choice *published; /* may be NULL */
};

bool standing_is_tunnel(const struct link *link);
bool standing_is_of_family(const struct question *q, const struct address *address);

/* What is published for an address: itself, or the rule's host behind its prefix. */
void standing_address(const struct question *q, const struct address *address, struct ipaddr *ret);

/* Whether that is published now. */
bool standing_is_published(const struct question *q, const struct address *address);

bool standing_has_way_out(const struct question *q, const struct link *link);

/* The place of the first pattern that names it; -1: the rule does not ask for this link. */
int standing_place(const struct question *q, const struct link *link);

/* Of the family, without a fault, or deprecated but published and the best its link has. */
bool standing_is_eligible(const struct question *q, const struct link *link,
			  const struct address *address);

enum standing standing_judge(const struct question *q, const struct link *link);

/* NULL: the rule asks for none of the links. Among links of equal standing the rule's order
 * decides, then which one is published, then the lower index. */
const struct link *standing_best(const struct question *q);

#endif
