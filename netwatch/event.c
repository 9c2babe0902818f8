/* SPDX-License-Identifier: MIT */
#include "netwatch/event.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "netwatch/attrs.h"

/* The filter of the event socket lets the same ones through. A VPN's 0.0.0.0/1 and 2000::/3 lead to
 * the internet as a default route does. */
#define ROUTE_LEN_END 8

_Static_assert(DIRTY_LINKS_MAX <= 32, "one bit of itself per link");

static void mark_link(struct dirty *marks, unsigned ifindex, bool itself)
{
	size_t i = 0;

	while (i < marks->n_links && marks->links[i] != ifindex)
		i++;
	if (i == DIRTY_LINKS_MAX) {
		marks->all = true;
		return;
	}
	if (i == marks->n_links)
		marks->links[marks->n_links++] = ifindex;
	if (itself)
		marks->itself |= UINT32_C(1) << i;
}

static void mark_routes(struct dirty *marks, unsigned family)
{
	if (family == AF_INET || family == AF_UNSPEC)
		marks->routes4 = true;
	if (family == AF_INET6 || family == AF_UNSPEC)
		marks->routes6 = true;
}

static bool too_short(const struct nlmsghdr *nlh, size_t header)
{
	return nlh->nlmsg_len < MNL_NLMSG_HDRLEN + header;
}

/* Every link event marks the routes: IPv4 routes go without one of their own when a link goes down
 * or away. AF_BRIDGE messages tell of a port joining or leaving a bridge, not of the link. */
static int parse_link(const struct nlmsghdr *nlh, struct dirty *marks)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);

	if (too_short(nlh, sizeof(*ifi)))
		return -EBADMSG;
	if (ifi->ifi_family != AF_UNSPEC)
		return 0;
	if (ifi->ifi_index <= 0)
		return -EBADMSG;
	mark_link(marks, (unsigned)ifi->ifi_index, true);
	mark_routes(marks, AF_UNSPEC);
	if (nlh->nlmsg_type == RTM_DELLINK || !(ifi->ifi_flags & IFF_UP))
		marks->omen = true;
	return 1;
}

static int address_flags(const struct nlmsghdr *nlh, uint32_t *ret)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[IFA_MAX + 1];
	struct ipaddr ignored;
	uint32_t flags = ifa->ifa_flags;

	if (attrs_index(nlh, MNL_NLMSG_HDRLEN + sizeof(*ifa), tb, IFA_MAX) < 0 ||
	    attrs_address(tb[IFA_ADDRESS], ifa->ifa_family, &ignored) < 0 ||
	    attrs_address(tb[IFA_LOCAL], ifa->ifa_family, &ignored) < 0 ||
	    attrs_u32(tb[IFA_FLAGS], &flags) < 0)
		return -EBADMSG;
	*ret = flags;
	return 0;
}

static int parse_address(const struct nlmsghdr *nlh, struct dirty *marks)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	uint32_t flags;

	if (too_short(nlh, sizeof(*ifa)))
		return -EBADMSG;
	if (ifa->ifa_family != AF_INET && ifa->ifa_family != AF_INET6)
		return 0;
	if (ifa->ifa_index == 0 || ifa->ifa_prefixlen > (ifa->ifa_family == AF_INET ? 32 : 128) ||
	    address_flags(nlh, &flags) < 0)
		return -EBADMSG;
	mark_link(marks, ifa->ifa_index, false);
	mark_routes(marks, ifa->ifa_family);
	if (nlh->nlmsg_type == RTM_DELADDR || flags & (IFA_F_TENTATIVE | IFA_F_DEPRECATED))
		marks->omen = true;
	return 1;
}

static int parse_route(const struct nlmsghdr *nlh, struct dirty *marks)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);

	if (too_short(nlh, sizeof(*rtm)))
		return -EBADMSG;
	if (rtm->rtm_family != AF_INET && rtm->rtm_family != AF_INET6)
		return 0;
	if (rtm->rtm_dst_len > (rtm->rtm_family == AF_INET ? 32 : 128))
		return -EBADMSG;
	if (rtm->rtm_dst_len >= ROUTE_LEN_END || rtm->rtm_flags & RTM_F_CLONED)
		return 0;
	mark_routes(marks, rtm->rtm_family);
	return 1;
}

/* A nexthop of one family may serve routes of the other. */
static int parse_nexthop(const struct nlmsghdr *nlh, struct dirty *marks)
{
	if (too_short(nlh, sizeof(struct nhmsg)))
		return -EBADMSG;
	mark_routes(marks, AF_UNSPEC);
	return 1;
}

static int parse_rule(const struct nlmsghdr *nlh, struct dirty *marks)
{
	const struct fib_rule_hdr *rule = mnl_nlmsg_get_payload(nlh);

	if (too_short(nlh, sizeof(*rule)))
		return -EBADMSG;
	if (rule->family != AF_INET && rule->family != AF_INET6)
		return 0;
	mark_routes(marks, rule->family);
	return 1;
}

int event_parse(const struct nlmsghdr *nlh, struct dirty *marks)
{
	if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN)
		return -EBADMSG;
	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return parse_link(nlh, marks);
	case RTM_NEWADDR:
	case RTM_DELADDR:
		return parse_address(nlh, marks);
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return parse_route(nlh, marks);
	case RTM_NEWNEXTHOP:
	case RTM_DELNEXTHOP:
		return parse_nexthop(nlh, marks);
	case RTM_NEWRULE:
	case RTM_DELRULE:
		return parse_rule(nlh, marks);
	}
	return 0;
}

bool dirty_any(const struct dirty *marks)
{
	return marks->all || marks->routes4 || marks->routes6 || marks->omen || marks->n_links > 0;
}

bool dirty_has_link(const struct dirty *marks, unsigned ifindex)
{
	for (size_t i = 0; i < marks->n_links; i++) {
		if (marks->links[i] == ifindex)
			return true;
	}
	return marks->all;
}

void dirty_add_all(struct dirty *marks)
{
	marks->all = true;
}
