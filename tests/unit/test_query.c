/* SPDX-License-Identifier: MIT */
#include "netwatch/inquiry.c"
#include "netwatch/query.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/message.h"
#include "tests/unit/netns.h"

/* Two ways out, w1 (index 11) and w2 (12), and in each test what is added. */
static const char ground[] = "link add w1 index 11 type veth peer name p1 index 21\n"
			     "link add w2 index 12 type veth peer name p2 index 22\n"
			     "link set lo up\n"
			     "link set p1 up\n"
			     "link set p2 up\n"
			     "link set w1 up\n"
			     "link set w2 up\n"
			     "address add 192.0.2.10/24 dev w1\n"
			     "address add 198.51.100.10/24 dev w2\n"
			     "address add 2001:db8:1::10/64 dev w1 nodad\n"
			     "address add 2001:db8:2::10/64 dev w2 nodad\n";

static struct query *query;

static int lay_ground(void **state)
{
	(void)state;
	query = NULL;
	if (!netns_enter())
		return 0;
	return netns_batch(ground) == 0 ? query_open(&query) : -1;
}

static int clear_ground(void **state)
{
	(void)state;
	query_close(query);
	return 0;
}

static void need_ground(void)
{
	if (!query)
		skip();
}

struct seen_links {
	unsigned n, n_veth;
	unsigned first;
};

static int see_link(void *arg, const struct link *link)
{
	struct seen_links *seen = arg;

	if (!link) {
		*seen = (struct seen_links){0};
		return 0;
	}
	assert_null(link->addresses);
	seen->n_veth += strcmp(link->kind, "veth") == 0;
	if (seen->n++ == 0)
		seen->first = link->ifindex;
	return 0;
}

static int stop_at_once(void *arg, const struct link *link)
{
	(void)link;
	++*(unsigned *)arg;
	return -ECANCELED;
}

static void reads_links(void **state)
{
	struct seen_links seen = {0};
	struct link link;
	unsigned calls = 0;

	(void)state;
	need_ground();
	assert_int_equal(query_links(query, see_link, &seen), 0);
	assert_int_equal(seen.n_veth, 4);
	assert_true(seen.n >= 5); /* some kernels add fall-back tunnels */
	assert_int_equal(query_links(query, stop_at_once, &calls), -ECANCELED);
	assert_int_equal(calls, 1);
	assert_int_equal(netns_batch("link property add dev w1 altname uplink\n"
				     "link property add dev w1 altname wan-of-the-house\n"
				     "link set p1 down\n"),
			 0);
	assert_int_equal(query_link(query, 11, &link), 0);
	assert_string_equal(link.name, "w1");
	assert_string_equal(link.kind, "veth");
	assert_string_equal(link.altnames[0], "uplink");
	assert_string_equal(link.altnames[1], "wan-of-the-house");
	assert_string_equal(link.altnames[2], "");
	assert_true(link.flags & IFF_UP);
	assert_false(link.flags & IFF_RUNNING);
	assert_int_equal(link.operstate, 3); /* IF_OPER_LOWERLAYERDOWN */
	memset(&link, 7, sizeof(link));
	assert_int_equal(query_link(query, 4711, &link), -ENODEV);
	assert_int_equal(link.ifindex, 0x07070707);
}

static const struct address *find(const struct address *list, size_t n, const char *text)
{
	struct ipaddr addr;

	assert_int_equal(addr_parse(text, &addr), 0);
	for (size_t i = 0; i < n; i++) {
		if (addr_equal(&list[i].addr, &addr))
			return &list[i];
	}
	return NULL;
}

static void reads_addresses_of_one_link(void **state)
{
	const struct address *address;
	struct address *list = NULL;
	char text[ADDR_TEXT_MAX];
	size_t n = 0;

	(void)state;
	need_ground();
	assert_int_equal(netns_batch("address add 203.0.113.77 peer 198.51.100.254/32 dev w1\n"
				     "address add 2001:db8:77::1 peer 2001:db8:77::2/128 dev w1\n"
				     "address add 192.0.2.11/24 dev w1 valid_lft 100 "
				     "preferred_lft 50 noprefixroute\n"
				     "address add 192.0.2.10/25 dev w1\n"),
			 0);
	assert_int_equal(query_addresses(query, 11, &list, &n), 0);
	assert_non_null(address = find(list, n, "203.0.113.77"));
	assert_string_equal(addr_text(&address->peer, text), "198.51.100.254");
	assert_int_equal(address->preferred_s, UINT32_MAX);
	assert_true(address->flags & IFA_F_PERMANENT);
	assert_non_null(address = find(list, n, "2001:db8:77::1"));
	assert_string_equal(addr_text(&address->peer, text), "2001:db8:77::2");
	assert_non_null(address = find(list, n, "192.0.2.11"));
	assert_int_equal(address->peer.family, AF_UNSPEC);
	assert_in_range(address->preferred_s, 48, 50);
	assert_in_range(address->valid_s, 98, 100);
	assert_true(address->flags & IFA_F_NOPREFIXROUTE); /* beyond the 8-bit field */
	assert_true(address->flags & IFA_F_SECONDARY);
	assert_non_null(find(list, n, "2001:db8:1::10"));
	assert_null(find(list, n, "198.51.100.10"));
	assert_null(find(list, n, "198.51.100.254"));
	assert_int_equal(n, 7); /* the two of 192.0.2.10, and the link-local one */
	free(list);
}

/* An old or odd kernel tells every address of every link, and nothing of a link that is gone. */
static void stop_strict_checking(void)
{
	query->inquiry->lenient = true;
	close_socket(query->inquiry);
}

static void a_link_that_is_gone_is_not_an_empty_one(void **state)
{
	struct address *list = (void *)&query;
	size_t n = 4711;

	(void)state;
	need_ground();
	assert_int_equal(netns_batch("address flush dev w2\n"), 0);
	for (unsigned lenient = 0; lenient < 2; lenient++) {
		assert_int_equal(query_addresses(query, 4711, &list, &n), -ENODEV);
		assert_ptr_equal(list, &query);
		assert_int_equal(n, 4711);
		stop_strict_checking();
	}
	assert_int_equal(query_addresses(query, 12, &list, &n), 0);
	assert_null(list);
	assert_int_equal(n, 0);
	assert_int_equal(query_addresses(query, 11, &list, &n), 0);
	assert_int_equal(n, 3);
	free(list);
}

static void too_many_addresses_are_refused(void **state)
{
	struct address *list = NULL;
	char text[ADDRESSES_MAX * 48];
	size_t n = 0, used = 0;

	(void)state;
	need_ground();
	for (unsigned i = 0; i <= ADDRESSES_MAX; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "address add 10.0.%u.%u/32 dev lo\n", i / 256, i % 256);
	assert_int_equal(netns_batch(text), 0);
	assert_int_equal(query_addresses(query, 1, &list, &n), -E2BIG);
	assert_null(list);
	assert_int_equal(netns_batch("address del 127.0.0.1/8 dev lo\n"
				     "address del ::1/128 dev lo\n"
				     "address del 10.0.0.0/32 dev lo\n"),
			 0);
	assert_int_equal(query_addresses(query, 1, &list, &n), 0);
	assert_int_equal(n, ADDRESSES_MAX);
	free(list);
	list = NULL;
	assert_int_equal(query_addresses(query, 11, &list, &n), 0);
	assert_int_equal(n, 3);
	free(list);
}

#define NO -1

/* The answers expected for the global way out, an ifindex (0: 11 or 12) or just that error, and by
 * w1 and w2: an ifindex, or some error. */
static const struct route_row {
	const char *name, *batch;
	sa_family_t family;
	int global, w1, w2;
} route_rows[] = {
	{"connected networks are no way out", "", AF_INET, -ENETUNREACH, NO, NO},
	{"nor are they in IPv6", "", AF_INET6, -ENETUNREACH, NO, NO},
	{"default by w1, and the trap of IPv4: w2 answers for any destination",
	 "route add default via 192.0.2.1\n", AF_INET, 11, 11, NO},
	{"IPv6 default by w1", "route add ::/0 via 2001:db8:1::1\n", AF_INET6, 11, 11, NO},
	{"the worse metric counts as well",
	 "route add default via 192.0.2.1 metric 100\n"
	 "route add default via 198.51.100.1 metric 200\n",
	 AF_INET, 11, 11, 12},
	{"and in IPv6",
	 "route add ::/0 via 2001:db8:1::1 metric 2000\n"
	 "route add ::/0 via 2001:db8:2::1 metric 1000\n",
	 AF_INET6, 12, 11, 12},
	{"unreachable default first",
	 "route add unreachable default metric 5\n"
	 "route add default via 192.0.2.1 metric 100\n",
	 AF_INET, -EHOSTUNREACH, NO, NO},
	{"unreachable default alone", "route add unreachable ::/0 metric 5\n", AF_INET6,
	 -EHOSTUNREACH, NO, NO},
	{"blackhole default", "route add blackhole ::/0 metric 5\n", AF_INET6, -EINVAL, NO, NO},
	{"IPv4 blackhole default", "route add blackhole default\n", AF_INET, -EINVAL, NO, NO},
	{"prohibit default", "route add prohibit default\n", AF_INET, -EACCES, NO, NO},
	{"halves of a VPN",
	 "route add default via 192.0.2.1\n"
	 "route add 0.0.0.0/1 via 198.51.100.1\n"
	 "route add 128.0.0.0/1 via 198.51.100.1\n",
	 AF_INET, 12, 11, 12},
	{"2000::/3", "route add 2000::/3 via 2001:db8:2::1\n", AF_INET6, 12, NO, 12},
	{"a provider's network is no default", "route add 198.41.0.0/24 via 192.0.2.1\n", AF_INET,
	 -ENETUNREACH, NO, NO},
	{"link route", "route add default dev w2\n", AF_INET, 12, NO, 12},
	{"two legs",
	 "route add default nexthop via 192.0.2.1 weight 255 nexthop via 198.51.100.1\n", AF_INET,
	 0, 11, 12},
	{"two IPv6 legs", "route add ::/0 nexthop via 2001:db8:1::1 nexthop via 2001:db8:2::1\n",
	 AF_INET6, 0, 11, 12},
	{"nexthop object",
	 "nexthop add id 9 via 198.51.100.1 dev w2\n"
	 "route add default nhid 9\n",
	 AF_INET, 12, NO, 12},
	{"IPv6 nexthop object",
	 "nexthop add id 9 via 2001:db8:2::1 dev w2\n"
	 "route add ::/0 nhid 9\n",
	 AF_INET6, 12, NO, 12},
	{"group of nexthop objects",
	 "nexthop add id 8 via 192.0.2.1 dev w1\n"
	 "nexthop add id 9 via 198.51.100.1 dev w2\n"
	 "nexthop add id 100 group 8/9\n"
	 "route add default nhid 100\n",
	 AF_INET, 0, 11, 12},
	{"rule to another table for all",
	 "route add default via 192.0.2.1\n"
	 "route add default via 198.51.100.1 table 1000\n"
	 "rule add lookup 1000 pref 100\n",
	 AF_INET, 12, 11, 12},
	{"table of its own for a source",
	 "route add default via 192.0.2.1\n"
	 "route add default via 198.51.100.1 table 1000\n"
	 "rule add from 198.51.100.10 lookup 1000\n",
	 AF_INET, 11, 11, 12},
	{"IPv6 table of its own for a source",
	 "-6\n"
	 "route add ::/0 via 2001:db8:1::1\n"
	 "route add ::/0 via 2001:db8:2::1 table 77\n"
	 "rule add from 2001:db8:2::10 lookup 77\n",
	 AF_INET6, 11, 11, 12},
	{"a table without a rule", "route add default via 198.51.100.1 table 1000\n", AF_INET,
	 -ENETUNREACH, NO, NO},
	{"a rule without a table", "rule add from 198.51.100.10 lookup 1000\n", AF_INET,
	 -ENETUNREACH, NO, NO},
	{"an unreachable default in a table of its own",
	 "route add unreachable default table 1000\n"
	 "rule add from 198.51.100.10 lookup 1000\n",
	 AF_INET, -ENETUNREACH, NO, NO},
	{"link down: IPv4 routes go silently",
	 "route add default via 192.0.2.1\nlink set w1 down\n", AF_INET, -ENETUNREACH, NO, NO},
	{"a default for one source only", "route add ::/0 from 2001:db8:1::/64 via 2001:db8:1::1\n",
	 AF_INET6, -ENETUNREACH, NO, NO},
};

static void expect_route(const struct route_row *row, unsigned ifindex, int want)
{
	struct route route = {.metric = 4711};
	int r = query_route(query, row->family, ifindex, &route);

	bool right = want == NO  ? route.error < 0
		     : want < 0  ? route.error == want
		     : want == 0 ? route.error == 0 && (route.ifindex == 11 || route.ifindex == 12)
				 : route.error == 0 && route.ifindex == (unsigned)want;

	if (r < 0 || !right)
		fail_msg("%s, by %u: %d, error %d, ifindex %u", row->name, ifindex, r, route.error,
			 route.ifindex);
}

/* compat: whether routes by a nexthop object tell of its legs as well. */
static void tell_the_way_out(void **state, const char *compat)
{
	static const char path[] = "/proc/sys/net/ipv4/nexthop_compat_mode";

	for (size_t i = 0; i < sizeof(route_rows) / sizeof(*route_rows); i++) {
		assert_int_equal(lay_ground(state), 0);
		need_ground();
		assert_int_equal(netns_write(path, compat), 0);
		assert_int_equal(netns_batch(route_rows[i].batch), 0);
		for (unsigned lenient = 0; lenient < 2; lenient++) {
			expect_route(&route_rows[i], 0, route_rows[i].global);
			expect_route(&route_rows[i], 11, route_rows[i].w1);
			expect_route(&route_rows[i], 12, route_rows[i].w2);
			stop_strict_checking();
		}
		clear_ground(state);
		query = NULL;
	}
}

static void tells_the_way_out(void **state)
{
	tell_the_way_out(state, "1");
}

static void tells_the_way_out_without_legs_told(void **state)
{
	tell_the_way_out(state, "0");
}

static void tells_table_metric_and_expiry(void **state)
{
	struct route route;

	(void)state;
	need_ground();
	assert_int_equal(netns_batch("route add default via 192.0.2.1 metric 100\n"
				     "route add default via 198.51.100.1 table 1000 metric 7\n"
				     "rule add from 198.51.100.10 lookup 1000\n"
				     "route add ::/0 via 2001:db8:1::1 expires 30 metric 512\n"),
			 0);
	assert_int_equal(query_route(query, AF_INET, 0, &route), 0);
	assert_int_equal(route.metric, 100);
	assert_int_equal(route.table, RT_TABLE_MAIN);
	assert_int_equal(route.expires_s, UINT32_MAX);
	assert_int_equal(query_route(query, AF_INET, 12, &route), 0);
	assert_int_equal(route.metric, 7);
	assert_int_equal(route.table, 1000);
	assert_int_equal(query_route(query, AF_INET6, 0, &route), 0);
	assert_int_equal(route.metric, 512);
	assert_in_range(route.expires_s, 28, 30);
	assert_int_equal(query_route(query, AF_INET6, 4711, &route), 0);
	assert_true(route.error < 0);
	assert_int_equal(query_route(query, AF_INET, 4711, &route), 0);
	assert_true(route.error < 0);
}

static void a_table_that_is_not_there_is_empty(void **state)
{
	struct route_reader reader = {.ifindex = 11};

	(void)state;
	need_ground();
	assert_string_equal(query_error(query), "");
	assert_int_equal(dump_table(query, AF_INET, 4711, &reader), 0);
	assert_false(reader.found);
	assert_string_not_equal(query_error(query), ""); /* the kernel's own words */
}

/* As a dump lists it until the kernel sweeps, half a minute later perhaps. */
static void a_route_that_has_expired_is_none(void **state)
{
	static const struct {
		int32_t ticks;
		bool found;
	} rows[] = {{0, true}, {1, true}, {-1, false}, {-3000, false}};
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct nlmsghdr *nlh = message_route(buffer, RTM_NEWROUTE, AF_INET6, 0, 0);
		const struct rta_cacheinfo stamps = {.rta_expires = rows[i].ticks};
		struct route_reader reader = {.ifindex = 2};

		mnl_attr_put(nlh, RTA_CACHEINFO, sizeof(stamps), &stamps);
		assert_int_equal(each_route(&reader, nlh), rows[i].found);
		assert_int_equal(reader.found, rows[i].found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_links, lay_ground, clear_ground),
		cmocka_unit_test_setup_teardown(reads_addresses_of_one_link, lay_ground,
						clear_ground),
		cmocka_unit_test_setup_teardown(a_link_that_is_gone_is_not_an_empty_one, lay_ground,
						clear_ground),
		cmocka_unit_test_setup_teardown(too_many_addresses_are_refused, lay_ground,
						clear_ground),
		cmocka_unit_test(tells_the_way_out),
		cmocka_unit_test(tells_the_way_out_without_legs_told),
		cmocka_unit_test_setup_teardown(tells_table_metric_and_expiry, lay_ground,
						clear_ground),
		cmocka_unit_test_setup_teardown(a_table_that_is_not_there_is_empty, lay_ground,
						clear_ground),
		cmocka_unit_test(a_route_that_has_expired_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
