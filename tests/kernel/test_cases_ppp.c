/* SPDX-License-Identifier: MIT */
/* Numbered cases: a point-to-point line whose device comes and goes, in pppd's order of calls. */
#include <linux/if.h>
#include <linux/if_addr.h>
#include <netlink/route/link.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/address.h"
#include "tests/kernel/advert.h"
#include "tests/kernel/ppp.h"
#include "tests/kernel/stage.h"

#define PEER "198.51.100.254"

/* A redial is well within the longer settle time. 20 cycles of 300 ms are scaled to 60 ms. */
enum { LONG_D = 400, CYCLES = 20, CYCLE_MS = 60, CYCLE_D = 200, CYCLE_DMAX = 500 };

/* Skips the case where there is no tun device. */
static void begin_with(struct stage *s, const char *family, int settle, const char *keys)
{
	char text[128];

	if (!ppp_possible()) {
		printf("# /dev/net/tun cannot be opened: run as root\n");
		skip();
	}
	snprintf(text, sizeof(text), "interface = ppp0\n%.100s", keys);
	stage_configure(s, family, settle, text);
	daemon_start(&s->d);
}

static void begin(struct stage *s)
{
	begin_with(s, "ipv4", STAGE_D, "");
}

/* A line that is up and confirmed. */
static pid_t dial(struct stage *s, const char *local)
{
	pid_t line = ppp_open(s->g, "ppp0");

	ppp_up(s->g, "ppp0", local, PEER);
	stage_expect(s, local);
	return line;
}

static void expect_no_peer(struct stage *s)
{
	stage_quiet(s);
	assert_int_equal(stage_asked(s, PEER), 0);
}

static void case_031_address_of_our_end_is_published_never_the_peer(void **state)
{
	struct stage *s = *state;

	begin(s);
	ppp_open(s->g, "ppp0");
	wire_up(s->g, SIDE_INSIDE, "ppp0");
	wire_add_full(s->g, SIDE_INSIDE, "ppp0",
		      &(struct wire_addr){.local = "192.0.2.10/32", .peer = PEER "/32"});
	wire_route(s->g, SIDE_INSIDE, "ppp0", "default", NULL);
	stage_expect(s, "192.0.2.10");
	expect_no_peer(s);
}

static void case_032_address_in_the_order_of_pppd_is_one_update(void **state)
{
	struct stage *s = *state;

	begin(s);
	dial(s, "192.0.2.10");
	expect_no_peer(s);
}

static void case_033_address_renegotiated_in_place_is_one_update(void **state)
{
	struct stage *s = *state;

	begin(s);
	dial(s, "192.0.2.10");
	ppp_up(s->g, "ppp0", "203.0.113.20", PEER);
	stage_expect(s, "203.0.113.20");
	expect_no_peer(s);
}

/* explain lists every link that the rule was put to. */
static int explained(struct stage *s, const char *text)
{
	static char report[1 << 16];
	int n = 0;

	assert_int_equal(daemon_command(&s->d, report, sizeof(report), "explain", STAGE_NAME), 0);
	for (const char *at = report; (at = strstr(at, text)); at += strlen(text))
		n++;
	return n;
}

static void case_034_redial_within_the_settle_time_is_one_update(void **state)
{
	struct stage *s = *state;
	unsigned index;
	pid_t line;

	begin_with(s, "ipv4", LONG_D, "");
	line = dial(s, "192.0.2.10");
	index = wire_index(s->g, SIDE_INSIDE, "ppp0");
	ppp_drop(s->g, line);
	dial(s, "203.0.113.20");
	assert_int_not_equal(wire_index(s->g, SIDE_INSIDE, "ppp0"), index);
	stage_quiet(s);
	assert_int_equal(explained(s, "192.0.2.10"), 0);
	assert_int_equal(explained(s, "sees the same"), 1);
}

static void case_035_redial_with_the_same_address_sends_nothing(void **state)
{
	struct stage *s = *state;
	pid_t line;

	begin_with(s, "ipv4", LONG_D, "");
	line = dial(s, "192.0.2.10");
	ppp_drop(s->g, line);
	ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.10", PEER);
	stage_quiet(s);
	stage_expect_opinion(s, "192.0.2.10", "chosen", "");
}

/* Minutes are scaled to some settle times. on-loss is keep. */
static void case_036_line_that_stays_away_is_kept_and_compared_on_return(void **state)
{
	struct stage *s = *state;
	pid_t line;

	begin(s);
	line = dial(s, "192.0.2.10");
	ppp_drop(s->g, line);
	stage_quiet(s);
	stage_expect_confirmed(s, "192.0.2.10");
	line = ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.10", PEER);
	stage_quiet(s);
	ppp_drop(s->g, line);
	stage_quiet(s);
	dial(s, "203.0.113.20");
	stage_quiet(s);
}

static void case_037_address_set_before_the_link_is_up_waits_for_it(void **state)
{
	struct stage *s = *state;

	begin_with(s, "ipv4", STAGE_D, "ready = address\n");
	ppp_open(s->g, "ppp0");
	ppp_address(s->g, "ppp0", "192.0.2.10", PEER);
	stage_quiet(s);
	stage_expect_why(s, "ppp0 is down");
	wire_up(s->g, SIDE_INSIDE, "ppp0");
	stage_expect(s, "192.0.2.10");
	stage_quiet(s);
}

static void case_038_second_local_address_waits_until_the_first_is_gone(void **state)
{
	struct stage *s = *state;

	begin(s);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv4/conf/all/promote_secondaries", 1);
	dial(s, "192.0.2.10");
	wire_add_full(s->g, SIDE_INSIDE, "ppp0",
		      &(struct wire_addr){
			      .local = "203.0.113.20/32", .peer = PEER "/32", .replace = true});
	address_await(s->g, "ppp0", "203.0.113.20", IFA_F_SECONDARY, IFA_F_SECONDARY);
	stage_quiet(s);
	address_del(s->g, "ppp0",
		    &(struct address_special){.local = "192.0.2.10/32", .peer = PEER "/32"});
	stage_expect(s, "203.0.113.20");
	expect_no_peer(s);
}

static void case_039_ipv6_address_is_ours_with_and_without_a_peer(void **state)
{
	const struct address_special both = {
		.local = "2001:db8:77::1/128", .peer = "2001:db8:77::2/128", .flags = IFA_F_NODAD};
	struct stage *s = *state;

	begin_with(s, "ipv6", STAGE_D, "");
	ppp_open(s->g, "ppp0");
	wire_up(s->g, SIDE_INSIDE, "ppp0");
	wire_route(s->g, SIDE_INSIDE, "ppp0", "default6", NULL);
	address_add(s->g, "ppp0", &both);
	stage_expect(s, "2001:db8:77::1");
	stage_quiet(s);
	assert_int_equal(stage_asked(s, "2001:db8:77::2"), 0);
	wire_add(s->g, SIDE_INSIDE, "ppp0", "2001:db8:78::1/64");
	stage_quiet(s);
	address_del(s->g, "ppp0", &both);
	stage_expect(s, "2001:db8:78::1");
}

static void case_040_ipv6cp_brings_a_link_local_address_and_no_update(void **state)
{
	const struct advert_prefix prefixes[] = {{"2001:db8:a::", 600, 300}, {.prefix = NULL}};
	struct stage *s = *state;
	char ip[ADDRESS_TEXT];

	begin_with(s, "ipv6", STAGE_D, "");
	ppp_open(s->g, "ppp0");
	wire_add(s->g, SIDE_OUTSIDE, "isp-ppp0", "fe80::1/64");
	wire_up(s->g, SIDE_INSIDE, "ppp0");
	address_add(s->g, "ppp0",
		    &(struct address_special){
			    .local = "fe80::77/128", .peer = "fe80::1/128", .flags = IFA_F_NODAD});
	stage_quiet(s);
	advert_send(s->g, "isp-ppp0", 1800, prefixes);
	address_find(s->g, "ppp0", "2001:db8:a:", IFA_F_TENTATIVE, 0, ip);
	stage_expect(s, ip);
	stage_quiet(s);
}

static unsigned operstate(struct stage *s)
{
	struct rtnl_link *link = NULL;
	unsigned state;

	assert_int_equal(rtnl_link_get_kernel(s->g->nl[SIDE_INSIDE], 0, "ppp0", &link), 0);
	state = rtnl_link_get_operstate(link);
	rtnl_link_put(link);
	return state;
}

static void case_041_link_of_unknown_operational_state_is_up(void **state)
{
	struct stage *s = *state;

	begin(s);
	ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.10", PEER);
	assert_int_equal(operstate(s), IF_OPER_UNKNOWN);
	stage_expect(s, "192.0.2.10");
}

static void case_042_device_that_went_unobserved_leaves_nothing_behind(void **state)
{
	struct stage *s = *state;
	pid_t line;

	begin(s);
	line = dial(s, "192.0.2.10");
	kill(s->d.pid, SIGSTOP);
	ppp_drop(s->g, line);
	kill(s->d.pid, SIGCONT);
	stage_quiet(s);
	stage_expect_why(s, "no link matches ppp0");
	line = dial(s, "203.0.113.20");
	kill(s->d.pid, SIGSTOP);
	ppp_drop(s->g, line);
	ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.30", PEER);
	kill(s->d.pid, SIGCONT);
	stage_expect(s, "192.0.2.30");
	stage_quiet(s);
}

static void case_043_flapping_line_is_sent_no_more_often_than_settle_max_allows(void **state)
{
	struct stage *s = *state;
	int64_t from, took;
	char local[32];
	pid_t line;

	begin_with(s, "ipv4", CYCLE_D, "settle-max = 500ms\n");
	line = dial(s, "192.0.2.10");
	from = ground_now();
	for (int i = 1; i <= CYCLES; i++) {
		ppp_drop(s->g, line);
		line = ppp_open(s->g, "ppp0");
		snprintf(local, sizeof(local), "192.0.2.%d", 100 + i);
		ppp_up(s->g, "ppp0", local, PEER);
		ground_nap(CYCLE_MS);
	}
	took = (ground_now() - from) / 1000000;
	stage_expect_confirmed(s, local);
	s->sent = serve_count(&s->web, NULL, NULL) - 1;
	printf("# case 043: %d cycles in %d ms, %d updates\n", CYCLES, (int)took, s->sent);
	assert_in_range(s->sent, 1, took / CYCLE_DMAX + 2);
	s->sent++;
	stage_quiet(s);
	stage_expect_confirmed(s, local);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		STAGE_CASE(case_031_address_of_our_end_is_published_never_the_peer),
		STAGE_CASE(case_032_address_in_the_order_of_pppd_is_one_update),
		STAGE_CASE(case_033_address_renegotiated_in_place_is_one_update),
		STAGE_CASE(case_034_redial_within_the_settle_time_is_one_update),
		STAGE_CASE(case_035_redial_with_the_same_address_sends_nothing),
		STAGE_CASE(case_036_line_that_stays_away_is_kept_and_compared_on_return),
		STAGE_CASE(case_037_address_set_before_the_link_is_up_waits_for_it),
		STAGE_CASE(case_038_second_local_address_waits_until_the_first_is_gone),
		STAGE_CASE(case_039_ipv6_address_is_ours_with_and_without_a_peer),
		STAGE_CASE(case_040_ipv6cp_brings_a_link_local_address_and_no_update),
		STAGE_CASE(case_041_link_of_unknown_operational_state_is_up),
		STAGE_CASE(case_042_device_that_went_unobserved_leaves_nothing_behind),
		STAGE_CASE(case_043_flapping_line_is_sent_no_more_often_than_settle_max_allows),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
