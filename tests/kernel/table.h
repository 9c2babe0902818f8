/* SPDX-License-Identifier: MIT */
/*
 * Routes of every kind, policy rules and nexthop objects of the inside, as messages built here and
 * sent through libnl. Every function fails the test case when the kernel refuses.
 */
#ifndef TESTS_KERNEL_TABLE_H
#define TESTS_KERNEL_TABLE_H

#include "tests/kernel/ground.h"

/* One way for a route, or a leg of several. */
struct table_leg {
	const char *link, *via; /* via NULL: on the link */
};

/* A route as the kernel takes it; zero or NULL: not said. */
struct table_route {
	const char *to;   /* "default", "default6" or an IPv4 prefix */
	unsigned type;    /* RTN_*; 0: RTN_UNICAST */
	unsigned metric;  /* RTA_PRIORITY */
	unsigned table;   /* 0: main */
	unsigned nexthop; /* RTA_NH_ID */
	unsigned expires; /* seconds; IPv6 */
	const char *source;
	struct table_leg leg;
	const struct table_leg *legs; /* several ways in place of one */
	size_t n_legs;
};

void table_add(struct ground *g, const struct table_route *route);

/* Like `ip route replace`: one NLM_F_REPLACE, no DELROUTE for the victim. */
void table_replace(struct ground *g, const struct table_route *route);

/* Like `ip route append`: one more way beside those of the same metric. */
void table_append(struct ground *g, const struct table_route *route);
void table_del(struct ground *g, const struct table_route *route);

/* All traffic of a family (AF_INET, AF_INET6) is looked up in that table. */
void table_rule(struct ground *g, int family, unsigned table);
void table_unrule(struct ground *g, int family, unsigned table);

/* A nexthop object, new or replaced. */
void table_nexthop(struct ground *g, unsigned id, const char *link, const char *via);
void table_nexthop_del(struct ground *g, unsigned id);

/* Writes a sysctl of a side ("net/ipv4/nexthop_compat_mode"). */
void table_sysctl(struct ground *g, enum side side, const char *name, const char *value);

#endif
