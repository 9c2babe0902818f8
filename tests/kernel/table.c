/* SPDX-License-Identifier: MIT */
#include "tests/kernel/table.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fib_rules.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kernel/wire.h"

enum { PRIORITY = 100 };

static int family_of(const char *text)
{
	return !strcmp(text, "default6") || strchr(text, ':') ? AF_INET6 : AF_INET;
}

static void put_address(struct nl_msg *msg, int type, const char *text)
{
	int family = family_of(text);
	uint8_t bytes[16];

	if (inet_pton(family, text, bytes) != 1)
		fail_msg("%s is no address", text);
	nla_put(msg, type, family == AF_INET ? 4 : 16, bytes);
}

static void must_send(struct ground *g, struct nl_msg *msg, const char *what)
{
	int r = nl_send_sync(g->nl[SIDE_INSIDE], msg);

	if (r < 0)
		fail_msg("%s: %s", what, nl_geterror(r));
}

static void put_legs(struct ground *g, struct nl_msg *msg, const struct table_route *route)
{
	struct nlattr *list = nla_nest_start(msg, RTA_MULTIPATH);

	for (size_t i = 0; i < route->n_legs; i++) {
		const struct table_leg *leg = &route->legs[i];
		struct rtnexthop *hop = nlmsg_reserve(msg, sizeof(*hop), NLMSG_ALIGNTO);

		memset(hop, 0, sizeof(*hop));
		hop->rtnh_ifindex = (int)wire_index(g, SIDE_INSIDE, leg->link);
		if (leg->via)
			put_address(msg, RTA_GATEWAY, leg->via);
		hop->rtnh_len = (unsigned short)((char *)nlmsg_tail(nlmsg_hdr(msg)) - (char *)hop);
	}
	nla_nest_end(msg, list);
}

static struct nl_msg *build(struct ground *g, int type, int flags, const struct table_route *route)
{
	struct nl_msg *msg = nlmsg_alloc_size(32768);
	struct rtmsg rtm = {.rtm_family = (unsigned char)family_of(route->to),
			    .rtm_protocol = RTPROT_STATIC,
			    .rtm_type = (unsigned char)(route->type ? route->type : RTN_UNICAST)};
	char prefix[64], *slash;

	rtm.rtm_table =
		route->table && route->table < 256 ? (unsigned char)route->table : RT_TABLE_MAIN;
	rtm.rtm_scope = route->leg.link && !route->leg.via && rtm.rtm_family == AF_INET
				? RT_SCOPE_LINK
				: RT_SCOPE_UNIVERSE;
	snprintf(prefix, sizeof(prefix), "%s", route->to);
	slash = strchr(prefix, '/');
	if (slash) {
		*slash = 0;
		rtm.rtm_dst_len = (unsigned char)strtol(slash + 1, NULL, 10);
	}
	nlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, type, sizeof(rtm), NLM_F_ACK | flags);
	memcpy(nlmsg_data(nlmsg_hdr(msg)), &rtm, sizeof(rtm));
	if (slash)
		put_address(msg, RTA_DST, prefix);
	if (route->table)
		nla_put_u32(msg, RTA_TABLE, route->table);
	if (route->metric)
		nla_put_u32(msg, RTA_PRIORITY, route->metric);
	if (route->nexthop)
		nla_put_u32(msg, RTA_NH_ID, route->nexthop);
	if (route->expires)
		nla_put_u32(msg, RTA_EXPIRES, route->expires);
	if (route->source)
		put_address(msg, RTA_PREFSRC, route->source);
	if (route->leg.link)
		nla_put_u32(msg, RTA_OIF, wire_index(g, SIDE_INSIDE, route->leg.link));
	if (route->leg.via)
		put_address(msg, RTA_GATEWAY, route->leg.via);
	if (route->n_legs)
		put_legs(g, msg, route);
	return msg;
}

void table_add(struct ground *g, const struct table_route *route)
{
	must_send(g, build(g, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route), route->to);
}

void table_replace(struct ground *g, const struct table_route *route)
{
	must_send(g, build(g, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, route), route->to);
}

void table_append(struct ground *g, const struct table_route *route)
{
	must_send(g, build(g, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND, route), route->to);
}

void table_del(struct ground *g, const struct table_route *route)
{
	must_send(g, build(g, RTM_DELROUTE, 0, route), route->to);
}

static void send_rule(struct ground *g, int type, int flags, int family, unsigned table)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct fib_rule_hdr rule = {.family = (unsigned char)family, .action = FR_ACT_TO_TBL};

	nlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, type, sizeof(rule), NLM_F_ACK | flags);
	memcpy(nlmsg_data(nlmsg_hdr(msg)), &rule, sizeof(rule));
	nla_put_u32(msg, FRA_TABLE, table);
	nla_put_u32(msg, FRA_PRIORITY, PRIORITY);
	must_send(g, msg, "policy rule");
}

void table_rule(struct ground *g, int family, unsigned table)
{
	send_rule(g, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, family, table);
}

void table_unrule(struct ground *g, int family, unsigned table)
{
	send_rule(g, RTM_DELRULE, 0, family, table);
}

void table_nexthop(struct ground *g, unsigned id, const char *link, const char *via)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nhmsg nh = {.nh_family = AF_INET, .nh_protocol = RTPROT_STATIC};

	nlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, RTM_NEWNEXTHOP, sizeof(nh),
		  NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
	memcpy(nlmsg_data(nlmsg_hdr(msg)), &nh, sizeof(nh));
	nla_put_u32(msg, NHA_ID, id);
	nla_put_u32(msg, NHA_OIF, wire_index(g, SIDE_INSIDE, link));
	put_address(msg, NHA_GATEWAY, via);
	must_send(g, msg, "nexthop object");
}

void table_nexthop_del(struct ground *g, unsigned id)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nhmsg nh = {0};

	nlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, RTM_DELNEXTHOP, sizeof(nh), NLM_F_ACK);
	memcpy(nlmsg_data(nlmsg_hdr(msg)), &nh, sizeof(nh));
	nla_put_u32(msg, NHA_ID, id);
	must_send(g, msg, "removal of a nexthop object");
}

void table_sysctl(struct ground *g, enum side side, const char *name, const char *value)
{
	char path[GROUND_PATH];
	int fd;

	ground_go(g, side);
	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
	ground_go(g, SIDE_INSIDE);
}
