/* SPDX-License-Identifier: MIT */
/* From one answer of the kernel to the value it tells: a link, an address, a route, a rule. */
#ifndef NETWATCH_READING_H
#define NETWATCH_READING_H

#include <stdbool.h>

#include "netwatch/link.h"

struct nlattr;
struct nlmsghdr;

/* One entry of a routing table. */
struct fib_entry {
	sa_family_t family;
	uint8_t type; /* RTN_* */
	uint8_t dst_len, src_len;
	bool cloned;
	bool nexthop_object;       /* its legs are in an object of their own */
	const struct nlattr *legs; /* RTA_MULTIPATH, or NULL; borrowed from the message */
	struct route route;        /* ifindex 0: several legs, or not told */
};

/* 1: filled. 0: another kind of message. -EBADMSG: malformed. *ret is untouched unless filled;
 * pointers in it live as long as the message. */
int reading_link(const struct nlmsghdr *nlh, struct link *ret);
int reading_address(const struct nlmsghdr *nlh, struct address *ret, unsigned *ret_ifindex);
int reading_route(const struct nlmsghdr *nlh, struct fib_entry *ret);

/* The table a policy rule sends to; 0: none. */
int reading_rule_table(const struct nlmsghdr *nlh, uint32_t *ret);

/* Whether it is a way to the global internet: unicast, from any source, a prefix shorter than 8
 * bits (a VPN's /1 pairs and 2000::/3 count, connected networks do not). */
bool reading_is_default(const struct fib_entry *entry);

/* Whether it, or one leg of it, leaves by that link. */
bool reading_leaves_by(const struct fib_entry *entry, unsigned ifindex);

#endif
