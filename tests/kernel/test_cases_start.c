/* SPDX-License-Identifier: MIT */
/* Numbered cases: what is there when the daemon starts, and what changes meanwhile. */
#include <netlink/netlink.h>
#include <netlink/route/rtnl.h>
#include <signal.h>
#include <stdio.h>

#include "tests/kernel/address.h"
#include "tests/kernel/stage.h"
#include "tests/kernel/trace.h"

enum {
	RECEIVED_MOST = 32768, /* bytes of netlink messages for a whole reading of few links */
	RSS_KB = 3072,
	SHADOW_KB = 1 << 30, /* beyond: AddressSanitizer's */
	CROWD = 5000,
	CROWD_HERE = 1000, /* near the most the daemon keeps of a link */
};

static void case_001_both_families_present_at_the_start_are_published_once(void **state)
{
	struct stage *s = *state;

	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "2001:db8:1::10/64");
	stage_way_out6(s);
	stage_start(s, "both", "");
	stage_expect_confirmed(s, "192.0.2.1");
	stage_expect_confirmed(s, "2001:db8:1::10");
	assert_int_equal(stage_asked(s, "192.0.2.1"), 1);
	assert_int_equal(stage_asked(s, "2001:db8:1::10"), 1);
	s->sent = serve_count(&s->web, NULL, NULL);
	assert_in_range(s->sent, 1, 2);
	stage_quiet(s);
}

static void case_002_link_that_comes_after_the_start_is_published(void **state)
{
	struct stage *s = *state;

	wire_remove(s->g, SIDE_INSIDE, "wan0");
	stage_start(s, "ipv4", "");
	stage_quiet(s);
	stage_expect_why(s, "no link matches wan0");
	stage_wan(s);
	stage_publish(s, "192.0.2.1/24");
}

/* The kernel tells of the link only: an IPv4 address stays while its link is down. */
static void case_003_address_of_a_link_that_is_down_is_published_when_it_comes_up(void **state)
{
	struct stage *s = *state;

	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	wire_down(s->g, SIDE_INSIDE, "wan0");
	stage_start(s, "ipv4", "ready = address\n");
	stage_quiet(s);
	stage_expect_why(s, "wan0 is down");
	wire_up(s->g, SIDE_INSIDE, "wan0");
	stage_expect(s, "192.0.2.1");
}

/* The same with the default rule: coming up does not bring the route back. */
static void case_003_link_that_comes_up_without_its_route_is_not_ready(void **state)
{
	struct stage *s = *state;

	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	wire_down(s->g, SIDE_INSIDE, "wan0");
	stage_start(s, "ipv4", "");
	wire_up(s->g, SIDE_INSIDE, "wan0");
	stage_quiet(s);
	stage_expect_why(s, "no IPv4 route by wan0");
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "10.0.0.1");
	stage_expect(s, "192.0.2.1");
}

static void case_004_address_added_between_joining_and_reading_is_in_the_first_update(void **state)
{
	struct stage *s = *state;
	bool joined = false;

	stage_configure(s, "ipv4", STAGE_D, "");
	trace_start(&s->d);
	trace_until(&s->d, trace_before_question, &joined);
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	trace_release(&s->d);
	stage_expect(s, "192.0.2.1");
	stage_quiet(s);
}

static void case_005_address_removed_after_reading_is_not_published(void **state)
{
	struct stage *s = *state;
	bool joined = false;

	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	stage_configure(s, "ipv4", STAGE_D, "");
	trace_start(&s->d);
	trace_until(&s->d, trace_before_question, &joined);
	trace_until(&s->d, trace_before_wait, NULL);
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	trace_release(&s->d);
	stage_quiet(s);
	stage_expect_why(s, "wan0 has no usable IPv4 address");
}

/* Adds up what it receives until it waits for events. */
static bool receives(const struct trace_call *call, void *received)
{
	int64_t *bytes = received;

	if (!call->entry && call->result > 0 &&
	    (call->number == SYS_recvmsg || call->number == SYS_recvfrom))
		*bytes += call->result;
	return trace_before_wait(call, NULL);
}

static void case_006_thousands_of_foreign_addresses_are_not_even_read(void **state)
{
	struct stage *s = *state;
	int64_t received = 0, rss;
	bool joined = false;

	address_crowd(s->g, "lo", CROWD);
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	stage_configure(s, "ipv4", STAGE_D, "");
	trace_start(&s->d);
	trace_until(&s->d, trace_before_question, &joined);
	trace_until(&s->d, receives, &received);
	trace_release(&s->d);
	stage_expect(s, "192.0.2.1");
	rss = stage_number(s, "status", "VmRSS:");
	printf("# case 006: %d bytes received, VmRSS %d kB\n", (int)received, (int)rss);
	assert_in_range(received, 1, RECEIVED_MOST);
	if (stage_number(s, "status", "VmSize:") < SHADOW_KB)
		assert_in_range(rss, 1, RSS_KB);
}

/* The kernel says so on a dump of our own. */
static bool dump_is_interrupted(void *arg)
{
	struct nl_sock *nl = ((struct stage *)arg)->g->nl[SIDE_INSIDE];

	assert_true(nl_rtgen_request(nl, RTM_GETADDR, AF_INET, NLM_F_DUMP) >= 0);
	return nl_recvmsgs_default(nl) == -NLE_DUMP_INTR;
}

static void case_011_interrupted_dumps_at_the_start_end_in_the_right_state(void **state)
{
	struct stage *s = *state;
	pid_t disturber;

	address_crowd(s->g, "wan0", CROWD_HERE);
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.1/24");
	disturber = address_flap(s->g, "lo", "10.77.0.1/32");
	assert_true(ground_await(s->g, 5000, dump_is_interrupted, s, "an interrupted dump"));
	stage_start(s, "ipv4", "");
	stage_expect(s, "192.0.2.1");
	ground_end(s->g, disturber, SIGKILL, 1000);
	stage_quiet(s);
}

static void case_012_namespace_without_any_route_is_empty_not_an_error(void **state)
{
	struct stage *s = *state;

	stage_start(s, "ipv4", "interface = auto\n");
	stage_quiet(s);
	stage_expect_why(s, "no default route for IPv4");
	assert_int_equal(daemon_logged(&s->d, "cannot be read", NULL), 0);
	stage_desk(s);
	stage_wan(s);
	stage_publish(s, "192.0.2.1/24");
}

static void case_015_address_that_is_confirmed_already_is_not_sent_at_the_start(void **state)
{
	struct stage *s = *state;

	stage_start(s, "ipv4", "");
	stage_publish(s, "192.0.2.1/24");
	assert_true(daemon_stop(&s->d, SIGTERM) >= 0);
	assert_int_equal(s->d.exit_code, 0);
	daemon_start(&s->d);
	stage_quiet(s);
	stage_expect_confirmed(s, "192.0.2.1");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		STAGE_CASE(case_001_both_families_present_at_the_start_are_published_once),
		STAGE_CASE(case_002_link_that_comes_after_the_start_is_published),
		STAGE_CASE(case_003_address_of_a_link_that_is_down_is_published_when_it_comes_up),
		STAGE_CASE(case_003_link_that_comes_up_without_its_route_is_not_ready),
		STAGE_CASE(
			case_004_address_added_between_joining_and_reading_is_in_the_first_update),
		STAGE_CASE(case_005_address_removed_after_reading_is_not_published),
		STAGE_CASE(case_006_thousands_of_foreign_addresses_are_not_even_read),
		STAGE_CASE(case_011_interrupted_dumps_at_the_start_end_in_the_right_state),
		STAGE_BARE(case_012_namespace_without_any_route_is_empty_not_an_error),
		STAGE_CASE(case_015_address_that_is_confirmed_already_is_not_sent_at_the_start),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
