/* SPDX-License-Identifier: MIT */
#include "netwatch/reading.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "netwatch/attrs.h"

/* Expiry stamps of routes count USER_HZ, 100 wherever glibc runs but on Alpha. */
#define TICKS_PER_SECOND 100

static bool too_short(const struct nlmsghdr *nlh, size_t header)
{
	return nlh->nlmsg_len < MNL_NLMSG_HDRLEN + header;
}

static unsigned bits(sa_family_t family)
{
	return family == AF_INET ? 32 : 128;
}

static int read_altnames(const struct nlattr *list, struct link *link)
{
	const struct nlattr *attr = NULL;
	size_t n = 0;

	while (list && n < LINK_ALTNAMES_MAX && (attr = attrs_next(list, attr))) {
		if (mnl_attr_get_type(attr) != IFLA_ALT_IFNAME)
			continue;
		if (attrs_string(attr, link->altnames[n++], ALTNAME_MAX) < 0)
			return -EBADMSG;
	}
	return 0;
}

static int read_kind(const struct nlattr *info, struct link *link)
{
	const struct nlattr *tb[IFLA_INFO_MAX + 1];

	if (!info)
		return 0;
	if (attrs_nested(info, tb, IFLA_INFO_MAX) < 0)
		return -EBADMSG;
	return attrs_string(tb[IFLA_INFO_KIND], link->kind, sizeof(link->kind));
}

int reading_link(const struct nlmsghdr *nlh, struct link *ret)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[IFLA_MAX + 1];
	struct link link = {0};

	if (nlh->nlmsg_type != RTM_NEWLINK)
		return 0;
	if (too_short(nlh, sizeof(*ifi)))
		return -EBADMSG;
	if (ifi->ifi_family != AF_UNSPEC)
		return 0;
	if (ifi->ifi_index <= 0 ||
	    attrs_index(nlh, MNL_NLMSG_HDRLEN + sizeof(*ifi), tb, IFLA_MAX) < 0 ||
	    !tb[IFLA_IFNAME] || attrs_string(tb[IFLA_IFNAME], link.name, sizeof(link.name)) < 0 ||
	    read_altnames(tb[IFLA_PROP_LIST], &link) < 0 || read_kind(tb[IFLA_LINKINFO], &link) < 0)
		return -EBADMSG;
	link.ifindex = (unsigned)ifi->ifi_index;
	link.flags = ifi->ifi_flags;
	if (tb[IFLA_OPERSTATE] && mnl_attr_get_payload_len(tb[IFLA_OPERSTATE]) >= 1)
		link.operstate = *(const uint8_t *)mnl_attr_get_payload(tb[IFLA_OPERSTATE]);
	*ret = link;
	return 1;
}

static int read_lifetimes(const struct nlattr *attr, struct address *address)
{
	struct ifa_cacheinfo stamps;

	if (!attr)
		return 0;
	if (mnl_attr_get_payload_len(attr) < sizeof(stamps))
		return -EBADMSG;
	memcpy(&stamps, mnl_attr_get_payload(attr), sizeof(stamps));
	address->preferred_s = stamps.ifa_prefered;
	address->valid_s = stamps.ifa_valid;
	address->created = stamps.cstamp;
	return 0;
}

/* With both, IFA_LOCAL is ours and IFA_ADDRESS the peer's, or ours again where there is no peer;
 * IPv6 without a peer has IFA_ADDRESS alone. */
static int read_local(const struct nlattr **tb, sa_family_t family, struct address *address)
{
	struct ipaddr remote = {0}, local = {0};

	if (attrs_address(tb[IFA_ADDRESS], family, &remote) < 0 ||
	    attrs_address(tb[IFA_LOCAL], family, &local) < 0 ||
	    (remote.family == AF_UNSPEC && local.family == AF_UNSPEC))
		return -EBADMSG;
	address->addr = local.family == AF_UNSPEC ? remote : local;
	if (remote.family != AF_UNSPEC && !addr_equal(&remote, &address->addr))
		address->peer = remote;
	return 0;
}

int reading_address(const struct nlmsghdr *nlh, struct address *ret, unsigned *ret_ifindex)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[IFA_MAX + 1];
	struct address address = {.preferred_s = UINT32_MAX, .valid_s = UINT32_MAX};

	if (nlh->nlmsg_type != RTM_NEWADDR)
		return 0;
	if (too_short(nlh, sizeof(*ifa)))
		return -EBADMSG;
	if (ifa->ifa_family != AF_INET && ifa->ifa_family != AF_INET6)
		return 0;
	address.prefix_len = ifa->ifa_prefixlen;
	address.scope = ifa->ifa_scope;
	address.flags = ifa->ifa_flags;
	if (ifa->ifa_index == 0 || ifa->ifa_prefixlen > bits(ifa->ifa_family) ||
	    attrs_index(nlh, MNL_NLMSG_HDRLEN + sizeof(*ifa), tb, IFA_MAX) < 0 ||
	    read_local(tb, ifa->ifa_family, &address) < 0 ||
	    attrs_u32(tb[IFA_FLAGS], &address.flags) < 0 ||
	    read_lifetimes(tb[IFA_CACHEINFO], &address) < 0)
		return -EBADMSG;
	*ret = address;
	*ret_ifindex = ifa->ifa_index;
	return 1;
}

/* Rounded up, so that looking again after that long finds the route gone. */
static int read_expiry(const struct nlattr *attr, struct route *route)
{
	struct rta_cacheinfo stamps;
	int64_t ticks;

	if (!attr)
		return 0;
	if (mnl_attr_get_payload_len(attr) < sizeof(stamps))
		return -EBADMSG;
	memcpy(&stamps, mnl_attr_get_payload(attr), sizeof(stamps));
	ticks = (int32_t)stamps.rta_expires;
	if (ticks > 0)
		route->expires_s = (uint32_t)((ticks + TICKS_PER_SECOND - 1) / TICKS_PER_SECOND);
	else if (ticks < 0)
		route->expires_s = 0;
	return 0;
}

int reading_route(const struct nlmsghdr *nlh, struct fib_entry *ret)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[RTA_MAX + 1];
	struct fib_entry entry = {.route.expires_s = UINT32_MAX};

	if (nlh->nlmsg_type != RTM_NEWROUTE)
		return 0;
	if (too_short(nlh, sizeof(*rtm)))
		return -EBADMSG;
	if (rtm->rtm_family != AF_INET && rtm->rtm_family != AF_INET6)
		return 0;
	entry.family = rtm->rtm_family;
	entry.type = rtm->rtm_type;
	entry.dst_len = rtm->rtm_dst_len;
	entry.src_len = rtm->rtm_src_len;
	entry.cloned = rtm->rtm_flags & RTM_F_CLONED;
	entry.route.table = rtm->rtm_table;
	if (rtm->rtm_dst_len > bits(rtm->rtm_family) || rtm->rtm_src_len > bits(rtm->rtm_family) ||
	    attrs_index(nlh, MNL_NLMSG_HDRLEN + sizeof(*rtm), tb, RTA_MAX) < 0 ||
	    attrs_u32(tb[RTA_OIF], &entry.route.ifindex) < 0 ||
	    attrs_u32(tb[RTA_TABLE], &entry.route.table) < 0 ||
	    attrs_u32(tb[RTA_PRIORITY], &entry.route.metric) < 0 ||
	    read_expiry(tb[RTA_CACHEINFO], &entry.route) < 0)
		return -EBADMSG;
	entry.legs = tb[RTA_MULTIPATH];
	entry.nexthop_object = tb[RTA_NH_ID];
	*ret = entry;
	return 1;
}

int reading_rule_table(const struct nlmsghdr *nlh, uint32_t *ret)
{
	const struct fib_rule_hdr *rule = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[FRA_MAX + 1];
	uint32_t table;

	if (nlh->nlmsg_type != RTM_NEWRULE)
		return 0;
	if (too_short(nlh, sizeof(*rule)))
		return -EBADMSG;
	table = rule->table;
	if (attrs_index(nlh, MNL_NLMSG_HDRLEN + sizeof(*rule), tb, FRA_MAX) < 0 ||
	    attrs_u32(tb[FRA_TABLE], &table) < 0)
		return -EBADMSG;
	*ret = rule->action == FR_ACT_TO_TBL ? table : 0;
	return 1;
}

bool reading_is_default(const struct fib_entry *entry)
{
	return entry->type == RTN_UNICAST && entry->dst_len < 8 && entry->src_len == 0 &&
	       !entry->cloned;
}

static bool leg_leaves_by(const struct nlattr *legs, unsigned ifindex)
{
	const char *bytes = mnl_attr_get_payload(legs);
	size_t left = mnl_attr_get_payload_len(legs);
	struct rtnexthop leg;
	size_t step;

	while (left >= sizeof(leg)) {
		memcpy(&leg, bytes, sizeof(leg));
		if (leg.rtnh_len < sizeof(leg) || leg.rtnh_len > left)
			return false;
		if (leg.rtnh_ifindex == (int)ifindex)
			return true;
		step = MNL_ALIGN((size_t)leg.rtnh_len);
		if (step >= left)
			return false;
		bytes += step;
		left -= step;
	}
	return false;
}

bool reading_leaves_by(const struct fib_entry *entry, unsigned ifindex)
{
	if (entry->route.ifindex != 0)
		return entry->route.ifindex == ifindex;
	return entry->legs && leg_leaves_by(entry->legs, ifindex);
}
