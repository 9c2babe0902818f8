/* SPDX-License-Identifier: MIT */
#include "netwatch/query.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdlib.h>

#include "netwatch/inquiry.h"
#include "netwatch/reading.h"

#define REQUEST_MAX   128
#define ADDRESSES_MAX 1024
#define TABLES_MAX    32   /* that policy rules lead to */
#define ROUTES_MAX    4096 /* by one link in one table */

struct query {
	struct inquiry *inquiry;
};

/* Probe addresses: a.root-servers.net, as global as can be. Nothing is ever sent there. */
static const struct ipaddr probe4 = {AF_INET, {198, 41, 0, 4}};
static const struct ipaddr probe6 = {
	AF_INET6, {0x20, 0x01, 0x05, 0x03, 0xba, 0x3e, [13] = 0x02, [15] = 0x30}};

struct link_reader {
	int (*fn)(void *arg, const struct link *link);
	void *arg;
	bool seen;
};

struct address_reader {
	unsigned ifindex;
	struct address *list;
	size_t n, room;
};

struct route_reader {
	unsigned ifindex;
	struct fib_entry entry;
	bool found;
	size_t n;
};

struct table_reader {
	uint32_t tables[TABLES_MAX];
	size_t n;
};

static struct nlmsghdr *start(char buffer[static REQUEST_MAX], uint16_t type)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	nlh->nlmsg_type = type;
	return nlh;
}

static int each_link(void *arg, const struct nlmsghdr *nlh)
{
	struct link_reader *reader = arg;
	struct link link;
	int r;

	if (!nlh) {
		r = reader->seen ? reader->fn(reader->arg, NULL) : 0;
		reader->seen = false;
		return r;
	}
	r = reading_link(nlh, &link);
	if (r <= 0)
		return r;
	reader->seen = true;
	r = reader->fn(reader->arg, &link);
	return r < 0 ? r : 0;
}

static int one_link(void *arg, const struct nlmsghdr *nlh)
{
	return reading_link(nlh, arg);
}

static int each_address(void *arg, const struct nlmsghdr *nlh)
{
	struct address_reader *reader = arg;
	struct address address, *list;
	unsigned ifindex;
	int r;

	if (!nlh) {
		reader->n = 0;
		return 0;
	}
	r = reading_address(nlh, &address, &ifindex);
	if (r <= 0)
		return r;
	if (ifindex != reader->ifindex)
		return 0;
	if (reader->n == ADDRESSES_MAX)
		return -E2BIG;
	if (reader->n == reader->room) {
		reader->room = reader->room ? reader->room * 2 : 8;
		list = reallocarray(reader->list, reader->room, sizeof(*list));
		if (!list)
			return -ENOMEM;
		reader->list = list;
	}
	reader->list[reader->n++] = address;
	return 0;
}

static int one_route(void *arg, const struct nlmsghdr *nlh)
{
	return reading_route(nlh, arg);
}

/* Ends the dump at the first default route by the link. One that has expired is listed until the
 * kernel sweeps, but no longer used. */
static int each_route(void *arg, const struct nlmsghdr *nlh)
{
	struct route_reader *reader = arg;
	int r;

	if (!nlh)
		return 0;
	r = reading_route(nlh, &reader->entry);
	if (r <= 0)
		return r;
	reader->found = reading_is_default(&reader->entry) && reader->entry.route.expires_s > 0 &&
			reading_leaves_by(&reader->entry, reader->ifindex);
	return reader->found || ++reader->n == ROUTES_MAX;
}

/* Only tables of their own: main and default are looked into by every lookup. */
static int each_rule(void *arg, const struct nlmsghdr *nlh)
{
	struct table_reader *reader = arg;
	uint32_t table;
	int r;

	if (!nlh) {
		reader->n = 0;
		return 0;
	}
	r = reading_rule_table(nlh, &table);
	if (r <= 0)
		return r;
	if (table == RT_TABLE_UNSPEC || table == RT_TABLE_LOCAL || table == RT_TABLE_MAIN ||
	    table == RT_TABLE_DEFAULT)
		return 0;
	for (size_t i = 0; i < reader->n; i++) {
		if (reader->tables[i] == table)
			return 0;
	}
	if (reader->n < TABLES_MAX)
		reader->tables[reader->n++] = table;
	return 0;
}

/* The entry of the routing table that a global destination is sent by, or (flags 0) what becomes of
 * it: one link out of several. */
static int lookup(struct query *query, sa_family_t family, unsigned ifindex, unsigned flags,
		  struct fib_entry *ret)
{
	const struct ipaddr *probe = family == AF_INET ? &probe4 : &probe6;
	size_t size = family == AF_INET ? 4 : 16;
	_Alignas(struct nlmsghdr) char buffer[REQUEST_MAX];
	struct nlmsghdr *nlh = start(buffer, RTM_GETROUTE);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	int r;

	rtm->rtm_family = (unsigned char)family;
	rtm->rtm_dst_len = (unsigned char)(size * 8);
	rtm->rtm_flags = flags;
	mnl_attr_put(nlh, RTA_DST, size, probe->bytes);
	if (ifindex)
		mnl_attr_put_u32(nlh, RTA_OIF, ifindex);
	r = inquiry_one(query->inquiry, nlh, one_route, ret);
	return r < 0 ? r : r == 1 ? 0 : -EBADMSG;
}

/* Without FIB_MATCH, IPv4 takes any destination to be on the link that is asked for. The flag that
 * asks for the table's number is IPv4's: strict checking refuses it for IPv6, which always tells.
 */
static unsigned match_flags(sa_family_t family)
{
	return RTM_F_FIB_MATCH | (family == AF_INET ? RTM_F_LOOKUP_TABLE : 0);
}

static int find_default(struct query *query, sa_family_t family, unsigned ifindex,
			struct route *ret)
{
	struct fib_entry entry, leg;
	int r = lookup(query, family, ifindex, match_flags(family), &entry);

	/* An entry of a page's worth of legs does not fit the answer; the leg taken does. */
	if (r == -EMSGSIZE && ifindex == 0) {
		r = lookup(query, family, 0, 0, &leg);
		if (r == 0)
			*ret = leg.route;
		return r;
	}
	if (r < 0)
		return r;
	if (!reading_is_default(&entry))
		return -ENETUNREACH;
	if (ifindex != 0) {
		if (!reading_leaves_by(&entry, ifindex) &&
		    !(entry.nexthop_object && entry.route.ifindex == 0 && !entry.legs))
			return -ENETUNREACH;
		entry.route.ifindex = ifindex;
	} else if (entry.route.ifindex == 0) {
		r = lookup(query, family, 0, 0, &leg);
		if (r < 0)
			return r;
		entry.route.ifindex = leg.route.ifindex;
	}
	*ret = entry.route;
	return 0;
}

static int dump_table(struct query *query, sa_family_t family, uint32_t table,
		      struct route_reader *reader)
{
	_Alignas(struct nlmsghdr) char buffer[REQUEST_MAX];
	struct nlmsghdr *nlh = start(buffer, RTM_GETROUTE);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	int r;

	rtm->rtm_family = (unsigned char)family;
	mnl_attr_put_u32(nlh, RTA_TABLE, table);
	mnl_attr_put_u32(nlh, RTA_OIF, reader->ifindex);
	r = inquiry_dump(query->inquiry, nlh, each_route, reader);
	return r == -ENOENT ? 0 : r;
}

/* A second way out may have a table of its own, which a lookup without that link's source address
 * or mark does not reach. Only tables that rules lead to count, and only they are read, unless the
 * lookup failed for the length of its answer: a dump has room for it. */
static int search_tables(struct query *query, sa_family_t family, unsigned ifindex, int error,
			 struct route *ret)
{
	struct table_reader tables = {.n = 0};
	struct route_reader reader = {.ifindex = ifindex};
	_Alignas(struct nlmsghdr) char buffer[REQUEST_MAX];
	struct nlmsghdr *nlh = start(buffer, RTM_GETRULE);
	struct fib_rule_hdr *rule = mnl_nlmsg_put_extra_header(nlh, sizeof(*rule));
	int r;

	rule->family = (unsigned char)family;
	r = inquiry_dump(query->inquiry, nlh, each_rule, &tables);
	if (error == -EMSGSIZE && tables.n < TABLES_MAX)
		tables.tables[tables.n++] = RT_TABLE_MAIN;
	for (size_t i = 0; i < tables.n && r >= 0 && !reader.found; i++) {
		reader.n = 0;
		r = dump_table(query, family, tables.tables[i], &reader);
	}
	if (r < 0)
		return r;
	if (!reader.found)
		return -ENETUNREACH;
	*ret = reader.entry.route;
	ret->ifindex = ifindex;
	return 0;
}

static bool is_answer(const struct query *query, int r)
{
	return r >= 0 || r == -ENETUNREACH || inquiry_refused(query->inquiry);
}

int query_open(struct query **ret)
{
	struct query *query = calloc(1, sizeof(*query));
	int r;

	if (!query)
		return -ENOMEM;
	r = inquiry_open(&query->inquiry);
	if (r < 0)
		query_close(query);
	else
		*ret = query;
	return r;
}

void query_close(struct query *query)
{
	if (!query)
		return;
	inquiry_close(query->inquiry);
	free(query);
}

const char *query_error(const struct query *query)
{
	return inquiry_error(query->inquiry);
}

int query_links(struct query *query, int (*fn)(void *arg, const struct link *link), void *arg)
{
	struct link_reader reader = {.fn = fn, .arg = arg};
	_Alignas(struct nlmsghdr) char buffer[REQUEST_MAX];
	struct nlmsghdr *nlh = start(buffer, RTM_GETLINK);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return inquiry_dump(query->inquiry, nlh, each_link, &reader);
}

int query_link(struct query *query, unsigned ifindex, struct link *ret)
{
	_Alignas(struct nlmsghdr) char buffer[REQUEST_MAX];
	struct nlmsghdr *nlh = start(buffer, RTM_GETLINK);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	int r;

	ifi->ifi_index = (int)ifindex;
	mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	r = inquiry_one(query->inquiry, nlh, one_link, ret);
	return r < 0 ? r : r == 1 ? 0 : -EBADMSG;
}

int query_addresses(struct query *query, unsigned ifindex, struct address **ret, size_t *ret_n)
{
	struct address_reader reader = {.ifindex = ifindex};
	_Alignas(struct nlmsghdr) char buffer[REQUEST_MAX];
	struct nlmsghdr *nlh = start(buffer, RTM_GETADDR);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	struct link link;
	int r;

	ifa->ifa_index = ifindex;
	r = inquiry_dump(query->inquiry, nlh, each_address, &reader);
	/* Without strict checking a link that is gone looks like one without addresses. */
	if (r == 0 && reader.n == 0)
		r = query_link(query, ifindex, &link);
	if (r < 0) {
		free(reader.list);
		return r;
	}
	*ret = reader.list;
	*ret_n = reader.n;
	return 0;
}

int query_route(struct query *query, sa_family_t family, unsigned ifindex, struct route *ret)
{
	struct route route = {.expires_s = UINT32_MAX}, other;
	int error = find_default(query, family, ifindex, &route), r;

	if (!is_answer(query, error))
		return error;
	if (error < 0 && ifindex != 0) {
		r = search_tables(query, family, ifindex, error, &other);
		if (!is_answer(query, r))
			return r;
		if (r == 0) {
			route = other;
			error = 0;
		}
	}
	*ret = route;
	ret->error = error;
	return 0;
}
