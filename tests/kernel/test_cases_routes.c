/* SPDX-License-Identifier: MIT */
/*
 * Which way out counts: two WANs, wan0 (192.0.2.10) and wan1 (203.0.113.20, 2001:db8:2::20), and a
 * record that follows the default route.
 */
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/kernel/advert.h"
#include "tests/kernel/inside.h"
#include "tests/kernel/ppp.h"
#include "tests/kernel/scene.h"
#include "tests/kernel/table.h"

enum { QUIET = 250, TABLE = 1000, OBJECT = 11 };

#define RECORD6                                                                   \
	"[" SCENE_NAME "]\nprovider = dyndns2\nfamily = ipv6\nusername = user\n"  \
	"password = opensesame\nurl = http://[2001:db8:53::53]:8080/nic/update\n" \
	"allow-plaintext = yes\ninterface = auto\nsettle = 30ms\n"

static const struct table_leg leg0 = {"wan0", "192.0.2.1"}, leg1 = {"wan1", "203.0.113.1"};

static void second_wan(struct scene *s)
{
	wire_veth(s->g, "wan1", "isp1");
	/* a neighbour is not asked for from a link-local address that may be a duplicate: a packet
	 * from wan0's address that comes first would hold up all others for a second */
	table_sysctl(s->g, SIDE_INSIDE, "net/ipv6/conf/wan1/accept_dad", "0");
	wire_up(s->g, SIDE_OUTSIDE, "isp1");
	wire_del(s->g, SIDE_OUTSIDE, "isp0", "203.0.113.1/24");
	wire_add(s->g, SIDE_OUTSIDE, "isp1", "203.0.113.1/24");
	wire_add(s->g, SIDE_OUTSIDE, "isp1", "2001:db8:2::1/64");
	wire_add(s->g, SIDE_OUTSIDE, "isp1", "fe80::1/64");
	wire_up(s->g, SIDE_INSIDE, "wan1");
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	wire_add(s->g, SIDE_INSIDE, "wan1", "203.0.113.20/24");
}

static void begin(struct scene *s)
{
	second_wan(s);
	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "interface = auto\nsettle = 30ms\n",
			 SCENE_NAME, 8080, "/nic/update");
	daemon_start(&s->d);
}

/* Published by way of wan0, the default route's metric being this. */
static void begin_by_wan0(struct scene *s, unsigned metric)
{
	begin(s);
	table_add(s->g, &(struct table_route){.to = "default", .metric = metric, .leg = leg0});
	scene_expect(s, "192.0.2.10", 1);
}

static void expect_total(struct scene *s, int requests)
{
	scene_expect_quiet(s, QUIET);
	assert_int_equal(serve_count(&s->web, NULL, NULL), requests);
}

static void expect_held(struct scene *s, const char *why)
{
	assert_true(inside_await(&s->d, "ipv4", "why", why, 1000));
	expect_total(s, 1);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 500));
}

static void case_076_replaced_default_route_is_followed(void **state)
{
	struct scene *s = *state;

	begin_by_wan0(s, 0);
	table_replace(s->g, &(struct table_route){.to = "default", .leg = leg1});
	scene_expect(s, "203.0.113.20", 1);
	expect_total(s, 2);
}

static void case_077_next_default_route_takes_over_when_the_link_goes_down(void **state)
{
	struct scene *s = *state;

	begin_by_wan0(s, 100);
	table_add(s->g, &(struct table_route){.to = "default", .metric = 200, .leg = leg1});
	expect_total(s, 1);
	wire_down(s->g, SIDE_INSIDE, "wan0");
	scene_expect(s, "203.0.113.20", 1);
	wire_up(s->g, SIDE_INSIDE, "wan0");
	expect_total(s, 2);
}

static void case_078_default_route_lost_with_the_last_address_is_noticed(void **state)
{
	struct scene *s = *state;

	begin_by_wan0(s, 0);
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	expect_held(s, "no default route for IPv4");
}

static void case_079_removed_nexthop_object_is_noticed(void **state)
{
	struct scene *s = *state;

	begin(s);
	table_nexthop(s->g, OBJECT, "wan0", "192.0.2.1");
	table_add(s->g, &(struct table_route){.to = "default", .metric = 100, .nexthop = OBJECT});
	scene_expect(s, "192.0.2.10", 1);
	table_add(s->g, &(struct table_route){.to = "default", .metric = 200, .leg = leg1});
	expect_total(s, 1);
	table_nexthop_del(s->g, OBJECT);
	scene_expect(s, "203.0.113.20", 1);
	expect_total(s, 2);
}

static void case_080_replaced_nexthop_object_is_followed_without_route_events(void **state)
{
	struct scene *s = *state;

	table_sysctl(s->g, SIDE_INSIDE, "net/ipv4/nexthop_compat_mode", "0");
	begin(s);
	table_nexthop(s->g, OBJECT, "wan0", "192.0.2.1");
	table_add(s->g, &(struct table_route){.to = "default", .nexthop = OBJECT});
	scene_expect(s, "192.0.2.10", 1);
	table_nexthop(s->g, OBJECT, "wan1", "203.0.113.1");
	scene_expect(s, "203.0.113.20", 1);
	expect_total(s, 2);
}

static void case_081_unreachable_default_route_is_none(void **state)
{
	static const unsigned types[] = {RTN_UNREACHABLE, RTN_BLACKHOLE, RTN_PROHIBIT};
	struct scene *s = *state;

	begin_by_wan0(s, 100);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		const struct table_route dead = {.to = "default", .type = types[i], .metric = 50};

		table_add(s->g, &dead);
		expect_held(s, "no default route for IPv4");
		table_del(s->g, &dead);
		assert_true(inside_await(&s->d, "ipv4", "ready", "true", 1000));
		expect_total(s, 1);
	}
	table_add(s->g, &(struct table_route){
				.to = "default", .type = RTN_UNREACHABLE, .metric = 4278198272});
	expect_total(s, 1);
	assert_true(inside_await(&s->d, "ipv4", "ready", "true", 500));
}

/* IPv6 with an address on each WAN, wan1's default route being the second choice. */
static void begin6(struct scene *s)
{
	second_wan(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "2001:db8:1::10/64");
	wire_add(s->g, SIDE_INSIDE, "wan1", "2001:db8:2::20/64");
	daemon_configure(s->g, &s->d, "", RECORD6);
	daemon_start(&s->d);
}

static void expect6(struct scene *s, const char *ip, int ms)
{
	assert_true(serve_await(&s->web, 1, SCENE_NAME, ip, ms));
	assert_true(daemon_await(&s->d, SCENE_NAME " AAAA", "confirmed", ip, 1000));
}

static void begin_with_router(struct scene *s, unsigned lifetime)
{
	begin6(s);
	/* a neighbour that is no router any more would cost its default route at once */
	table_sysctl(s->g, SIDE_OUTSIDE, "net/ipv6/conf/all/forwarding", "1");
	advert_send(s->g, "isp0", lifetime, (const struct advert_prefix[]){{.prefix = NULL}});
	expect6(s, "2001:db8:1::10", 2000);
	table_add(s->g, &(struct table_route){
				.to = "default6", .metric = 2048, .leg = {"wan1", "fe80::1"}});
	expect_total(s, 1);
}

/* The kernel tells of an expiry when it sweeps, up to half a minute late; here it never does, if
 * that can be had: a user namespace has no such setting. */
static void keep_expiry_untold(struct scene *s)
{
	if (access("/proc/sys/net/ipv6/route/gc_interval", W_OK) == 0)
		table_sysctl(s->g, SIDE_INSIDE, "net/ipv6/route/gc_interval", "3600");
}

static void case_082_expired_default_route_is_noticed_in_time(void **state)
{
	int64_t from = ground_now();
	struct scene *s = *state;

	keep_expiry_untold(s);
	begin_with_router(s, 3);
	expect6(s, "2001:db8:2::20", 20000);
	assert_true((serve_arrival(&s->web, "2001:db8:2::20") - from) / 1000000 >= 2000);
	expect_total(s, 2);
}

static void case_083_withdrawn_router_is_noticed_at_once(void **state)
{
	struct scene *s = *state;

	begin_with_router(s, 600);
	advert_send(s->g, "isp0", 0, (const struct advert_prefix[]){{.prefix = NULL}});
	expect6(s, "2001:db8:2::20", 5000);
	expect_total(s, 2);
}

/* What OpenVPN's redirect-gateway def1 does, and undoes. */
static void divert(struct scene *s, const char *link, bool on)
{
	static const char *const halves[] = {"0.0.0.0/1", "128.0.0.0/1"};

	for (size_t i = 0; i < 2; i++) {
		const struct table_route half = {.to = halves[i], .leg = {.link = link}};

		if (on)
			table_add(s->g, &half);
		else
			table_del(s->g, &half);
	}
}

static void open_vpn(struct scene *s)
{
	if (!ppp_possible()) {
		printf("# /dev/net/tun cannot be opened: run as root\n");
		skip();
	}
	ppp_open(s->g, "tun0");
	/* its far end's routes hide those of isp0 and isp1 */
	wire_route(s->g, SIDE_OUTSIDE, "isp0", "192.0.2.0/24", NULL);
	wire_route(s->g, SIDE_OUTSIDE, "isp1", "203.0.113.0/24", NULL);
	wire_route(s->g, SIDE_OUTSIDE, "isp-tun0", "203.0.113.77/32", NULL);
	ppp_address(s->g, "tun0", "203.0.113.77", "198.51.100.254");
	wire_up(s->g, SIDE_INSIDE, "tun0");
}

static void case_084_vpn_that_takes_all_traffic_is_not_followed_unasked(void **state)
{
	struct scene *s = *state;

	begin_by_wan0(s, 0);
	open_vpn(s);
	divert(s, "tun0", true);
	expect_held(s, "leaves by tun0, a tunnel");
	divert(s, "tun0", false);
	assert_true(inside_await(&s->d, "ipv4", "ready", "true", 1000));
	expect_total(s, 1);
}

static void case_084_vpn_is_followed_by_name(void **state)
{
	struct scene *s = *state;

	second_wan(s);
	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "interface = tun0\n", SCENE_NAME, 8080,
			 "/nic/update");
	daemon_start(&s->d);
	open_vpn(s);
	expect_total(s, 0);
	divert(s, "tun0", true);
	scene_expect(s, "203.0.113.77", 1);
}

static void case_085_policy_rule_is_followed(void **state)
{
	struct scene *s = *state;

	begin_by_wan0(s, 0);
	table_add(s->g, &(struct table_route){.to = "default", .table = TABLE, .leg = leg1});
	expect_total(s, 1);
	table_rule(s->g, AF_INET, TABLE);
	scene_expect(s, "203.0.113.20", 1);
	table_unrule(s->g, AF_INET, TABLE);
	scene_expect(s, "192.0.2.10", 2);
	expect_total(s, 3);
}

static void case_086_one_leg_of_two_lost_is_not_the_route_lost(void **state)
{
	const struct table_route leg = {
		.to = "default6", .metric = 1024, .leg = {"wan0", "fe80::2"}};
	struct scene *s = *state;

	begin6(s);
	table_add(s->g, &(struct table_route){
				.to = "default6", .metric = 1024, .leg = {"wan0", "fe80::1"}});
	table_append(s->g, &leg);
	expect6(s, "2001:db8:1::10", 3000);
	table_del(s->g, &leg);
	expect_total(s, 1);
	assert_true(inside_await(&s->d, "ipv6", "ready", "true", 500));
	assert_true(daemon_await(&s->d, SCENE_NAME " AAAA", "state", "confirmed", 500));
}

/* No option makes the preferred source of a route the published address; so nothing follows it. */
static void case_087_preferred_source_of_the_route_decides_nothing(void **state)
{
	struct scene *s = *state;

	begin_by_wan0(s, 0);
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.11/24");
	table_replace(s->g,
		      &(struct table_route){.to = "default", .source = "192.0.2.11", .leg = leg0});
	expect_total(s, 1);
	table_replace(s->g, &(struct table_route){.to = "default", .leg = leg0});
	expect_total(s, 1);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", 500));
}

static void case_090_each_way_of_having_no_route_is_none(void **state)
{
	const struct table_route dead4 = {.to = "default", .type = RTN_UNREACHABLE};
	const struct table_route dead6 = {.to = "default6", .type = RTN_BLACKHOLE, .metric = 7};
	struct scene *s = *state;

	second_wan(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "2001:db8:1::10/64");
	daemon_configure(s->g, &s->d, "",
			 RECORD6 "[four.example.org]\nprovider = dyndns2\n"
				 "family = ipv4\nusername = user\n"
				 "url = http://198.51.100.53:8080/nic/update\n"
				 "password = opensesame\nallow-plaintext = yes\n"
				 "interface = auto\n");
	daemon_start(&s->d);
	for (int i = 0; i < 2; i++) {
		assert_true(inside_await(&s->d, "ipv4", "why", "no default route", 1000));
		assert_true(inside_await(&s->d, "ipv6", "why", "no default route", 1000));
		if (i == 0) {
			table_add(s->g, &dead4);
			table_add(s->g, &dead6);
			expect_total(s, 0);
		}
	}
	table_del(s->g, &dead6);
	wire_route(s->g, SIDE_INSIDE, "wan0", "default6", "fe80::1");
	expect6(s, "2001:db8:1::10", 2000);
	expect_total(s, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(case_076_replaced_default_route_is_followed),
		SCENE_CASE(case_077_next_default_route_takes_over_when_the_link_goes_down),
		SCENE_CASE(case_078_default_route_lost_with_the_last_address_is_noticed),
		SCENE_CASE(case_079_removed_nexthop_object_is_noticed),
		SCENE_CASE(case_080_replaced_nexthop_object_is_followed_without_route_events),
		SCENE_CASE(case_081_unreachable_default_route_is_none),
		SCENE_CASE(case_082_expired_default_route_is_noticed_in_time),
		SCENE_CASE(case_083_withdrawn_router_is_noticed_at_once),
		SCENE_CASE(case_084_vpn_that_takes_all_traffic_is_not_followed_unasked),
		SCENE_CASE(case_084_vpn_is_followed_by_name),
		SCENE_CASE(case_085_policy_rule_is_followed),
		SCENE_CASE(case_086_one_leg_of_two_lost_is_not_the_route_lost),
		SCENE_CASE(case_087_preferred_source_of_the_route_decides_nothing),
		SCENE_CASE(case_090_each_way_of_having_no_route_is_none),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
