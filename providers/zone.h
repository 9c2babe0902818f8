/* SPDX-License-Identifier: MIT */
/* The search for the zone that holds a name: by its SOA record, then by those of its parents. */
#ifndef PROVIDERS_ZONE_H
#define PROVIDERS_ZONE_H

#include "providers/provider.h"

/* How far up it is looked for; the transport allows a job 32 requests. */
#define ZONE_PARENTS_MAX 16

/* Where a search is; zeroed when it begins. */
struct zone_search {
	uint8_t at; /* of the name: its part that is asked for */
	uint8_t n_parents;
};

enum zone_finding {
	ZONE_FOUND,  /* the reply's zone holds the name */
	ZONE_PARENT, /* ask once more */
	ZONE_NONE,
};

/* Fills the request with the next question, for the system's resolver. */
void zone_ask(const struct zone_search *search, const char *name, struct request *request);

/* Reads the answer to it. An alias may have led elsewhere, and not every server tells; then the
 * parent is asked. */
enum zone_finding zone_take(struct zone_search *search, const char *name,
			    const struct reply *reply);

/* Why none was found, and what to do. */
void zone_say_none(const struct wanted *wanted, const struct reply *reply, const char *todo,
		   struct outcome *ret);

/* Fills a DNS request for port 53 of the system's resolver. */
void zone_request(struct request *request, enum dns_op op, const char *name);

/* Lower case, no trailing dot. */
void zone_copy_name(char to[static DNS_NAME_MAX], const char *from);

/* Is the name the zone's own, or below it? */
bool zone_holds(const char *zone, const char *name);

#endif
