/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "netwatch/query.h"

/* Questions to the kernel are counted, and can be made to fail. */
static int counted_links(struct query *query, int (*fn)(void *arg, const struct link *link),
			 void *arg);
static int counted_link(struct query *query, unsigned ifindex, struct link *ret);
static int counted_addresses(struct query *query, unsigned ifindex, struct address **ret,
			     size_t *ret_n);
static int counted_route(struct query *query, sa_family_t family, unsigned ifindex,
			 struct route *ret);
#define query_links     counted_links
#define query_link      counted_link
#define query_addresses counted_addresses
#define query_route     counted_route
#include "netwatch/survey.c"
#undef query_links
#undef query_link
#undef query_addresses
#undef query_route

#include <stdio.h>
#include <time.h>

#include "netwatch/event.h"
#include "tests/unit/netns.h"

static struct {
	unsigned links, link, addresses, route;
} asked;
static unsigned fail_at, questions; /* the fail_at-th question fails with error */
static int fail_with;
static bool last_tick; /* routes are told as in the last hundredth of a second of their lives */

static bool fails(void)
{
	return ++questions == fail_at;
}

static int counted_links(struct query *query, int (*fn)(void *arg, const struct link *link),
			 void *arg)
{
	asked.links++;
	return fails() ? fail_with : query_links(query, fn, arg);
}

static int counted_link(struct query *query, unsigned ifindex, struct link *ret)
{
	asked.link++;
	return fails() ? fail_with : query_link(query, ifindex, ret);
}

static int counted_addresses(struct query *query, unsigned ifindex, struct address **ret,
			     size_t *ret_n)
{
	asked.addresses++;
	return fails() ? fail_with : query_addresses(query, ifindex, ret, ret_n);
}

static int counted_route(struct query *query, sa_family_t family, unsigned ifindex,
			 struct route *ret)
{
	int r;

	asked.route++;
	if (fails())
		return fail_with;
	r = query_route(query, family, ifindex, ret);
	if (last_tick && r == 0)
		ret->expires_s = UINT32_MAX;
	return r;
}

static const char *const w_links[] = {"w*"};
static const struct interest by_name = {w_links, 1, false}, by_route = {NULL, 0, true};
static struct query *query;
static struct snapshot snapshot;

static int lay_ground(void **state)
{
	(void)state;
	query = NULL;
	fail_at = questions = 0;
	last_tick = false;
	if (!netns_enter())
		return 0;
	if (netns_without_link_local() != 0)
		return -1;
	if (netns_batch("link add w1 index 11 type veth peer name p1 index 21\n"
			"link add w2 index 12 type veth peer name p2 index 22\n"
			"link set lo up\nlink set p1 up\nlink set p2 up\nlink set w1 up\n"
			"link set w2 up\n"
			"address add 192.0.2.10/24 dev w1\n"
			"address add 198.51.100.10/24 dev w2\n"
			"route add default via 192.0.2.1\n") != 0 ||
	    netns_await_carrier("w1") != 0 || netns_await_carrier("w2") != 0)
		return -1;
	return query_open(&query);
}

static int clear_ground(void **state)
{
	(void)state;
	snapshot_done(&snapshot);
	query_close(query);
	return 0;
}

static void need_ground(void)
{
	if (!query)
		skip();
}

static int read_marked(const struct interest *interest, const struct dirty *marks)
{
	memset(&asked, 0, sizeof(asked));
	return survey_read(&snapshot, query, interest, marks, 5000);
}

static int read_all(const struct interest *interest)
{
	struct dirty marks = {.all = true};

	return read_marked(interest, &marks);
}

/* As the events of those links and of the routes would mark it. */
static int read_links_marked(const struct interest *interest, unsigned a, unsigned b)
{
	struct dirty marks = {.routes4 = true, .routes6 = true, .links = {a, b}};

	marks.n_links = b ? 2 : 1;
	marks.itself = b ? 3 : 1;
	return read_marked(interest, &marks);
}

/* An address event: the index alone. */
static int read_address_marked(unsigned ifindex)
{
	struct dirty marks = {.links = {ifindex}, .n_links = 1};

	return read_marked(&by_name, &marks);
}

static void expect_links(const char *want)
{
	char text[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < snapshot.n_links; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%u %s,",
					 snapshot.links[i].ifindex, snapshot.links[i].name);
	assert_string_equal(text, want);
}

static bool has_address(unsigned ifindex, const char *text)
{
	const struct link *link = snapshot_link(&snapshot, ifindex);
	struct ipaddr addr;

	assert_int_equal(addr_parse(text, &addr), 0);
	for (size_t i = 0; link && i < link->n_addresses; i++) {
		if (addr_equal(&link->addresses[i].addr, &addr))
			return true;
	}
	return false;
}

static void reads_the_links_asked_for(void **state)
{
	(void)state;
	need_ground();
	assert_int_equal(read_all(&by_name), 1);
	expect_links("11 w1,12 w2,");
	assert_true(has_address(11, "192.0.2.10"));
	assert_true(has_address(12, "198.51.100.10"));
	assert_int_equal(snapshot.links[0].routes[FAMILY_IPV4].error, 0);
	assert_true(snapshot.links[0].routes[FAMILY_IPV6].error < 0);
	assert_true(snapshot.links[1].routes[FAMILY_IPV4].error < 0);
	assert_int_equal(snapshot.routes[FAMILY_IPV4].ifindex, 11);
	assert_int_equal(snapshot.read_at, 5000);
	assert_int_equal(asked.links, 1);
	assert_int_equal(asked.link, 0);
	assert_int_equal(read_all(&by_name), 0);
	assert_int_equal(read_all(&by_route), 1);
	expect_links("11 w1,");
	assert_null(snapshot_link(&snapshot, 12));
}

static void follows_the_way_out(void **state)
{
	struct dirty marks = {.routes4 = true};

	(void)state;
	need_ground();
	assert_int_equal(read_all(&by_route), 1);
	assert_int_equal(netns_batch("route replace default via 198.51.100.1\n"), 0);
	assert_int_equal(read_marked(&by_route, &marks), 1);
	expect_links("12 w2,");
	assert_true(has_address(12, "198.51.100.10"));
	assert_int_equal(asked.links, 0);
	assert_int_equal(asked.link, 1);
	assert_int_equal(asked.route, 2); /* its IPv6 route is not known yet */
	assert_int_equal(netns_batch("route del default\n"), 0);
	assert_int_equal(read_marked(&by_route, &marks), 1);
	expect_links("");
	assert_int_equal(read_marked(&by_route, &marks), 0);
}

static void a_route_storm_costs_one_lookup(void **state)
{
	struct dirty marks = {.routes4 = true};

	(void)state;
	need_ground();
	assert_int_equal(read_all(&by_route), 1);
	assert_int_equal(read_marked(&by_route, &marks), 0);
	assert_int_equal(asked.route, 1);
	assert_int_equal(asked.links + asked.link + asked.addresses, 0);
}

static void follows_names_not_indexes(void **state)
{
	(void)state;
	need_ground();
	assert_int_equal(read_all(&by_name), 1);
	assert_int_equal(netns_batch("link set w1 name x1\nlink set p2 name w9\n"), 0);
	assert_int_equal(read_links_marked(&by_name, 11, 22), 1);
	expect_links("12 w2,22 w9,");
	assert_int_equal(asked.links, 0);
	assert_int_equal(netns_batch("link set x1 name w1\n"), 0);
	assert_int_equal(read_links_marked(&by_name, 11, 0), 1);
	expect_links("11 w1,12 w2,22 w9,");
	assert_true(has_address(11, "192.0.2.10"));
	assert_int_equal(netns_batch("link set w9 name p2\n"
				     "link property add dev p2 altname wide\n"),
			 0);
	assert_int_equal(read_links_marked(&by_name, 22, 0), 1); /* by its other name now */
	assert_string_equal(snapshot_link(&snapshot, 22)->name, "p2");
}

static void an_index_may_come_back_as_another_link(void **state)
{
	(void)state;
	need_ground();
	assert_int_equal(read_all(&by_name), 1);
	assert_int_equal(netns_batch("link del w1\n"
				     "link add q1 index 11 type veth peer name q2 index 21\n"
				     "address add 203.0.113.7/24 dev q1\n"),
			 0);
	assert_int_equal(read_links_marked(&by_name, 11, 21), 1);
	expect_links("12 w2,");
	assert_int_equal(netns_batch("link del q1\n"
				     "link add w1 index 11 type veth peer name q2 index 21\n"
				     "address add 203.0.113.8/24 dev w1\n"),
			 0);
	assert_int_equal(read_links_marked(&by_name, 11, 21), 1);
	expect_links("11 w1,12 w2,");
	assert_true(has_address(11, "203.0.113.8"));
	assert_false(has_address(11, "192.0.2.10"));
	assert_int_equal(netns_batch("link del w1\n"), 0);
	assert_int_equal(read_links_marked(&by_name, 11, 21), 1);
	expect_links("12 w2,");
}

static void link_down_keeps_addresses_but_no_way_out(void **state)
{
	(void)state;
	need_ground();
	assert_int_equal(read_all(&by_name), 1);
	assert_int_equal(netns_batch("link set w1 down\n"), 0);
	assert_int_equal(read_links_marked(&by_name, 11, 0), 1);
	assert_true(has_address(11, "192.0.2.10"));
	assert_false(snapshot.links[0].flags & IFF_UP);
	assert_int_equal(snapshot.links[0].routes[FAMILY_IPV4].error, -ENETDOWN);
	assert_int_equal(snapshot.routes[FAMILY_IPV4].error, -ENETUNREACH);
}

static void address_events_read_addresses_only(void **state)
{
	(void)state;
	need_ground();
	assert_int_equal(read_all(&by_name), 1);
	assert_int_equal(netns_batch("address add 192.0.2.77/24 dev w1\n"), 0);
	assert_int_equal(read_address_marked(11), 1);
	assert_true(has_address(11, "192.0.2.77"));
	assert_int_equal(asked.links + asked.link, 0);
	assert_int_equal(asked.addresses, 1);
	assert_int_equal(read_address_marked(11), 0);
}

static void foreign_links_cost_next_to_nothing(void **state)
{
	(void)state;
	need_ground();
	assert_int_equal(read_all(&by_name), 1);
	assert_int_equal(read_address_marked(21), 0);
	assert_int_equal(asked.links + asked.link + asked.addresses + asked.route, 0);
	assert_int_equal(read_address_marked(4711), 0);
	assert_int_equal(asked.links + asked.link + asked.addresses + asked.route, 0);
	assert_int_equal(read_links_marked(&by_name, 21, 4711), 0);
	assert_int_equal(asked.links, 0);
	assert_int_equal(asked.link, 2);
	assert_int_equal(asked.addresses, 0);
	expect_links("11 w1,12 w2,");
}

static void lifetimes_are_kept_but_are_no_change(void **state)
{
	const struct link *link;

	(void)state;
	need_ground();
	assert_int_equal(netns_batch("address add 203.0.113.1/32 dev w1 valid_lft 900 "
				     "preferred_lft 600\n"),
			 0);
	assert_int_equal(read_all(&by_name), 1);
	assert_in_range(snapshot_expiry(&snapshot), 5000 + 598 * 1000, 5000 + 600 * 1000 + 1000);
	assert_int_equal(netns_batch("address change 203.0.113.1/32 dev w1 valid_lft 900 "
				     "preferred_lft 300\n"),
			 0);
	assert_int_equal(read_address_marked(11), 0);
	assert_in_range(snapshot_expiry(&snapshot), 5000 + 298 * 1000, 5000 + 300 * 1000 + 1000);
	assert_non_null(link = snapshot_link(&snapshot, 11));
	assert_int_equal(link->read_at, 5000);
	assert_int_equal(netns_batch("address change 203.0.113.1/32 dev w1 valid_lft 900 "
				     "preferred_lft 0\n"),
			 0);
	assert_int_equal(read_address_marked(11), 1);
	assert_int_equal(snapshot_expiry(&snapshot), -1);
}

/* Whichever question fails, the snapshot stays as it was, and nothing leaks. */
static void a_failure_leaves_everything_as_it_was(void **state)
{
	static const int errors[] = {-ENOMEM, -ETIMEDOUT, -EAGAIN};
	unsigned total;

	(void)state;
	need_ground();
	assert_int_equal(read_all(&by_name), 1);
	total = asked.links + asked.addresses + asked.route;
	assert_true(total >= 5);
	assert_int_equal(netns_batch("address add 192.0.2.77/24 dev w1\n"), 0);
	for (size_t e = 0; e < sizeof(errors) / sizeof(*errors); e++) {
		fail_with = errors[e];
		for (unsigned i = 1; i <= total; i++) {
			const struct link *links = snapshot.links;

			questions = 0;
			fail_at = i;
			assert_int_equal(read_all(&by_name), fail_with);
			assert_ptr_equal(snapshot.links, links);
			expect_links("11 w1,12 w2,");
			assert_false(has_address(11, "192.0.2.77"));
		}
	}
	fail_at = 0;
	assert_int_equal(read_all(&by_name), 1);
	expect_links("11 w1,12 w2,");
	assert_true(has_address(11, "192.0.2.77"));
}

/* A link that goes between two questions is dropped, not kept without addresses. */
static void a_link_gone_meanwhile_is_dropped(void **state)
{
	(void)state;
	need_ground();
	fail_with = -ENODEV;
	fail_at = 4; /* two routes, the links, the addresses of w1 */
	assert_int_equal(read_all(&by_name), 1);
	expect_links("12 w2,");
	assert_true(has_address(12, "198.51.100.10"));
}

static int64_t elapsed_us(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * INT64_C(1000000) +
	       (now.tv_nsec - since->tv_nsec) / 1000;
}

/* Many foreign addresses and links: a review neither slows down nor grows with them. */
static void a_crowd_of_foreign_links_is_no_burden(void **state)
{
	static char text[128 * 1024];
	int64_t best = INT64_MAX;
	size_t used = 0;

	(void)state;
	need_ground();
	for (unsigned i = 0; i < 50; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "link add f%u type veth peer name g%u\n", i, i);
	for (unsigned i = 0; i < 1000; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "address add 10.%u.%u.1/32 dev f%u\n", i / 256, i % 256,
					 i % 50);
	assert_int_equal(netns_batch(text), 0);
	assert_int_equal(read_all(&by_name), 1);
	assert_int_equal(snapshot.n_links, 2);
	for (unsigned i = 0; i < 20; i++) {
		struct timespec start;
		int64_t us;

		clock_gettime(CLOCK_MONOTONIC, &start);
		assert_int_equal(read_links_marked(&by_name, 11, 12), 0);
		us = elapsed_us(&start);
		best = us < best ? us : best;
	}
	assert_true(best < 1000);
}

static void the_last_tick_of_a_route_is_not_for_ever(void **state)
{
	int64_t end;

	(void)state;
	need_ground();
	assert_int_equal(netns_batch("-6\nroute add default via fe80::1 dev w1 expires 600\n"), 0);
	assert_int_equal(read_all(&by_route), 1);
	end = snapshot_expiry(&snapshot);
	assert_true(end > 0);
	last_tick = true;
	assert_int_equal(read_all(&by_route), 0);
	assert_int_equal(snapshot_expiry(&snapshot), end);
	/* The one by its link alone, too. */
	assert_int_equal(netns_batch("-6\nroute add default via fe80::1 dev w2 metric 1\n"), 0);
	assert_int_equal(read_all(&by_name), 1);
	assert_int_equal(snapshot.routes[FAMILY_IPV6].ifindex, 12);
	assert_int_equal(snapshot_expiry(&snapshot), end);
}

#define ON_GROUND(test) cmocka_unit_test_setup_teardown(test, lay_ground, clear_ground)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_GROUND(reads_the_links_asked_for),
		ON_GROUND(follows_the_way_out),
		ON_GROUND(a_route_storm_costs_one_lookup),
		ON_GROUND(follows_names_not_indexes),
		ON_GROUND(an_index_may_come_back_as_another_link),
		ON_GROUND(link_down_keeps_addresses_but_no_way_out),
		ON_GROUND(address_events_read_addresses_only),
		ON_GROUND(foreign_links_cost_next_to_nothing),
		ON_GROUND(lifetimes_are_kept_but_are_no_change),
		ON_GROUND(a_failure_leaves_everything_as_it_was),
		ON_GROUND(a_link_gone_meanwhile_is_dropped),
		ON_GROUND(a_crowd_of_foreign_links_is_no_burden),
		ON_GROUND(the_last_tick_of_a_route_is_not_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
