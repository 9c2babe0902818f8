/* SPDX-License-Identifier: MIT */
/* Numbered cases: duplicate address detection, links and switches that take IPv6 addresses away,
 * and which of several is published. */
#include <linux/if_addr.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/address.h"
#include "tests/kernel/advert.h"
#include "tests/kernel/stage.h"

#define PREFIX "2001:db8:a:"
#define SAME   "2001:db8:1::66"
#define OTHER  "2001:db8:1::67"

enum { ROUTER = 1800, REFRESHES = 20, REFRESH_MS = 30, REPORT = 1 << 16 };

static const struct advert_prefix prefixes[] = {{PREFIX ":", 600, 300}, {.prefix = NULL}};

/* By hand, with detection of duplicates. */
static void add_checked(struct stage *s, const char *local)
{
	wire_add_full(s->g, SIDE_INSIDE, "wan0", &(struct wire_addr){.local = local});
}

static void case_045_duplicate_address_is_never_published(void **state)
{
	struct stage *s = *state;

	wire_add(s->g, SIDE_OUTSIDE, "isp0", SAME "/64");
	stage_detect_duplicates(s);
	stage_way_out6(s);
	stage_start(s, "ipv6", "");
	add_checked(s, SAME "/64");
	address_await(s->g, "wan0", SAME, IFA_F_DADFAILED, IFA_F_DADFAILED);
	stage_quiet(s);
	stage_expect_opinion(s, SAME, "rejected", "duplicate");
	wire_del(s->g, SIDE_OUTSIDE, "isp0", SAME "/64");
	wire_del(s->g, SIDE_INSIDE, "wan0", SAME "/64");
	add_checked(s, SAME "/64");
	stage_expect(s, SAME);
}

static void bounce(struct stage *s)
{
	wire_down(s->g, SIDE_INSIDE, "wan0");
	stage_quiet(s);
	wire_up(s->g, SIDE_INSIDE, "wan0");
	wire_await_carrier(s->g);
	stage_way_out6(s);
}

static void case_046_published_address_that_becomes_a_duplicate_is_not_sent_again(void **state)
{
	struct stage *s = *state;

	stage_detect_duplicates(s);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/keep_addr_on_down", 1);
	stage_way_out6(s);
	stage_start(s, "ipv6", "");
	add_checked(s, SAME "/64");
	stage_expect(s, SAME);
	wire_add(s->g, SIDE_OUTSIDE, "isp0", SAME "/64");
	bounce(s);
	address_await(s->g, "wan0", SAME, IFA_F_DADFAILED, IFA_F_DADFAILED);
	stage_quiet(s);
	stage_expect_confirmed(s, SAME);
	stage_expect_opinion(s, SAME, "rejected", "duplicate");
	stage_publish(s, OTHER "/64");
	assert_int_equal(stage_asked(s, SAME), 1);
}

static void case_047_address_added_by_hand_waits_for_the_end_of_detection(void **state)
{
	struct stage *s = *state;

	stage_detect_duplicates(s);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/neigh/wan0/retrans_time_ms", 600);
	stage_way_out6(s);
	stage_start(s, "ipv6", "");
	add_checked(s, SAME "/64");
	stage_quiet(s);
	stage_expect_opinion(s, SAME, "rejected", "tentative");
	assert_int_equal(address_flags(s->g, "wan0", SAME) & IFA_F_TENTATIVE, IFA_F_TENTATIVE);
	stage_expect(s, SAME);
	assert_int_equal(address_flags(s->g, "wan0", SAME) & IFA_F_TENTATIVE, 0);
}

static void case_057_removal_of_an_address_that_was_never_announced_is_ignored(void **state)
{
	struct stage *s = *state;
	char ip[ADDRESS_TEXT];

	stage_detect_duplicates(s);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/neigh/wan0/retrans_time_ms", 600);
	stage_start(s, "ipv6", "");
	advert_send(s->g, "isp0", ROUTER, prefixes);
	address_find(s->g, "wan0", PREFIX, IFA_F_TENTATIVE, IFA_F_TENTATIVE, ip);
	wire_down(s->g, SIDE_INSIDE, "wan0");
	address_await_gone(s->g, "wan0", ip);
	stage_quiet(s);
	stage_expect_why(s, "wan0 is down");
	assert_int_equal(daemon_logged(&s->d, "cannot be read", NULL), 0);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/neigh/wan0/retrans_time_ms", 100);
	wire_up(s->g, SIDE_INSIDE, "wan0");
	wire_await_carrier(s->g);
	address_find(s->g, "wan0", "fe80:", IFA_F_TENTATIVE, 0, ip);
	advert_send(s->g, "isp0", ROUTER, prefixes);
	address_find(s->g, "wan0", PREFIX, 0, 0, ip);
	stage_expect(s, ip);
}

static void case_058_address_kept_on_a_link_that_is_down_is_not_usable(void **state)
{
	struct stage *s = *state;

	stage_detect_duplicates(s);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/keep_addr_on_down", 1);
	stage_way_out6(s);
	stage_start(s, "ipv6", "");
	add_checked(s, SAME "/64");
	stage_expect(s, SAME);
	wire_down(s->g, SIDE_INSIDE, "wan0");
	assert_true(address_flags(s->g, "wan0", SAME) >= 0);
	stage_quiet(s);
	stage_expect_why(s, "wan0 is down");
	wire_up(s->g, SIDE_INSIDE, "wan0");
	wire_await_carrier(s->g);
	stage_way_out6(s);
	address_await(s->g, "wan0", SAME, IFA_F_TENTATIVE, 0);
	stage_quiet(s);
	stage_expect_opinion(s, SAME, "chosen", "");
	stage_expect_confirmed(s, SAME);
}

/* The kernel tells of the addresses, not of the link. */
static void case_059_ipv6_switched_off_and_on_again_sends_nothing(void **state)
{
	struct stage *s = *state;
	char ip[ADDRESS_TEXT], again[ADDRESS_TEXT];

	stage_start(s, "ipv6", "");
	advert_send(s->g, "isp0", ROUTER, prefixes);
	address_find(s->g, "wan0", PREFIX, IFA_F_TENTATIVE, 0, ip);
	stage_expect(s, ip);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/disable_ipv6", 1);
	address_await_gone(s->g, "wan0", ip);
	stage_quiet(s);
	stage_expect_why(s, "wan0 has no IPv6 address");
	stage_expect_confirmed(s, ip);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/disable_ipv6", 0);
	address_find(s->g, "wan0", "fe80:", IFA_F_TENTATIVE, 0, again);
	advert_send(s->g, "isp0", ROUTER, prefixes);
	address_find(s->g, "wan0", PREFIX, IFA_F_TENTATIVE, 0, again);
	assert_string_equal(again, ip);
	stage_quiet(s);
	stage_expect_opinion(s, ip, "chosen", "");
}

static void add_limited(struct stage *s, const char *local)
{
	wire_add_full(s->g, SIDE_INSIDE, "wan0",
		      &(struct wire_addr){.local = local,
					  .flags = IFA_F_NODAD,
					  .preferred = ADDRESS_LIFETIME,
					  .valid = ADDRESS_LIFETIME});
}

static void case_060_equal_addresses_refreshed_in_turn_do_not_flip(void **state)
{
	struct stage *s = *state;
	pid_t one, other;

	stage_way_out6(s);
	stage_start(s, "ipv6", "");
	add_limited(s, SAME "/64");
	stage_expect(s, SAME);
	add_limited(s, OTHER "/64");
	one = address_refresh(s->g, "wan0", SAME "/64", REFRESHES, REFRESH_MS);
	ground_nap(REFRESH_MS / 2);
	other = address_refresh(s->g, "wan0", OTHER "/64", REFRESHES, REFRESH_MS);
	assert_int_equal(ground_end(s->g, one, 0, 5000), 0);
	assert_int_equal(ground_end(s->g, other, 0, 5000), 0);
	stage_quiet(s);
	stage_expect_confirmed(s, SAME);
}

static void case_061_address_with_the_suffix_asked_for_wins(void **state)
{
	struct stage *s = *state;

	stage_way_out6(s);
	stage_start(s, "ipv6", "match = ::5\n");
	wire_add(s->g, SIDE_INSIDE, "wan0", SAME "/64");
	stage_quiet(s);
	stage_expect_opinion(s, SAME, "rejected", "does not end in ::5");
	stage_publish(s, "2001:db8:1::5/64");
	wire_add(s->g, SIDE_INSIDE, "wan0", OTHER "/64");
	stage_quiet(s);
}

static void case_062_special_addresses_are_not_published(void **state)
{
	static const struct {
		const char *local, *ip, *why;
	} rows[] = {
		{"fd00::7/64", "fd00::7", "allow = ula"},
		{"2002:c000:204::7/64", "2002:c000:204::7", "allow = 6to4"},
		{"2001:0:1::7/64", "2001:0:1::7", "allow = teredo"},
		{"2001:db8:1::7/64", "2001:db8:1::7", "allow = documentation"},
		{"fec0::7/64", "fec0::7", "allow = "},
		{"::ffff:192.0.2.7/128", "::ffff:192.0.2.7", "allow = mapped"},
	};
	struct stage *s = *state;

	stage_way_out6(s);
	stage_start(s, "ipv6", "allow = benchmark\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		wire_add(s->g, SIDE_INSIDE, "wan0", rows[i].local);
	stage_quiet(s);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		stage_expect_opinion(s, rows[i].ip, "rejected", rows[i].why);
	stage_publish(s, "2600:1234::7/64");
}

static void case_063_flags_beyond_eight_bits_are_seen(void **state)
{
	static char report[REPORT];
	const int64_t high = IFA_F_MANAGETEMPADDR | IFA_F_STABLE_PRIVACY;
	struct stage *s = *state;
	char ip[ADDRESS_TEXT];

	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/use_tempaddr", 2);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/addr_gen_mode", 3);
	stage_start(s, "ipv6", "");
	advert_send(s->g, "isp0", ROUTER, prefixes);
	address_find(s->g, "wan0", PREFIX, IFA_F_TENTATIVE | IFA_F_TEMPORARY, 0, ip);
	stage_expect(s, ip);
	assert_int_equal(stage_flags(s, ip) & high, high);
	assert_int_equal(daemon_command(&s->d, report, sizeof(report), "explain", "--json"), 0);
	assert_non_null(strstr(report, "autoconfigured"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		STAGE_CASE(case_045_duplicate_address_is_never_published),
		STAGE_CASE(case_046_published_address_that_becomes_a_duplicate_is_not_sent_again),
		STAGE_CASE(case_047_address_added_by_hand_waits_for_the_end_of_detection),
		STAGE_CASE(case_057_removal_of_an_address_that_was_never_announced_is_ignored),
		STAGE_CASE(case_058_address_kept_on_a_link_that_is_down_is_not_usable),
		STAGE_CASE(case_059_ipv6_switched_off_and_on_again_sends_nothing),
		STAGE_CASE(case_060_equal_addresses_refreshed_in_turn_do_not_flip),
		STAGE_CASE(case_061_address_with_the_suffix_asked_for_wins),
		STAGE_CASE(case_062_special_addresses_are_not_published),
		STAGE_CASE(case_063_flags_beyond_eight_bits_are_seen),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
