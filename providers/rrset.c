/* SPDX-License-Identifier: MIT */
#include "providers/rrset.h"

#include <string.h>

#include "providers/outcome.h"
#include "providers/span.h"
#include "providers/zone.h"

/* An address as bytes: texts of the same one may differ. */
struct place {
	int type; /* enum record_type, or negative: no address */
	unsigned char bytes[16];
};

void rrset_ask(const struct wanted *wanted, const char *server, struct request *request)
{
	struct dns_request *dns = &request->dns;

	zone_request(request, DNS_OP_RRSET, wanted->name);
	memcpy(dns->server, server, strnlen(server, ADDRESS_MAX - 1));
	dns->wanted = wanted;
	dns->n_wanted = 1;
}

static struct place place_of(const char *text)
{
	struct place place = {.type = -1};

	place.type = span_address((struct span){text, strlen(text)}, place.bytes);
	return place;
}

static bool same_address(const char *a, const char *b)
{
	struct place one = place_of(a), other = place_of(b);

	return one.type >= 0 && one.type == other.type &&
	       memcmp(one.bytes, other.bytes, sizeof(one.bytes)) == 0;
}

static size_t count_found(const struct reply *reply)
{
	size_t n = 0;

	while (n < WANTED_ADDRS_MAX && reply->addrs[n][0] != '\0')
		n++;
	return n;
}

static bool has_found(const struct reply *reply, const char *addr)
{
	for (size_t i = 0; i < count_found(reply); i++)
		if (same_address(reply->addrs[i], addr))
			return true;
	return false;
}

bool rrset_equal(const struct reply *a, const struct reply *b)
{
	if (count_found(a) != count_found(b) || a->more || b->more)
		return false;
	for (size_t i = 0; i < count_found(a); i++)
		if (!has_found(b, a->addrs[i]))
			return false;
	return true;
}

static bool is_wanted(const struct wanted *wanted, const struct reply *reply)
{
	if (count_found(reply) != wanted->n_addrs || reply->more)
		return false;
	for (size_t i = 0; i < wanted->n_addrs; i++)
		if (!has_found(reply, wanted->addrs[i]))
			return false;
	return true;
}

enum rrset rrset_read(const struct wanted *wanted, const struct reply *reply)
{
	if (reply->error != 0 || reply->tsig_error != 0 || !reply->authoritative ||
	    (reply->rcode != 0 && reply->rcode != 3))
		return RRSET_NONE;
	if (reply->alias)
		return RRSET_ALIAS;
	if (is_wanted(wanted, reply))
		return RRSET_SAME;
	return reply->odd ? RRSET_ODD : RRSET_OTHER;
}

void rrset_say(const struct wanted *wanted, enum rrset rrset, const struct reply *reply,
	       const char *server, struct outcome *ret)
{
	static const char *const words[] = {
		[RRSET_NONE] = "does not tell",
		[RRSET_ALIAS] = "has an alias there",
		[RRSET_ODD] = "holds an address of another kind,",
		[RRSET_SAME] = "holds the same",
		[RRSET_OTHER] = "holds",
	};
	static const enum truth truths[] = {
		[RRSET_NONE] = TRUTH_UNKNOWN, [RRSET_ALIAS] = TRUTH_UNKNOWN,
		[RRSET_ODD] = TRUTH_UNKNOWN,  [RRSET_SAME] = TRUTH_SAME,
		[RRSET_OTHER] = TRUTH_OTHER,
	};
	bool shown = rrset == RRSET_ODD || rrset == RRSET_OTHER;
	const char *found = count_found(reply) > 0 ? reply->addrs[0] : "no address";

	outcome_say(ret, wanted, VERDICT_DONE, "%s %s%s%s%s", server, words[rrset],
		    shown ? " " : "", shown ? found : "",
		    shown && count_found(reply) > 1 ? " and more" : "");
	ret->truth = truths[rrset];
	ret->ttl = reply->ttl;
}
