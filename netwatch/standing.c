/* SPDX-License-Identifier: MIT */
#include "netwatch/standing.h"

#include <string.h>

#include "netwatch/fault.h"

static const sa_family_t families[] = {[FAMILY_IPV4] = AF_INET, [FAMILY_IPV6] = AF_INET6};

bool standing_is_tunnel(const struct link *link)
{
	static const char *const kinds[] = {
		"erspan",    "geneve", "gre",   "gretap",    "ip6erspan", "ip6gre",
		"ip6gretap", "ip6tnl", "ipip",  "ovpn",      "sit",       "tun",
		"vti",       "vti6",   "vxlan", "wireguard", "xfrm",
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(link->kind, kinds[i]) == 0)
			return true;
	}
	return false;
}

void standing_address(const struct question *q, const struct address *address, struct ipaddr *ret)
{
	hostpart_join(&q->rule->host, address, ret);
}

bool standing_is_published(const struct question *q, const struct address *address)
{
	struct ipaddr addr;

	standing_address(q, address, &addr);
	for (size_t i = 0; q->published && i < q->published->n; i++) {
		if (addr_equal(&q->published->addrs[i], &addr))
			return true;
	}
	return false;
}

bool standing_has_way_out(const struct question *q, const struct link *link)
{
	return link->flags & IFF_UP &&
	       (q->rule->ready == RULE_READY_ADDRESS || link->routes[q->rule->family].error == 0);
}

int standing_place(const struct question *q, const struct link *link)
{
	const struct route *out = &q->snapshot->routes[q->rule->family];

	if (q->rule->n_interfaces == 0)
		return out->error == 0 && out->ifindex == link->ifindex && !standing_is_tunnel(link)
			       ? 0
			       : -1;
	for (size_t i = 0; i < q->rule->n_interfaces; i++) {
		if (snapshot_link_matches(link, q->rule->interfaces[i]))
			return (int)i;
	}
	return -1;
}

bool standing_is_of_family(const struct question *q, const struct address *address)
{
	return address->addr.family == families[q->rule->family];
}

static bool has_fresh(const struct question *q, const struct link *link)
{
	for (size_t i = 0; i < link->n_addresses; i++) {
		if (standing_is_of_family(q, &link->addresses[i]) &&
		    fault_find(&link->addresses[i], q->rule) == FAULT_NONE)
			return true;
	}
	return false;
}

bool standing_is_eligible(const struct question *q, const struct link *link,
			  const struct address *address)
{
	enum fault fault;

	if (!standing_is_of_family(q, address))
		return false;
	fault = fault_find(address, q->rule);
	return fault == FAULT_NONE || (fault == FAULT_DEPRECATED &&
				       standing_is_published(q, address) && !has_fresh(q, link));
}

enum standing standing_judge(const struct question *q, const struct link *link)
{
	bool any = false;

	if (standing_place(q, link) < 0)
		return STANDING_FOREIGN;
	for (size_t i = 0; i < link->n_addresses && !any; i++)
		any = standing_is_eligible(q, link, &link->addresses[i]);
	if (!any)
		return STANDING_EMPTY;
	if (!standing_has_way_out(q, link))
		return STANDING_WAITING;
	return has_fresh(q, link) ? STANDING_READY : STANDING_LAST;
}

const struct link *standing_best(const struct question *q)
{
	const struct link *best = NULL;
	int best_score[3] = {0};

	for (size_t i = 0; i < q->snapshot->n_links; i++) {
		const struct link *link = &q->snapshot->links[i];
		int score[3] = {(int)standing_judge(q, link), -standing_place(q, link),
				q->published && strcmp(q->published->interface, link->name) == 0};
		int order = 0;

		if (score[0] == STANDING_FOREIGN)
			continue;
		for (size_t s = 0; s < 3 && order == 0; s++)
			order = score[s] - best_score[s];
		if (!best || order > 0) {
			best = link;
			memcpy(best_score, score, sizeof(score));
		}
	}
	return best;
}
