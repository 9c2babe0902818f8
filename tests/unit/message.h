/* SPDX-License-Identifier: MIT */
/* rtnetlink messages for tests: built as the kernel builds them, and copies of exact size, so that
 * a read past the end is caught. */
#ifndef TESTS_UNIT_MESSAGE_H
#define TESTS_UNIT_MESSAGE_H

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 2048

static inline struct nlmsghdr *message_start(void *buffer, uint16_t type, const void *header,
					     size_t size)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	nlh->nlmsg_type = type;
	memcpy(mnl_nlmsg_put_extra_header(nlh, size), header, size);
	return nlh;
}

static inline struct nlmsghdr *message_link(void *buffer, uint16_t type, uint8_t family, int index,
					    unsigned flags)
{
	struct ifinfomsg ifi = {.ifi_family = family, .ifi_index = index, .ifi_flags = flags};
	struct nlmsghdr *nlh = message_start(buffer, type, &ifi, sizeof(ifi));

	mnl_attr_put_strz(nlh, IFLA_IFNAME, "ppp0");
	return nlh;
}

/* text is IFA_ADDRESS; "" leaves it out. */
static inline struct nlmsghdr *message_address(void *buffer, uint16_t type, const char *text,
					       unsigned index, uint8_t flags)
{
	uint8_t family = strchr(text, ':') ? AF_INET6 : AF_INET, bytes[16];
	struct ifaddrmsg ifa = {.ifa_family = family,
				.ifa_prefixlen = family == AF_INET ? 32 : 64,
				.ifa_flags = flags,
				.ifa_index = index};
	struct nlmsghdr *nlh = message_start(buffer, type, &ifa, sizeof(ifa));

	if (inet_pton(family, text, bytes) == 1)
		mnl_attr_put(nlh, IFA_ADDRESS, family == AF_INET ? 4 : 16, bytes);
	return nlh;
}

static inline struct nlmsghdr *message_route(void *buffer, uint16_t type, uint8_t family,
					     uint8_t dst_len, unsigned flags)
{
	struct rtmsg rtm = {.rtm_family = family,
			    .rtm_dst_len = dst_len,
			    .rtm_table = RT_TABLE_MAIN,
			    .rtm_type = RTN_UNICAST,
			    .rtm_flags = flags};
	struct nlmsghdr *nlh = message_start(buffer, type, &rtm, sizeof(rtm));

	mnl_attr_put_u32(nlh, RTA_TABLE, RT_TABLE_MAIN);
	mnl_attr_put_u32(nlh, RTA_OIF, 2);
	return nlh;
}

static inline struct nlmsghdr *message_nexthop(void *buffer, uint16_t type)
{
	struct nhmsg nhm = {.nh_family = AF_INET};
	struct nlmsghdr *nlh = message_start(buffer, type, &nhm, sizeof(nhm));

	mnl_attr_put_u32(nlh, NHA_ID, 11);
	return nlh;
}

static inline struct nlmsghdr *message_rule(void *buffer, uint16_t type, uint8_t family,
					    uint32_t table)
{
	struct fib_rule_hdr rule = {
		.family = family, .table = RT_TABLE_COMPAT, .action = FR_ACT_TO_TBL};
	struct nlmsghdr *nlh = message_start(buffer, type, &rule, sizeof(rule));

	mnl_attr_put_u32(nlh, FRA_TABLE, table);
	return nlh;
}

/* The first size bytes in a block of just that size; the caller frees. Its length says size too,
 * unless that is too small to hold it. */
static inline struct nlmsghdr *message_cut(const struct nlmsghdr *nlh, size_t size)
{
	struct nlmsghdr *copy = malloc(size);

	memcpy(copy, nlh, size);
	if (size >= sizeof(copy->nlmsg_len))
		copy->nlmsg_len = (uint32_t)size;
	return copy;
}

#endif
