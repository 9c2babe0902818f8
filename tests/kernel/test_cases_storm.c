/* SPDX-License-Identifier: MIT */
/*
 * A full-table router, and a host with very many addresses. Times and CPU are asserted four times
 * as generously as they must hold; tests/bench/bench_storm.c measures them.
 */
#include <stdio.h>
#include <sys/wait.h>

#include "tests/kernel/batch.h"
#include "tests/kernel/inside.h"
#include "tests/kernel/links.h"
#include "tests/kernel/meddle.h"
#include "tests/kernel/storm.h"

enum {
	ROUTES = 200000,
	ROUTES_SEEN = 40000, /* where each is an event */
	REACT_MS = 4000,
	CPU_US = 200000,
	CPU_SEEN_US = 4000000,
	REFRESHES = 2000,
	LINKS = 500,
	ADDRESSES = 20,
	REVIEWS = 200,
	REVIEW_US = 4000,
	GROWTH_KB = 200,
};

/* Two changes while routes of another link come and go; returns the CPU time they cost, us. */
static int64_t weather(struct scene *s, unsigned routes, int ms)
{
	int64_t cpu;
	pid_t storm;
	int first, second;

	links_bridge(s->g, "core0", 0);
	wire_up(s->g, SIDE_INSIDE, "core0");
	storm_begin(s, "192.0.2.10");
	scene_expect_quiet(s, 100);
	cpu = inside_cpu_us(s->d.pid);
	storm = batch_storm(s->g, "core0", routes);
	ground_nap(50);
	first = storm_react(s, "192.0.2.10", "192.0.2.20");
	ground_nap(20);
	second = storm_react(s, "192.0.2.20", "192.0.2.30");
	assert_int_equal(waitpid(storm, NULL, WNOHANG), 0); /* it was all in the storm */
	assert_int_equal(ground_end(s->g, storm, 0, ground_patience(60000)), 0);
	printf("# case 88, 89: %u routes, acted on within %d and %d ms\n", routes, first, second);
	assert_in_range(first, 0, ms);
	assert_in_range(second, 0, ms);
	scene_expect(s, "192.0.2.30", 1);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 3);
	return inside_cpu_us(s->d.pid) - cpu;
}

static void configure(struct scene *s, const char *settle)
{
	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "settle = %s\n", SCENE_NAME, 8080,
			 "/nic/update", settle);
}

static void case_088_full_table_is_not_heard(void **state)
{
	struct scene *s = *state;
	int64_t cpu;

	configure(s, "50ms");
	cpu = weather(s, ROUTES, ground_patience(REACT_MS));
	assert_int_equal(inside_events(&s->d, "overruns"), 0);
	assert_int_equal(inside_events(&s->d, "drops"), 0);
	assert_true(inside_events(&s->d, "messages") < 1000);
	printf("# case 88: %d us of CPU\n", (int)cpu);
	assert_true(inside_distorted(s->d.pid) || cpu < CPU_US);
}

static void case_089_full_table_without_the_filter_is_survived(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	int64_t cpu;

	plan->refused = PLAN_REFUSE_FILTER;
	configure(s, "50ms");
	cpu = weather(s, ROUTES_SEEN, 5000);
	printf("# case 89: %d us of CPU, %d messages\n", (int)cpu,
	       (int)inside_events(&s->d, "messages"));
	assert_true(inside_events(&s->d, "messages") > 1000);
	assert_true(inside_distorted(s->d.pid) || cpu < CPU_SEEN_US);
	scene_expect_quiet(s, 250);
}

/* A settle timer that one of them had armed would still be running. */
static void refreshed_lifetimes_send_nothing_and_arm_no_timer(void **state)
{
	struct scene *s = *state;
	char settled[256];

	configure(s, "1500ms\nsettle-max = 20s");
	storm_begin(s, "192.0.2.10");
	storm_refresh(s, "192.0.2.10", REFRESHES);
	inside_source(&s->d, "ipv4", "settled", settled);
	assert_string_equal(settled, "true");
	scene_expect_quiet(s, 250);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
	storm_change(s, "192.0.2.10", "192.0.2.20");
	assert_true(inside_await(&s->d, "ipv4", "settled", "false", 1000));
}

static void foreign_addresses_cost_neither_time_nor_memory(void **state)
{
	struct scene *s = *state;
	int64_t before, after, cpu;

	configure(s, "50ms");
	storm_begin(s, "192.0.2.10");
	before = inside_memory(s->d.pid, "status", "VmRSS:");
	links_crowd(s->g, LINKS, ADDRESSES);
	assert_int_equal(storm_react(s, "192.0.2.10", "192.0.2.20") < 0, 0);
	after = inside_memory(s->d.pid, "status", "VmRSS:");
	cpu = inside_cpu_us(s->d.pid);
	for (int i = 0; i < REVIEWS; i++) {
		storm_refresh(s, "192.0.2.20", 1);
		ground_nap(1);
	}
	scene_expect_quiet(s, 100);
	cpu = (inside_cpu_us(s->d.pid) - cpu) / REVIEWS;
	printf("# case crowd: %d us a review, VmRSS %d, then %d kB\n", (int)cpu, (int)before,
	       (int)after);
	assert_false(inside_knows(&s->d, "foreign7"));
	if (inside_distorted(s->d.pid))
		return;
	assert_true(cpu < REVIEW_US);
	assert_true(after < before + GROWTH_KB);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(case_088_full_table_is_not_heard),
		SCENE_CASE(case_089_full_table_without_the_filter_is_survived),
		SCENE_CASE(refreshed_lifetimes_send_nothing_and_arm_no_timer),
		SCENE_CASE(foreign_addresses_cost_neither_time_nor_memory),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
