/* SPDX-License-Identifier: MIT */
#include "tests/kernel/links.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/bridge.h>
#include <netlink/route/link/veth.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/batch.h"
#include "tests/kernel/wire.h"

static void must(int r, const char *what, const char *which)
{
	if (r < 0)
		fail_msg("%s %s: %s", what, which, nl_geterror(r));
}

void links_bridge(struct ground *g, const char *name, unsigned index)
{
	struct rtnl_link *link = rtnl_link_bridge_alloc();

	rtnl_link_set_name(link, name);
	rtnl_link_set_ifindex(link, (int)index);
	must(rtnl_link_add(g->nl[SIDE_INSIDE], link, NLM_F_CREATE | NLM_F_EXCL), "bridge", name);
	rtnl_link_put(link);
}

static void change(struct ground *g, enum side side, const char *name, struct rtnl_link *wish)
{
	struct rtnl_link *link = NULL;

	must(rtnl_link_get_kernel(g->nl[side], 0, name, &link), "link", name);
	must(rtnl_link_change(g->nl[side], link, wish, 0), "change of link", name);
	rtnl_link_put(link);
	rtnl_link_put(wish);
}

void links_enslave(struct ground *g, const char *link, const char *bridge)
{
	struct rtnl_link *wish = rtnl_link_alloc();

	rtnl_link_set_master(wish, bridge ? (int)wire_index(g, SIDE_INSIDE, bridge) : 0);
	change(g, SIDE_INSIDE, link, wish);
}

void links_altname(struct ground *g, const char *link, const char *name)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINKPROP, NLM_F_ACK | NLM_F_CREATE |
									 NLM_F_EXCL | NLM_F_APPEND);
	struct ifinfomsg ifi = {.ifi_index = (int)wire_index(g, SIDE_INSIDE, link)};
	struct nlattr *list;

	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	list = nla_nest_start(msg, IFLA_PROP_LIST | NLA_F_NESTED);
	nla_put_string(msg, IFLA_ALT_IFNAME, name);
	nla_nest_end(msg, list);
	must(nl_send_sync(g->nl[SIDE_INSIDE], msg), "alternative name", name);
}

void links_move(struct ground *g, enum side from, const char *link)
{
	struct rtnl_link *wish = rtnl_link_alloc();

	rtnl_link_set_ns_fd(wish, g->ns[from == SIDE_INSIDE ? SIDE_OUTSIDE : SIDE_INSIDE]);
	change(g, from, link, wish);
}

static void add_veth(struct ground *g, enum side side, unsigned index, const char *name,
		     const char *other, int other_ns)
{
	struct rtnl_link *link = rtnl_link_veth_alloc();
	struct rtnl_link *peer = rtnl_link_veth_get_peer(link);

	rtnl_link_set_name(link, name);
	rtnl_link_set_ifindex(link, (int)index);
	rtnl_link_set_name(peer, other);
	if (other_ns >= 0)
		rtnl_link_set_ns_fd(peer, other_ns);
	must(rtnl_link_add(g->nl[side], link, NLM_F_CREATE | NLM_F_EXCL), "veth", name);
	rtnl_link_put(peer);
	rtnl_link_put(link);
}

void links_veth_at(struct ground *g, unsigned index, const char *inside, const char *outside)
{
	add_veth(g, SIDE_INSIDE, index, inside, outside, g->ns[SIDE_OUTSIDE]);
}

void links_pair(struct ground *g, enum side side, const char *one, unsigned index,
		const char *other)
{
	add_veth(g, side, index, one, other, -1);
}

static char *name_foreign(char name[static IFNAMSIZ], unsigned i)
{
	snprintf(name, IFNAMSIZ, "foreign%u", i % 10000);
	return name;
}

static void put_up(struct batch *batch, unsigned i)
{
	struct ifinfomsg ifi = {.ifi_flags = IFF_UP, .ifi_change = IFF_UP};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, 0);
	char name[IFNAMSIZ];

	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	nla_put_string(msg, IFLA_IFNAME, name_foreign(name, i));
	batch_put(batch, nlmsg_hdr(msg));
	nlmsg_free(msg);
}

/* Both ends of a veth pair, inside; neither can be up before both are there. */
static void put_pair(struct batch *batch, unsigned i)
{
	struct ifinfomsg ifi = {0};
	char name[IFNAMSIZ];
	struct nlattr *info, *data, *peer;
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);

	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	nla_put_string(msg, IFLA_IFNAME, name_foreign(name, i));
	info = nla_nest_start(msg, IFLA_LINKINFO);
	nla_put_string(msg, IFLA_INFO_KIND, "veth");
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	peer = nla_nest_start(msg, VETH_INFO_PEER);
	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	nla_put_string(msg, IFLA_IFNAME, name_foreign(name, i + 1));
	nla_nest_end(msg, peer);
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	batch_put(batch, nlmsg_hdr(msg));
	nlmsg_free(msg);
}

static void put_address(struct batch *batch, bool add, unsigned index, unsigned number)
{
	struct ifaddrmsg ifa = {.ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = index};
	uint32_t address = htonl(0x0a000000u + number);
	struct nl_msg *msg = nlmsg_alloc_simple(add ? RTM_NEWADDR : RTM_DELADDR,
						add ? NLM_F_CREATE | NLM_F_EXCL : 0);

	nlmsg_append(msg, &ifa, sizeof(ifa), NLMSG_ALIGNTO);
	nla_put(msg, IFA_LOCAL, sizeof(address), &address);
	nla_put(msg, IFA_ADDRESS, sizeof(address), &address);
	batch_put(batch, nlmsg_hdr(msg));
	nlmsg_free(msg);
}

void links_addresses(struct ground *g, const char *link, bool add, unsigned count)
{
	struct batch *batch = batch_new(g);
	unsigned index = wire_index(g, SIDE_INSIDE, link);

	for (unsigned i = 0; i < count; i++)
		put_address(batch, add, index, index << 16 | i);
	batch_free(batch);
}

void links_crowd(struct ground *g, unsigned links, unsigned addresses)
{
	struct batch *batch = batch_new(g);
	char name[IFNAMSIZ];

	for (unsigned i = 0; i < links; i += 2)
		put_pair(batch, i);
	for (unsigned i = 0; i < links; i++)
		put_up(batch, i);
	batch_free(batch);
	for (unsigned i = 0; i < links && addresses; i++)
		links_addresses(g, name_foreign(name, i), true, addresses);
}
