/* SPDX-License-Identifier: MIT */
/* What changes too often is damped, and the way back to a better link waits until that is steady.
 * The provider is reached by a link of its own. */
#include <signal.h>
#include <stdio.h>

#include "tests/kernel/inside.h"
#include "tests/kernel/stage.h"
#include "tests/kernel/table.h"

#define A    STAGE_NAME " A"
#define BACK "198.51.100.30/24"

enum { SECOND = 1000, FLAPS = 20, FAILBACK = 2000 };

/* wan0's public address becomes 192.0.2.LAST. */
static void change(struct stage *s, int from, int to)
{
	char local[32];

	snprintf(local, sizeof(local), "192.0.2.%d/32", to);
	wire_add(s->g, SIDE_INSIDE, "wan0", local);
	snprintf(local, sizeof(local), "192.0.2.%d/32", from);
	if (from)
		wire_del(s->g, SIDE_INSIDE, "wan0", local);
}

/* Three changes that nothing waits for; returns when the third had been asked for (ns). */
static int64_t use_up_what_is_free(struct stage *s)
{
	static const char *const ips[] = {"192.0.2.11", "192.0.2.12", "192.0.2.13"};
	int64_t before = 0;

	stage_start(s, "ipv4", "hold-down = 60s\n");
	for (int i = 0; i < 3; i++) {
		before = ground_now();
		change(s, i ? 10 + i : 0, 11 + i);
		stage_expect(s, ips[i]);
	}
	assert_int_equal(daemon_logged(&s->d, "changes too often", NULL), 0);
	return before;
}

static void await_hold(struct stage *s, const char *why)
{
	assert_true(daemon_await(&s->d, A, "why", why, 2 * SECOND));
	assert_true(daemon_await(&s->d, A, "state", "pending", SECOND));
}

static void first_changes_go_out_at_once_and_the_next_wait(void **state)
{
	struct stage *s = *state;
	int64_t third = use_up_what_is_free(s);

	change(s, 13, 14);
	await_hold(s, "changes too often: waits 1 s");
	stage_expect(s, "192.0.2.14");
	assert_true(ground_now() - third >= INT64_C(1000000000));
	change(s, 14, 15);
	await_hold(s, "changes too often: waits 5 s");
	ground_nap(2 * SECOND);
	stage_expect(s, "192.0.2.15");
	assert_true(ground_now() - third >= INT64_C(6000000000));
}

static void only_the_last_of_many_states_is_sent(void **state)
{
	struct stage *s = *state;

	use_up_what_is_free(s);
	for (int i = 0; i < FLAPS; i++) {
		change(s, 13 + i, 14 + i);
		ground_nap(20);
	}
	stage_expect(s, "192.0.2.33");
	stage_quiet(s);
}

static void back_at_what_is_confirmed_sends_nothing(void **state)
{
	struct stage *s = *state;

	use_up_what_is_free(s);
	change(s, 13, 14);
	await_hold(s, "changes too often: waits 1 s");
	change(s, 14, 13);
	assert_true(daemon_await(&s->d, A, "state", "confirmed", 2 * SECOND));
	ground_nap(SECOND + SECOND / 2);
	stage_quiet(s);
	stage_expect_confirmed(s, "192.0.2.13");
	assert_int_equal(stage_asked(s, "192.0.2.14"), 0);
}

static void who_asks_does_not_wait(void **state)
{
	struct stage *s = *state;
	static char text[4096];

	use_up_what_is_free(s);
	change(s, 13, 14);
	stage_expect(s, "192.0.2.14");
	change(s, 14, 15);
	await_hold(s, "changes too often: waits 5 s");
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "update", STAGE_NAME), 0);
	stage_expect(s, "192.0.2.15");
}

static void the_hold_survives_a_reload(void **state)
{
	struct stage *s = *state;

	use_up_what_is_free(s);
	assert_int_equal(kill(s->d.pid, SIGHUP), 0);
	change(s, 13, 14);
	await_hold(s, "changes too often: waits 1 s");
	stage_expect(s, "192.0.2.14");
}

/* wan1 has 203.0.113.20 and a second default route; wan0 is published. */
static void two_wans(struct stage *s)
{
	wire_veth(s->g, "wan1", "isp1");
	wire_up(s->g, SIDE_OUTSIDE, "isp1");
	wire_up(s->g, SIDE_INSIDE, "wan1");
	wire_add(s->g, SIDE_INSIDE, "wan1", "203.0.113.20/24");
	table_add(s->g, &(struct table_route){
				.to = "default", .metric = 100, .leg = {"wan1", "203.0.113.1"}});
	stage_start(s, "ipv4", "interface = wan0, wan1\nfailback = 2s\n");
	stage_expect(s, "203.0.113.20");
	wire_add(s->g, SIDE_INSIDE, "wan0", BACK);
	stage_expect(s, "198.51.100.30");
}

static void fail_over(struct stage *s)
{
	int64_t before = ground_now();

	wire_del(s->g, SIDE_INSIDE, "wan0", BACK);
	stage_expect(s, "203.0.113.20");
	assert_true(ground_now() - before < ground_patience(FAILBACK - 200) * INT64_C(1000000));
}

static void await_return(struct stage *s)
{
	assert_true(inside_await(&s->d, "ipv4", "why",
				 "203.0.113.20 on wan1; back to wan0 once it has been ready 2 s",
				 SECOND));
}

static void failover_is_immediate_and_the_way_back_waits(void **state)
{
	struct stage *s = *state;
	int64_t back;

	two_wans(s);
	fail_over(s);
	back = ground_now();
	wire_add(s->g, SIDE_INSIDE, "wan0", BACK);
	await_return(s);
	stage_expect(s, "198.51.100.30");
	assert_true(ground_now() - back >= FAILBACK * INT64_C(1000000));
}

static void what_comes_and_goes_is_not_gone_back_to(void **state)
{
	struct stage *s = *state;

	two_wans(s);
	fail_over(s);
	for (int i = 0; i < 4; i++) {
		wire_add(s->g, SIDE_INSIDE, "wan0", BACK);
		await_return(s);
		ground_nap(FAILBACK / 4);
		wire_del(s->g, SIDE_INSIDE, "wan0", BACK);
		stage_quiet(s);
	}
	stage_expect_confirmed(s, "203.0.113.20");
}

static void the_later_link_lost_meanwhile_ends_the_wait(void **state)
{
	struct stage *s = *state;
	int64_t lost;

	two_wans(s);
	fail_over(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", BACK);
	await_return(s);
	lost = ground_now();
	wire_del(s->g, SIDE_INSIDE, "wan1", "203.0.113.20/24");
	stage_expect(s, "198.51.100.30");
	assert_true(ground_now() - lost < ground_patience(FAILBACK - 200) * INT64_C(1000000));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		STAGE_CASE(first_changes_go_out_at_once_and_the_next_wait),
		STAGE_CASE(only_the_last_of_many_states_is_sent),
		STAGE_CASE(back_at_what_is_confirmed_sends_nothing),
		STAGE_CASE(who_asks_does_not_wait),
		STAGE_CASE(the_hold_survives_a_reload),
		STAGE_CASE(failover_is_immediate_and_the_way_back_waits),
		STAGE_CASE(what_comes_and_goes_is_not_gone_back_to),
		STAGE_CASE(the_later_link_lost_meanwhile_ends_the_wait),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
