/* SPDX-License-Identifier: MIT */
/* Kernels that refuse, fail, and answer oddly. */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/inside.h"
#include "tests/kernel/links.h"
#include "tests/kernel/meddle.h"
#include "tests/kernel/table.h"
#include "tests/unit/message.h"

enum { QUIET = 250, MANY = 400 };

/* Another link with an address of the class that is published. */
static void foreign_link(struct scene *s)
{
	wire_veth(s->g, "lan0", "host0");
	wire_up(s->g, SIDE_INSIDE, "lan0");
	wire_add(s->g, SIDE_INSIDE, "lan0", "203.0.113.99/28");
}

static void expect_foreign_unpublished(struct scene *s)
{
	assert_int_equal(serve_count(&s->web, "203.0.113.99", NULL), 0);
}

static void case_007_strict_checking_refused_is_done_without(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	plan->refused = PLAN_REFUSE_STRICT;
	foreign_link(s);
	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.20/24");
	scene_expect_quiet(s, QUIET);
	expect_foreign_unpublished(s);
	assert_int_equal(plan->strict, 0);
}

static void case_008_link_gone_during_a_dump_is_not_a_link_without_addresses(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	char why[256];

	scene_settled(s);
	plan->dump_type = RTM_GETADDR;
	plan->done_error = ENODEV;
	plan->done_errors = 1;
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.11/24");
	assert_true(meddle_await(s, &plan->addr_dumps, 2, 1000));
	scene_expect_quiet(s, QUIET);
	inside_source(&s->d, "ipv4", "why", why);
	assert_null(strstr(why, "has no IPv4 address"));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 500));
	/* the kernel says ENODEV when the link is gone, and tells of it when it is there again */
	wire_down(s->g, SIDE_INSIDE, "wan0");
	wire_up(s->g, SIDE_INSIDE, "wan0");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24"); /* the secondary goes with it */
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.20", 2000));
}

static void case_009_refused_dump_is_repeated_without_strict_checking(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	foreign_link(s);
	scene_settled(s);
	assert_int_equal(plan->strict, 1);
	plan->dump_type = RTM_GETADDR;
	plan->done_error = EINVAL;
	plan->done_errors = 1;
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	assert_int_equal(plan->strict, 0);
	expect_foreign_unpublished(s);
}

static void case_009_refusal_is_logged_in_the_kernels_words(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	scene_settled(s);
	plan->dump_type = RTM_GETADDR;
	plan->done_error = EINVAL;
	snprintf(plan->done_text, sizeof(plan->done_text), "Odd header for address dump");
	plan->done_errors = -1;
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(meddle_await(s, &plan->addr_dumps, 3, 1000));
	scene_expect_quiet(s, QUIET);
	assert_int_not_equal(daemon_logged(&s->d, "Odd header for address dump", NULL), 0);
	plan->done_errors = 0;
	scene_expect(s, "192.0.2.20", 1);
}

static void case_010_interrupted_dump_is_repeated_whole(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	int32_t before;

	scene_settled(s);
	links_addresses(s->g, "wan0", true, MANY);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24"); /* listed behind all of them */
	scene_expect(s, "192.0.2.20", 1);
	scene_expect_quiet(s, QUIET);
	before = plan->addr_dumps;
	plan->dump_type = RTM_GETADDR;
	plan->interrupted = 1;
	wire_add_full(s->g, SIDE_INSIDE, "wan0",
		      &(struct wire_addr){.local = "192.0.2.20/24",
					  .valid = 7200,
					  .preferred = 3600,
					  .replace = true});
	assert_true(meddle_await(s, &plan->addr_dumps, before + 2, 1000));
	scene_expect_quiet(s, QUIET);
	assert_int_equal(plan->addr_dumps, before + 2);
	assert_int_equal(plan->interrupted, 0);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", 500));
	assert_true(inside_await(&s->d, "ipv4", "ready", "true", 500));
}

static void case_010_endless_interruptions_end_in_a_pause(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	int32_t before;

	scene_settled(s);
	links_addresses(s->g, "wan0", true, MANY);
	scene_expect_quiet(s, QUIET);
	plan->dump_type = RTM_GETADDR;
	plan->interrupted = -1;
	before = plan->addr_dumps;
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect_quiet(s, 500);
	assert_in_range(plan->addr_dumps - before, 2, 8);
	assert_int_not_equal(daemon_logged(&s->d, "cannot be read", NULL), 0);
	plan->interrupted = 0;
	scene_expect(s, "192.0.2.20", 1);
}

static void case_013_unanswered_dump_is_given_up_and_repeated(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	int32_t before;

	scene_settled(s);
	plan->dump_type = RTM_GETADDR;
	before = plan->addr_dumps;
	plan->lost = 1;
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "192.0.2.20", 4000));
	scene_expect(s, "192.0.2.20", 1);
	assert_true(plan->addr_dumps >= before + 2);
}

static void case_013_sigterm_is_obeyed_while_no_answer_comes(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	int32_t before;

	scene_settled(s);
	plan->dump_type = RTM_GETADDR;
	plan->lost = -1;
	before = plan->addr_dumps;
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(meddle_await(s, &plan->addr_dumps, before + 1, 500));
	assert_in_range(daemon_stop(&s->d, SIGTERM), 0, 4500);
	assert_int_equal(s->d.exit_code, 0);
}

static void case_014_answers_for_others_are_passed_over(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	plan->foreign = -1;
	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	scene_redial(s, "192.0.2.20/24", "192.0.2.30/24");
	scene_expect(s, "192.0.2.30", 1);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 3);
}

/* Detection of duplicates takes a second here: one probe. */
static void case_064_without_ifa_flags_the_short_flags_count(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	plan->strip_flags = 1;
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = dyndns2\nfamily = ipv6\n"
			 "url = http://[2001:db8:53::53]:8080/nic/update\nallow-plaintext = yes\n"
			 "username = user\npassword = opensesame\n");
	daemon_start(&s->d);
	wire_route(s->g, SIDE_INSIDE, "wan0", "default6", "fe80::1");
	wire_add_full(s->g, SIDE_INSIDE, "wan0", &(struct wire_addr){.local = "2001:db8:1::10/64"});
	assert_true(inside_await(&s->d, "ipv6", "why", "2001:db8:1::10 is tentative", 500));
	scene_expect_quiet(s, QUIET);
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "2001:db8:1::10", 4000));
	scene_expect_quiet(s, QUIET);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
}

static void case_073_wireless_scan_events_change_nothing(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	struct ifinfomsg ifi = {.ifi_family = AF_UNSPEC, .ifi_flags = IFF_UP | IFF_RUNNING};
	struct nlmsghdr *nlh;
	char scan[48] = "scan results";

	scene_settled(s);
	ifi.ifi_index = (int)wire_index(s->g, SIDE_INSIDE, "wan0");
	nlh = message_start(buffer, RTM_NEWLINK, &ifi, sizeof(ifi));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, "wan0");
	mnl_attr_put(nlh, IFLA_WIRELESS, sizeof(scan), scan);
	for (int i = 0; i < 20; i++)
		meddle_gather(plan, nlh, nlh->nlmsg_len);
	assert_true(meddle_deliver(s, plan));
	scene_expect_quiet(s, QUIET);
	assert_true(inside_knows(&s->d, "wan0"));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", 500));
}

static void case_100_interrupted_calls_are_repeated(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	plan->eintr = 1;
	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	assert_true(plan->interrupts > 20);
	assert_in_range(daemon_stop(&s->d, SIGTERM), 0, 4500);
	assert_int_equal(s->d.exit_code, 0);
	assert_int_equal(daemon_logged(&s->d, strerror(EINTR), NULL), 0);
	daemon_start(&s->d);
	scene_expect_quiet(s, QUIET);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.20", 1000));
}

static void case_101_kernel_without_nexthop_events_is_warned_of(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	plan->refused = PLAN_REFUSE_NEXTHOP;
	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	assert_int_equal(daemon_logged(&s->d, "event groups the kernel lacks: 1", NULL), 1);
}

static void case_102_buffer_is_asked_for_without_privilege(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	char text[64];

	plan->refused = PLAN_REFUSE_FORCE;
	scene_settled(s);
	assert_int_equal(plan->forced, 1);
	assert_int_equal(plan->unforced, 1);
	snprintf(text, sizeof(text), "event buffer %d kB",
		 (int)(inside_events(&s->d, "rcvbuf") / 1024));
	assert_true(inside_events(&s->d, "rcvbuf") > 0);
	assert_int_equal(daemon_logged(&s->d, text, NULL), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(case_007_strict_checking_refused_is_done_without),
		SCENE_CASE(case_008_link_gone_during_a_dump_is_not_a_link_without_addresses),
		SCENE_CASE(case_009_refused_dump_is_repeated_without_strict_checking),
		SCENE_CASE(case_009_refusal_is_logged_in_the_kernels_words),
		SCENE_CASE(case_010_interrupted_dump_is_repeated_whole),
		SCENE_CASE(case_010_endless_interruptions_end_in_a_pause),
		SCENE_CASE(case_013_unanswered_dump_is_given_up_and_repeated),
		SCENE_CASE(case_013_sigterm_is_obeyed_while_no_answer_comes),
		SCENE_CASE(case_014_answers_for_others_are_passed_over),
		SCENE_CASE(case_064_without_ifa_flags_the_short_flags_count),
		SCENE_CASE(case_073_wireless_scan_events_change_nothing),
		SCENE_CASE(case_100_interrupted_calls_are_repeated),
		SCENE_CASE(case_101_kernel_without_nexthop_events_is_warned_of),
		SCENE_CASE(case_102_buffer_is_asked_for_without_privilege),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
