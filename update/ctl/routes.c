/* SPDX-License-Identifier: MIT */
#include "update/ctl/routes.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>

/* Longer prefixes than this are somebody's network, not the internet; /1 pairs and 2000::/3 are. */
#define GLOBAL_PREFIX_MAX 7
#define TABLES_MAX        64
#define TICKS_PER_SECOND  100 /* USER_HZ, in which the kernel counts rta_expires */

/* Routing tables that policy rules lead to. */
struct tables {
	int family; /* AF_* */
	uint32_t list[TABLES_MAX];
	size_t n;
};

/* A question and what came of it. */
struct question {
	enum family family;
	unsigned ifindex; /* 0: any */
	uint32_t flags;   /* RTM_F_* */
	bool dump;        /* every route by ifindex, instead of the one for a destination */
	const struct tables *tables; /* dump: only of these */
	struct nlmsghdr *message;
	struct route best;
	bool answered;
	int error; /* the kernel's refusal */
};

/* The prefix-less sides of a route are of length 0. */
static unsigned dst_len(struct rtnl_route *route)
{
	struct nl_addr *dst = rtnl_route_get_dst(route);

	return dst ? nl_addr_get_prefixlen(dst) : 0;
}

static uint32_t expiry_s(struct nlmsghdr *message)
{
	struct rta_cacheinfo info;
	struct nlattr *attr = nlmsg_find_attr(message, sizeof(struct rtmsg), RTA_CACHEINFO);

	if (!attr || nla_len(attr) < (int)sizeof(info))
		return UINT32_MAX;
	memcpy(&info, nla_data(attr), sizeof(info));
	if (!info.rta_expires)
		return UINT32_MAX;
	if (info.rta_expires < 0)
		return 0;
	return ((uint32_t)info.rta_expires + TICKS_PER_SECOND - 1) / TICKS_PER_SECOND;
}

/* Whether it leaves by a nexthop object alone, whose links the kernel does not list with it
 * (net.ipv4.nexthop_compat_mode = 0). */
static bool is_object(struct nlmsghdr *message, struct rtnl_route *route)
{
	return rtnl_route_get_nnexthops(route) == 0 &&
	       nlmsg_find_attr(message, sizeof(struct rtmsg), RTA_NH_ID);
}

/* The link it leaves by: the asked one if it is among the living next hops, else the first of
 * them; 0: none. */
static unsigned way_out(struct rtnl_route *route, unsigned asked)
{
	unsigned first = 0;

	for (int i = 0; i < rtnl_route_get_nnexthops(route); i++) {
		struct rtnl_nexthop *hop = rtnl_route_nexthop_n(route, i);
		unsigned ifindex = rtnl_route_nh_get_ifindex(hop);

		if (rtnl_route_nh_get_flags(hop) & (RTNH_F_DEAD | RTNH_F_LINKDOWN))
			continue;
		if (asked && ifindex == asked)
			return ifindex;
		if (!first)
			first = ifindex;
	}
	return asked ? 0 : first;
}

static bool has_table(const struct tables *tables, uint32_t table)
{
	for (size_t i = 0; i < tables->n; i++)
		if (tables->list[i] == table)
			return true;
	return false;
}

static void take_route_object(struct nl_object *from, void *arg)
{
	struct question *question = arg;
	struct rtnl_route *route = (struct rtnl_route *)from;
	bool whole = question->flags & RTM_F_FIB_MATCH || question->dump;
	bool object = is_object(question->message, route);
	unsigned ifindex = object ? question->ifindex : way_out(route, question->ifindex);
	uint32_t metric = rtnl_route_get_priority(route);
	uint32_t expires_s = expiry_s(question->message);

	if (rtnl_route_get_type(route) != RTN_UNICAST || (!ifindex && !object))
		return;
	if (whole && dst_len(route) > GLOBAL_PREFIX_MAX)
		return;
	/* A dump lists what has expired until the kernel sweeps. */
	if (expires_s == 0)
		return;
	if (question->tables && !has_table(question->tables, rtnl_route_get_table(route)))
		return;
	if (question->answered && question->best.metric <= metric)
		return;
	question->answered = true;
	question->best = (struct route){
		.ifindex = ifindex,
		.metric = metric,
		.table = rtnl_route_get_table(route),
		.expires_s = expires_s,
	};
}

static int take_route(struct nl_msg *message, void *arg)
{
	struct question *question = arg;

	question->message = nlmsg_hdr(message);
	if (question->message->nlmsg_type != RTM_NEWROUTE)
		return NL_SKIP;
	if (((struct rtmsg *)nlmsg_data(question->message))->rtm_flags & RTM_F_CLONED &&
	    question->dump)
		return NL_SKIP;
	(void)nl_msg_parse(message, take_route_object, question);
	return NL_OK;
}

static int take_refusal(struct sockaddr_nl *from, struct nlmsgerr *refusal, void *arg)
{
	struct question *question = arg;

	(void)from;
	question->error = refusal->error;
	return NL_STOP;
}

/* Addresses of a.root-servers.net: global whatever happens. Nothing is sent to them. */
static int put_probe(struct nl_msg *message, enum family family)
{
	static const uint8_t ipv4[] = {198, 41, 0, 4};
	static const uint8_t ipv6[] = {0x20, 0x01, 0x05, 0x03, 0xba, 0x3e, 0, 0,
				       0,    0,    0,    0,    0,    2,    0, 0x30};

	if (family == FAMILY_IPV4)
		return nla_put(message, RTA_DST, sizeof(ipv4), ipv4);
	return nla_put(message, RTA_DST, sizeof(ipv6), ipv6);
}

static int build(const struct question *question, struct nl_msg *message)
{
	struct rtmsg header = {
		.rtm_family = question->family == FAMILY_IPV6 ? AF_INET6 : AF_INET,
		.rtm_flags = question->flags,
	};

	if (!question->dump)
		header.rtm_dst_len = question->family == FAMILY_IPV6 ? 128 : 32;
	if (nlmsg_append(message, &header, sizeof(header), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	if (!question->dump && put_probe(message, question->family) < 0)
		return -ENOMEM;
	if (question->ifindex && nla_put_u32(message, RTA_OIF, question->ifindex) < 0)
		return -ENOMEM;
	return 0;
}

static int ask(struct nl_sock *sock, struct question *question)
{
	struct nl_msg *message =
		nlmsg_alloc_simple(RTM_GETROUTE, question->dump ? NLM_F_DUMP : NLM_F_REQUEST);
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int error = -ENOMEM;

	if (!message || !cb)
		goto out;
	error = build(question, message);
	if (error)
		goto out;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, take_route, question);
	nl_cb_err(cb, NL_CB_CUSTOM, take_refusal, question);
	error = nl_send_auto(sock, message);
	if (error >= 0)
		error = nl_recvmsgs(sock, cb);
	error = error < 0 && !question->error ? -EIO : 0;
out:
	nl_cb_put(cb);
	nlmsg_free(message);
	return error;
}

static struct route answer(const struct question *question)
{
	if (question->answered)
		return question->best;
	return (struct route){.error = question->error ? question->error : -ENETUNREACH};
}

/* The number of the table is IPv6's to tell unasked; asking is refused under strict checking. */
static uint32_t match_flags(enum family family)
{
	return RTM_F_FIB_MATCH | (family == FAMILY_IPV4 ? RTM_F_LOOKUP_TABLE : 0);
}

static void take_rule(struct nl_object *object, void *arg)
{
	struct rtnl_rule *rule = (struct rtnl_rule *)object;
	struct tables *tables = arg;
	uint32_t table = rtnl_rule_get_table(rule);

	/* libnl reads the rules of all families, whichever is asked for. */
	if (rtnl_rule_get_family(rule) == tables->family &&
	    rtnl_rule_get_action(rule) == FR_ACT_TO_TBL && tables->n < TABLES_MAX &&
	    !has_table(tables, table))
		tables->list[tables->n++] = table;
}

static void read_tables(struct nl_sock *sock, enum family family, struct tables *ret)
{
	struct nl_cache *rules = NULL;

	/* A kernel without policy routing has the one table. */
	*ret = (struct tables){
		.family = family == FAMILY_IPV6 ? AF_INET6 : AF_INET,
		.list = {RT_TABLE_MAIN},
		.n = 1,
	};
	if (rtnl_rule_alloc_cache(sock, ret->family, &rules) < 0)
		return;
	nl_cache_foreach(rules, take_rule, ret);
	nl_cache_free(rules);
}

/* A lookup without the link's own source address or mark does not reach a table of its own. */
static int search_tables(struct nl_sock *sock, struct question *question)
{
	struct tables tables;
	int on = 1, off = 0, error;

	read_tables(sock, question->family, &tables);
	question->tables = &tables;
	/* Strict: the kernel picks the routes of that link itself. */
	(void)setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on,
			 sizeof(on));
	error = ask(sock, question);
	(void)setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &off,
			 sizeof(off));
	question->tables = NULL;
	return error;
}

int routes_ask(struct nl_sock *sock, enum family family, struct route *ret)
{
	struct question entry = {.family = family, .flags = match_flags(family)};
	struct question taken = {.family = family};
	struct route route;
	int error = ask(sock, &entry);

	if (error)
		return error;
	route = answer(&entry);
	/* The entry may be multipath: the plain question tells which way is taken. */
	if (!route.error) {
		error = ask(sock, &taken);
		if (error)
			return error;
		if (taken.answered)
			route.ifindex = taken.best.ifindex;
	}
	if (!route.error && !route.ifindex)
		route.error = -ENETUNREACH;
	*ret = route;
	return 0;
}

int routes_ask_by(struct nl_sock *sock, enum family family, unsigned ifindex, struct route *ret)
{
	/* Without FIB_MATCH, IPv4 calls every destination on-link on the asked interface. */
	struct question match = {
		.family = family, .ifindex = ifindex, .flags = match_flags(family)};
	struct question tables = {.family = family, .ifindex = ifindex, .dump = true};
	int error = ask(sock, &match);

	if (!error && !match.answered)
		error = search_tables(sock, &tables);
	if (error)
		return error;
	*ret = match.answered || !tables.answered ? answer(&match) : answer(&tables);
	return 0;
}
