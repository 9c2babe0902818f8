/* SPDX-License-Identifier: MIT */
/* Numbered cases: IPv4 addresses of one link that come, go, change and expire. */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/address.h"
#include "tests/kernel/ppp.h"
#include "tests/kernel/stage.h"

#define MS 1000000LL

/* Longer than a settle of STAGE_D, so that two changes surely fall within it. */
enum { LONG_D = 300, REFRESHES = 20, REFRESH_MS = 50, TEXT = 4096 };

static void promote(struct stage *s, int value)
{
	stage_sysctl(s, SIDE_INSIDE, "net/ipv4/conf/all/promote_secondaries", value);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv4/conf/wan0/promote_secondaries", value);
}

static void deprecate(struct stage *s, const char *local)
{
	wire_add_full(s->g, SIDE_INSIDE, "wan0",
		      &(struct wire_addr){.local = local, .valid = 600, .replace = true});
}

static void case_016_added_address_is_published(void **state)
{
	struct stage *s = *state;

	stage_start(s, "ipv4", "");
	stage_publish(s, "192.0.2.1/24");
	stage_quiet(s);
}

static void case_017_lifetimes_alone_are_no_change_and_prolong_no_settling(void **state)
{
	struct stage *s = *state;
	int64_t from, took;

	stage_configure(s, "ipv4", LONG_D, "");
	daemon_start(&s->d);
	stage_publish(s, "192.0.2.1/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "203.0.113.1/24");
	address_refresh(s->g, "wan0", "192.0.2.1/24", REFRESHES, REFRESH_MS);
	ground_nap(REFRESHES * REFRESH_MS);
	stage_quiet(s);
	address_refresh(s->g, "wan0", "203.0.113.1/24", 10 * REFRESHES, REFRESH_MS);
	from = ground_now();
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	stage_expect(s, "203.0.113.1");
	took = (serve_arrival(&s->web, "203.0.113.1") - from) / MS;
	printf("# case 017: changed while refreshed, sent after %d ms\n", (int)took);
	assert_in_range(took, LONG_D - 1, 9 * REFRESHES * REFRESH_MS);
}

static void case_018_secondary_address_does_not_replace_the_primary(void **state)
{
	struct stage *s = *state;

	stage_start(s, "ipv4", "");
	stage_publish(s, "192.0.2.1/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.2/24");
	stage_quiet(s);
	stage_expect_opinion(s, "192.0.2.1", "chosen", "");
	stage_expect_opinion(s, "192.0.2.2", "eligible", "comes first");
}

static void case_019_promoted_secondary_is_published(void **state)
{
	struct stage *s = *state;

	promote(s, 1);
	stage_start(s, "ipv4", "");
	stage_publish(s, "192.0.2.1/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.2/24");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	stage_expect(s, "192.0.2.2");
	stage_quiet(s);
}

static void case_019_secondaries_that_go_with_their_primary_leave_the_record(void **state)
{
	struct stage *s = *state;

	promote(s, 0);
	stage_start(s, "ipv4", "");
	stage_publish(s, "192.0.2.1/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.2/24");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	address_await_gone(s->g, "wan0", "192.0.2.2");
	stage_quiet(s);
	stage_expect_why(s, "wan0 has no usable IPv4 address");
	stage_expect_confirmed(s, "192.0.2.1");
}

static void case_020_address_that_is_left_with_another_prefix_length_stays(void **state)
{
	struct stage *s = *state;

	promote(s, 1);
	stage_start(s, "ipv4", "");
	stage_publish(s, "192.0.2.1/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/25");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	stage_quiet(s);
	stage_expect_opinion(s, "192.0.2.1", "chosen", "");
	stage_expect_confirmed(s, "192.0.2.1");
}

static void case_021_loss_of_the_published_address_falls_back_to_the_other(void **state)
{
	struct stage *s = *state;

	stage_start(s, "ipv4", "");
	stage_publish(s, "192.0.2.1/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "203.0.113.1/24");
	stage_quiet(s);
	wire_del(s->g, SIDE_INSIDE, "wan0", "203.0.113.1/24");
	stage_quiet(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "203.0.113.1/24");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	stage_expect(s, "203.0.113.1");
	stage_quiet(s);
}

static void case_022_address_that_is_back_within_the_settle_time_sends_nothing(void **state)
{
	struct stage *s = *state;

	stage_configure(s, "ipv4", LONG_D, "");
	daemon_start(&s->d);
	stage_publish(s, "192.0.2.1/24");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	stage_seen(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	stage_quiet(s);
}

static void case_023_address_exchanged_within_the_settle_time_is_one_update(void **state)
{
	struct stage *s = *state;

	stage_configure(s, "ipv4", LONG_D, "");
	daemon_start(&s->d);
	stage_publish(s, "192.0.2.1/24");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.8/24");
	stage_seen(s);
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.8/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.9/24");
	stage_expect(s, "192.0.2.9");
	stage_quiet(s);
	assert_int_equal(stage_asked(s, "192.0.2.8"), 0);
}

/* Lifetimes of 5 s and 10 s are scaled to 1 s and 3 s. */
static void case_024_end_of_the_preferred_lifetime_switches_to_the_other(void **state)
{
	struct stage *s = *state;
	int64_t from;

	stage_start(s, "ipv4", "");
	stage_publish(s, "192.0.2.1/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "203.0.113.1/24");
	from = ground_now();
	wire_add_full(
		s->g, SIDE_INSIDE, "wan0",
		&(struct wire_addr){
			.local = "192.0.2.1/24", .preferred = 1, .valid = 3, .replace = true});
	stage_expect(s, "203.0.113.1");
	assert_true(serve_arrival(&s->web, "203.0.113.1") - from > 900 * MS);
	address_await(s->g, "wan0", "192.0.2.1", IFA_F_DEPRECATED, IFA_F_DEPRECATED);
	address_await_gone(s->g, "wan0", "192.0.2.1");
	stage_quiet(s);
}

static void case_025_deprecated_address_is_kept_until_there_is_another(void **state)
{
	struct stage *s = *state;

	stage_start(s, "ipv4", "");
	stage_publish(s, "192.0.2.1/24");
	deprecate(s, "192.0.2.1/24");
	stage_quiet(s);
	stage_expect_why(s, "deprecated, kept for want of another");
	stage_publish(s, "203.0.113.1/24");
	stage_quiet(s);
}

static void case_025_deprecated_address_is_not_published_anew(void **state)
{
	struct stage *s = *state;

	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	deprecate(s, "192.0.2.1/24");
	stage_start(s, "ipv4", "");
	stage_quiet(s);
	stage_expect_opinion(s, "192.0.2.1", "rejected", "deprecated");
}

/* Every class by its own record that allows it and looks for it alone. */
static const struct special {
	const char *name, *allow, *local, *ip, *match;
} specials[] = {
	{"private", "private", "192.168.7.7/24", "192.168.7.7", "192.168.7.0/24"},
	{"cgnat", "cgnat", "100.64.3.3/24", "100.64.3.3", "100.64.3.0/24"},
	{"link-local", "link-local", "169.254.7.7/24", "169.254.7.7", "169.254.7.0/24"},
	{"reserved", "reserved", "192.0.0.5/29", "192.0.0.5", "192.0.0.0/29"},
	{"benchmark", "benchmark", "198.18.1.1/24", "198.18.1.1", "198.18.1.0/24"},
	{"loopback", "loopback", "127.7.7.7/32", "127.7.7.7", "127.7.7.0/24"},
	{"future", "reserved", "240.7.7.7/24", "240.7.7.7", "240.7.7.0/24"},
};

enum { SPECIALS = sizeof(specials) / sizeof(specials[0]) };

static void case_026_special_addresses_are_published_only_where_allowed(void **state)
{
	struct stage *s = *state;
	char keys[TEXT] = "", name[64];
	size_t used = 0;

	for (size_t i = 0; i < SPECIALS; i++) {
		snprintf(name, sizeof(name), "%s.example.org", specials[i].name);
		used += (size_t)snprintf(keys + used, sizeof(keys) - used,
					 DAEMON_RECORD "bind = none\nallow = %s\nmatch = %s\n",
					 name, 8080, "/nic/update", specials[i].allow,
					 specials[i].match);
	}
	stage_start(s, "ipv4", keys);
	for (size_t i = 0; i < SPECIALS; i++) {
		snprintf(name, sizeof(name), "%s.example.org", specials[i].name);
		wire_add(s->g, SIDE_INSIDE, "wan0", specials[i].local);
		stage_expect_for(s, name, specials[i].ip);
		snprintf(name, sizeof(name), "allow = %s lifts it", specials[i].allow);
		stage_expect_opinion(s, specials[i].ip, "rejected", name);
	}
	stage_quiet(s);
	assert_int_equal(stage_asked(s, "hostname=" STAGE_NAME), 0);
	stage_publish(s, "192.0.2.1/24");
}

static void case_027_placeholder_of_dial_on_demand_is_not_published(void **state)
{
	struct stage *s = *state;

	if (!ppp_possible()) {
		printf("# /dev/net/tun cannot be opened: run as root\n");
		skip();
	}
	stage_start(s, "ipv4", "interface = ppp0\n");
	ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "10.64.64.64", "10.112.112.112");
	stage_quiet(s);
	stage_expect_opinion(s, "10.64.64.64", "rejected", "private");
	ppp_up(s->g, "ppp0", "192.0.2.10", "192.0.2.254");
	stage_expect(s, "192.0.2.10");
	stage_quiet(s);
}

static void case_028_addresses_of_narrow_scope_are_not_published(void **state)
{
	struct stage *s = *state;

	stage_start(s, "ipv4", "");
	address_add(s->g, "wan0",
		    &(struct address_special){.local = "192.0.2.1/24", .scope = RT_SCOPE_LINK});
	address_add(s->g, "wan0",
		    &(struct address_special){.local = "203.0.113.1/24", .scope = RT_SCOPE_HOST});
	stage_quiet(s);
	stage_expect_opinion(s, "192.0.2.1", "rejected", "not of global scope");
	stage_expect_opinion(s, "203.0.113.1", "rejected", "not of global scope");
	stage_publish(s, "198.51.100.1/24");
}

static void case_029_label_is_not_taken_for_the_name_of_the_link(void **state)
{
	struct stage *s = *state;

	stage_start(s, "ipv4", "");
	address_add(s->g, "wan0",
		    &(struct address_special){.local = "192.0.2.1/24", .label = "wan0:1"});
	stage_expect(s, "192.0.2.1");
}

static void case_030_addresses_without_prefix_route_or_with_a_metric_are_normal(void **state)
{
	struct stage *s = *state;

	stage_start(s, "ipv4", "");
	address_add(
		s->g, "wan0",
		&(struct address_special){.local = "192.0.2.1/24", .flags = IFA_F_NOPREFIXROUTE});
	stage_expect(s, "192.0.2.1");
	address_add(s->g, "wan0",
		    &(struct address_special){.local = "203.0.113.1/24", .metric = 500});
	stage_quiet(s);
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	stage_expect(s, "203.0.113.1");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		STAGE_CASE(case_016_added_address_is_published),
		STAGE_CASE(case_017_lifetimes_alone_are_no_change_and_prolong_no_settling),
		STAGE_CASE(case_018_secondary_address_does_not_replace_the_primary),
		STAGE_CASE(case_019_promoted_secondary_is_published),
		STAGE_CASE(case_019_secondaries_that_go_with_their_primary_leave_the_record),
		STAGE_CASE(case_020_address_that_is_left_with_another_prefix_length_stays),
		STAGE_CASE(case_021_loss_of_the_published_address_falls_back_to_the_other),
		STAGE_CASE(case_022_address_that_is_back_within_the_settle_time_sends_nothing),
		STAGE_CASE(case_023_address_exchanged_within_the_settle_time_is_one_update),
		STAGE_CASE(case_024_end_of_the_preferred_lifetime_switches_to_the_other),
		STAGE_CASE(case_025_deprecated_address_is_kept_until_there_is_another),
		STAGE_CASE(case_025_deprecated_address_is_not_published_anew),
		STAGE_CASE(case_026_special_addresses_are_published_only_where_allowed),
		STAGE_CASE(case_027_placeholder_of_dial_on_demand_is_not_published),
		STAGE_CASE(case_028_addresses_of_narrow_scope_are_not_published),
		STAGE_CASE(case_029_label_is_not_taken_for_the_name_of_the_link),
		STAGE_CASE(case_030_addresses_without_prefix_route_or_with_a_metric_are_normal),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
