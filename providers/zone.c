/* SPDX-License-Identifier: MIT */
#include "providers/zone.h"

#include <string.h>
#include <strings.h>

#include "providers/outcome.h"
#include "providers/rcode.h"

#define DNS_PORT 53

void zone_copy_name(char to[static DNS_NAME_MAX], const char *from)
{
	size_t len = strnlen(from, DNS_NAME_MAX - 1);

	if (len > 0 && from[len - 1] == '.')
		len--;
	for (size_t i = 0; i < len; i++)
		to[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] | 0x20 : from[i]);
	to[len] = '\0';
}

bool zone_holds(const char *zone, const char *name)
{
	size_t name_len = strlen(name), zone_len = strlen(zone);

	if (zone_len == 0 || zone_len > name_len)
		return false;
	name += name_len - zone_len;
	return strcasecmp(name, zone) == 0 && (name_len == zone_len || name[-1] == '.');
}

void zone_request(struct request *request, enum dns_op op, const char *name)
{
	request->kind = REQUEST_DNS;
	request->dns.op = op;
	request->dns.port = DNS_PORT;
	zone_copy_name(request->dns.name, name);
}

void zone_ask(const struct zone_search *search, const char *name, struct request *request)
{
	zone_request(request, DNS_OP_SOA, name + search->at);
}

/* A code other than NOERROR and NXDOMAIN would be the same of the parent. */
enum zone_finding zone_take(struct zone_search *search, const char *name, const struct reply *reply)
{
	const char *dot = strchr(name + search->at, '.');
	char zone[DNS_NAME_MAX];

	zone_copy_name(zone, reply->zone);
	if (zone_holds(zone, name))
		return ZONE_FOUND;
	if ((reply->rcode != 0 && reply->rcode != 3) || dot == NULL || dot[1] == '\0' ||
	    search->n_parents == ZONE_PARENTS_MAX)
		return ZONE_NONE;
	search->at = (uint8_t)(dot + 1 - name);
	search->n_parents++;
	return ZONE_PARENT;
}

void zone_say_none(const struct wanted *wanted, const struct reply *reply, const char *todo,
		   struct outcome *ret)
{
	const struct rcode *code = rcode_find(reply->rcode);

	outcome_say(ret, wanted, VERDICT_RETRY, "no zone found for the name (%s): %s",
		    code != NULL ? code->name : "unknown reply code", todo);
}
