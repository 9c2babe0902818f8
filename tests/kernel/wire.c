/* SPDX-License-Identifier: MIT */
#include "tests/kernel/wire.h"

#include <linux/if_addr.h>
#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <netlink/route/route.h>
#include <stdio.h>
#include <string.h>

static void must(int r, const char *what, const char *which)
{
	if (r < 0)
		fail_msg("%s %s: %s", what, which, nl_geterror(r));
}

void wire_veth(struct ground *g, const char *inside, const char *outside)
{
	struct rtnl_link *link = rtnl_link_veth_alloc();
	struct rtnl_link *peer = rtnl_link_veth_get_peer(link);

	rtnl_link_set_name(link, inside);
	rtnl_link_set_name(peer, outside);
	rtnl_link_set_ns_fd(peer, g->ns[SIDE_OUTSIDE]);
	must(rtnl_link_add(g->nl[SIDE_INSIDE], link, NLM_F_CREATE | NLM_F_EXCL), "veth", inside);
	rtnl_link_put(peer);
	rtnl_link_put(link);
}

unsigned wire_index(struct ground *g, enum side side, const char *name)
{
	struct rtnl_link *link = NULL;
	unsigned index = 0;

	if (rtnl_link_get_kernel(g->nl[side], 0, name, &link) == 0)
		index = (unsigned)rtnl_link_get_ifindex(link);
	rtnl_link_put(link);
	return index;
}

static void change(struct ground *g, enum side side, const char *name, struct rtnl_link *wish)
{
	struct rtnl_link *link = NULL;

	must(rtnl_link_get_kernel(g->nl[side], 0, name, &link), "link", name);
	must(rtnl_link_change(g->nl[side], link, wish, 0), "change of link", name);
	rtnl_link_put(link);
	rtnl_link_put(wish);
}

void wire_up(struct ground *g, enum side side, const char *link)
{
	struct rtnl_link *wish = rtnl_link_alloc();

	rtnl_link_set_flags(wish, IFF_UP);
	change(g, side, link, wish);
}

void wire_down(struct ground *g, enum side side, const char *link)
{
	struct rtnl_link *wish = rtnl_link_alloc();

	rtnl_link_unset_flags(wish, IFF_UP);
	change(g, side, link, wish);
}

void wire_rename(struct ground *g, enum side side, const char *link, const char *name)
{
	struct rtnl_link *wish = rtnl_link_alloc();

	rtnl_link_set_name(wish, name);
	change(g, side, link, wish);
}

void wire_remove(struct ground *g, enum side side, const char *name)
{
	struct rtnl_link *link = NULL;

	must(rtnl_link_get_kernel(g->nl[side], 0, name, &link), "link", name);
	must(rtnl_link_delete(g->nl[side], link), "removal of link", name);
	rtnl_link_put(link);
}

static struct nl_addr *parse(const char *text, int family)
{
	struct nl_addr *addr = NULL;

	must(nl_addr_parse(text, family, &addr), "address", text);
	return addr;
}

static struct rtnl_addr *build(struct ground *g, enum side side, const char *link,
			       const struct wire_addr *wish)
{
	struct rtnl_addr *addr = rtnl_addr_alloc();
	struct nl_addr *local = parse(wish->local, AF_UNSPEC);

	rtnl_addr_set_ifindex(addr, (int)wire_index(g, side, link));
	must(rtnl_addr_set_local(addr, local), "address", wish->local);
	if (wish->peer) {
		struct nl_addr *peer = parse(wish->peer, AF_UNSPEC);

		must(rtnl_addr_set_peer(addr, peer), "peer", wish->peer);
		nl_addr_put(peer);
	}
	rtnl_addr_set_flags(addr, wish->flags);
	if (wish->valid) {
		rtnl_addr_set_preferred_lifetime(addr, wish->preferred);
		rtnl_addr_set_valid_lifetime(addr, wish->valid);
	}
	nl_addr_put(local);
	return addr;
}

void wire_add_full(struct ground *g, enum side side, const char *link, const struct wire_addr *wish)
{
	struct rtnl_addr *addr = build(g, side, link, wish);

	must(rtnl_addr_add(g->nl[side], addr, wish->replace ? NLM_F_REPLACE : 0), "adding",
	     wish->local);
	rtnl_addr_put(addr);
}

void wire_add(struct ground *g, enum side side, const char *link, const char *local)
{
	struct wire_addr addr = {.local = local};

	if (strchr(local, ':'))
		addr.flags = IFA_F_NODAD;
	wire_add_full(g, side, link, &addr);
}

void wire_del(struct ground *g, enum side side, const char *link, const char *local)
{
	struct rtnl_addr *addr = build(g, side, link, &(struct wire_addr){.local = local});

	must(rtnl_addr_delete(g->nl[side], addr, 0), "removal of", local);
	rtnl_addr_put(addr);
}

static struct rtnl_route *build_route(struct ground *g, enum side side, const char *link,
				      const char *to, const char *via)
{
	struct rtnl_route *route = rtnl_route_alloc();
	struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
	int family = strcmp(to, "default6") && !strchr(to, ':') ? AF_INET : AF_INET6;
	struct nl_addr *dst = parse(!strcmp(to, "default6") ? "default" : to, family);

	rtnl_route_nh_set_ifindex(hop, (int)wire_index(g, side, link));
	if (via) {
		struct nl_addr *gateway = parse(via, family);

		rtnl_route_nh_set_gateway(hop, gateway);
		nl_addr_put(gateway);
	}
	rtnl_route_set_family(route, (uint8_t)family);
	must(rtnl_route_set_dst(route, dst), "route", to);
	rtnl_route_add_nexthop(route, hop);
	nl_addr_put(dst);
	return route;
}

void wire_route(struct ground *g, enum side side, const char *link, const char *to, const char *via)
{
	struct rtnl_route *route = build_route(g, side, link, to, via);

	must(rtnl_route_add(g->nl[side], route, NLM_F_CREATE | NLM_F_REPLACE), "route", to);
	rtnl_route_put(route);
}

void wire_unroute(struct ground *g, enum side side, const char *link, const char *to,
		  const char *via)
{
	struct rtnl_route *route = build_route(g, side, link, to, via);

	must(rtnl_route_delete(g->nl[side], route, 0), "removal of route", to);
	rtnl_route_put(route);
}

/* The carrier of a veth follows its peer a moment later. */
static bool running(void *arg)
{
	struct ground *g = arg;
	struct rtnl_link *link = NULL;
	bool up = false;

	if (rtnl_link_get_kernel(g->nl[SIDE_INSIDE], 0, "wan0", &link) == 0)
		up = rtnl_link_get_flags(link) & IFF_RUNNING;
	rtnl_link_put(link);
	return up;
}

void wire_await_carrier(struct ground *g)
{
	if (!ground_await(g, 3000, running, g, "carrier on wan0"))
		fail_msg("no carrier");
}

void wire_wan_link(struct ground *g)
{
	static const char *const provider[] = {"192.0.2.1/24", "203.0.113.1/24", "10.0.0.1/24",
					       "2001:db8:1::1/64", "fe80::1/64"};

	wire_veth(g, "wan0", "isp0");
	wire_up(g, SIDE_OUTSIDE, "isp0");
	for (size_t i = 0; i < sizeof(provider) / sizeof(provider[0]); i++)
		wire_add(g, SIDE_OUTSIDE, "isp0", provider[i]);
	wire_up(g, SIDE_INSIDE, "wan0");
	wire_await_carrier(g);
}

void wire_wan(struct ground *g)
{
	wire_add(g, SIDE_OUTSIDE, "lo", "198.51.100.53/32");
	wire_add(g, SIDE_OUTSIDE, "lo", "198.51.100.54/32");
	wire_add(g, SIDE_OUTSIDE, "lo", "2001:db8:53::53/128");
	wire_wan_link(g);
}

void wire_dial(struct ground *g, const char *local)
{
	char gateway[64];
	char *end;

	wire_add(g, SIDE_INSIDE, "wan0", local);
	snprintf(gateway, sizeof(gateway), "%s", local);
	if (strchr(local, ':')) {
		wire_route(g, SIDE_INSIDE, "wan0", "default6", "fe80::1");
		return;
	}
	end = strrchr(gateway, '.');
	assert_non_null(end);
	snprintf(end, 3, ".1");
	wire_route(g, SIDE_INSIDE, "wan0", "default", gateway);
}
