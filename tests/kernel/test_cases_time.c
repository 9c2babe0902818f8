/* SPDX-License-Identifier: MIT */
/*
 * When a change is acted on. The text's seconds are made for D = 1 to 2 s and DMAX = 10 s; here D
 * is tens of milliseconds and all else is scaled with it.
 */
#include <stdio.h>
#include <string.h>

#include "tests/kernel/inside.h"
#include "tests/kernel/meddle.h"
#include "tests/kernel/storm.h"

enum { QUIET = 250, CHANGES = 60, STEP_MS = 20, SETTLE_MS = 150, MAX_MS = 600, RECHECK_MS = 10000 };

static void configure(struct scene *s, const char *global, const char *times)
{
	daemon_configure(s->g, &s->d, global, DAEMON_RECORD "%s", SCENE_NAME, 8080, "/nic/update",
			 times);
}

static int elapsed(int64_t from)
{
	return (int)((ground_now() - from) / 1000000);
}

static void case_105_restless_address_is_published_now_and_then(void **state)
{
	char from[16] = "192.0.2.10", to[16];
	struct scene *s = *state;
	int64_t begun, before, last;
	int first = -1, pauses = 0;

	configure(s, "", "settle = 150ms\nsettle-max = 600ms\n");
	storm_begin(s, from);
	last = begun = ground_now();
	for (int i = 0; i < CHANGES; i++) {
		snprintf(to, sizeof(to), "192.0.2.%d", 100 + i);
		before = ground_now();
		storm_change(s, from, to);
		pauses += elapsed(last) >= SETTLE_MS; /* a loaded machine kept us waiting */
		last = before;
		memcpy(from, to, sizeof(from));
		ground_nap(STEP_MS);
		if (first < 0 && serve_count(&s->web, NULL, NULL) > 1)
			first = elapsed(begun);
	}
	printf("# case 105: first update after %d ms, %d pauses\n", first, pauses);
	/* Not with the last change. */
	assert_true(first >= (pauses ? SETTLE_MS : MAX_MS - STEP_MS));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", to, 5000));
	scene_expect_quiet(s, QUIET);
	assert_in_range(serve_count(&s->web, NULL, NULL) - 1, 2,
			1 + pauses + (elapsed(begun) + MAX_MS - 1) / MAX_MS);
}

static void case_106_other_events_postpone_nothing(void **state)
{
	struct scene *s = *state;
	int64_t begun;
	int took;

	configure(s, "", "settle = 300ms\nsettle-max = 10s\n");
	wire_veth(s->g, "lan0", "host0");
	wire_up(s->g, SIDE_INSIDE, "lan0");
	storm_begin(s, "192.0.2.10");
	begun = ground_now();
	storm_change(s, "192.0.2.10", "192.0.2.20");
	while (elapsed(begun) < 1000 ||
	       (elapsed(begun) < 8000 && !serve_count(&s->web, "192.0.2.20", NULL))) {
		meddle_nudge(s);
		wire_add(s->g, SIDE_INSIDE, "lan0", "10.77.0.1/24");
		wire_route(s->g, SIDE_INSIDE, "lan0", "10.78.0.0/16", "10.77.0.2");
		wire_del(s->g, SIDE_INSIDE, "lan0", "10.77.0.1/24");
		wire_add(s->g, SIDE_INSIDE, "wan0", "10.77.0.3/32");
		wire_del(s->g, SIDE_INSIDE, "wan0", "10.77.0.3/32");
		ground_nap(5);
	}
	took = (int)((serve_arrival(&s->web, "192.0.2.20") - begun) / 1000000);
	assert_in_range(took, 300, 8000);
	scene_expect(s, "192.0.2.20", 1);
}

static void case_107_addresses_that_return_were_never_lost(void **state)
{
	struct scene *s = *state;

	configure(s, "", "settle = 50ms\n");
	scene_settled(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "203.0.113.20/24");
	wire_del(s->g, SIDE_INSIDE, "wan0", "203.0.113.20/24");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	assert_true(inside_await(&s->d, "ipv4", "why", "has no IPv4 address", 500));
	scene_expect_quiet(s, 2 * QUIET);
	wire_dial(s->g, "192.0.2.10/24");
	scene_expect_quiet(s, 2 * QUIET);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", 500));
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
}

/* What changed while the machine slept is not told of, which is what swallowed events are like. */
static void case_108_everything_is_read_again_after_a_suspend(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	int32_t before;

	scene_settled(s);
	before = plan->link_dumps;
	meddle_jump(s);
	assert_true(meddle_await(s, &plan->link_dumps, before + 1, 500));
	scene_expect_quiet(s, QUIET);
	assert_int_equal(plan->link_dumps, before + 1);
	plan->swallow = 1;
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect_quiet(s, QUIET);
	meddle_jump(s);
	scene_expect(s, "192.0.2.20", 1);
	scene_expect_quiet(s, QUIET);
	assert_int_equal(plan->link_dumps, before + 2);
}

static void case_109_newest_address_follows_the_attempt_under_way(void **state)
{
	struct scene *s = *state;

	configure(s, "", "settle = 50ms\n");
	storm_begin(s, "192.0.2.10");
	serve_web_as(&s->web, "/slow/400");
	storm_change(s, "192.0.2.10", "192.0.2.20");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "192.0.2.20", 1000));
	storm_change(s, "192.0.2.20", "192.0.2.30");
	ground_nap(10);
	storm_change(s, "192.0.2.30", "192.0.2.40");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.40", 3000));
	scene_expect_quiet(s, 2 * QUIET);
	assert_int_equal(serve_count(&s->web, "192.0.2.20", NULL), 1);
	assert_int_equal(serve_count(&s->web, "192.0.2.30", NULL), 0);
	assert_int_equal(serve_count(&s->web, "192.0.2.40", NULL), 1);
}

/* The shortest recheck there is. */
static void case_110_silent_change_is_found_by_the_recheck(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	int64_t begun;

	configure(s, "recheck = 10s\n", "");
	scene_settled(s);
	begun = ground_now();
	plan->swallow = 1;
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect_quiet(s, QUIET);
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "192.0.2.20", 3 * RECHECK_MS));
	assert_true(elapsed(begun) > RECHECK_MS / 2);
	scene_expect(s, "192.0.2.20", 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(case_105_restless_address_is_published_now_and_then),
		SCENE_CASE(case_106_other_events_postpone_nothing),
		SCENE_CASE(case_107_addresses_that_return_were_never_lost),
		SCENE_CASE(case_108_everything_is_read_again_after_a_suspend),
		SCENE_CASE(case_109_newest_address_follows_the_attempt_under_way),
		SCENE_CASE(case_110_silent_change_is_found_by_the_recheck),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
