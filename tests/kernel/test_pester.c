/* SPDX-License-Identifier: MIT */
/* Where nothing new is to be said, or the provider does not want to hear it, nothing is sent. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/scene.h"
#include "tests/kernel/table.h"

#define A      SCENE_NAME " A"
#define SECOND "second.example.org"

enum { QUIET = 300, RETRY_AFTER = 5 };

static void redial(struct scene *s, int from, int to)
{
	char old[32], new[32];

	snprintf(old, sizeof(old), "192.0.2.%d/24", from);
	snprintf(new, sizeof(new), "192.0.2.%d/24", to);
	scene_redial(s, old, new);
}

static void restart(struct scene *s, int signal)
{
	daemon_stop(&s->d, signal);
	daemon_start(&s->d);
}

static void expect_held(struct scene *s, int requests)
{
	ground_nap(QUIET);
	assert_true(daemon_await(&s->d, A, "state", "held", 1000));
	assert_int_equal(serve_count(&s->web, NULL, NULL), requests);
}

/* Refused; then everything happens that would have another record sent. */
static void nothing_but_the_user_ends_a_hold(void **state)
{
	struct scene *s = *state;
	char text[4096];

	serve_web_as(&s->web, "/code/badauth");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, A, "state", "held", 2000));
	serve_web_as(&s->web, NULL);
	redial(s, 10, 20);
	expect_held(s, 1);
	wire_down(s->g, SIDE_OUTSIDE, "isp0");
	wire_up(s->g, SIDE_OUTSIDE, "isp0");
	expect_held(s, 1);
	kill(s->d.pid, SIGHUP);
	expect_held(s, 1);
	restart(s, SIGTERM);
	expect_held(s, 1);
	daemon_stop(&s->d, SIGKILL);
	redial(s, 20, 30);
	daemon_start(&s->d);
	expect_held(s, 1);
	assert_int_equal(daemon_logged(&s->d, "-> held", NULL), 3); /* one a start */
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "retry", SCENE_NAME), 0);
	scene_expect(s, "192.0.2.30", 1);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 2);
}

/* Two names of one account, each with a link of its own. */
static void share_an_account(struct scene *s)
{
	daemon_configure(s->g, &s->d, "",
			 "[account web]\nprovider = dyndns2\nallow-plaintext = yes\n"
			 "url = http://" SERVE_WEB ":8080/nic/update\nusername = user\n"
			 "password = opensesame\n"
			 "[" SCENE_NAME "]\naccount = web\nfamily = ipv4\nbind = none\n"
			 "[" SECOND "]\naccount = web\nfamily = ipv4\nbind = none\n"
			 "interface = wan1\n");
	wire_veth(s->g, "wan1", "isp1");
	wire_up(s->g, SIDE_OUTSIDE, "isp1");
	wire_up(s->g, SIDE_INSIDE, "wan1");
}

static void dial_the_second(struct scene *s)
{
	wire_add(s->g, SIDE_INSIDE, "wan1", "203.0.113.20/25");
	table_add(s->g, &(struct table_route){
				.to = "default", .metric = 100, .leg = {"wan1", "203.0.113.1"}});
}

static int64_t seconds_between(const struct scene *s, int64_t from, const char *text)
{
	return (serve_arrival(&s->web, text) - from) / 1000000000;
}

/* The first record is told to wait: so are the second, the next daemon, and a new address. */
static void retry_after_silences_the_whole_account(void **state)
{
	struct scene *s = *state;
	int64_t throttled;

	share_an_account(s);
	serve_web_as(&s->web, "/throttle/5");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, NULL, 2000));
	throttled = serve_arrival(&s->web, SCENE_NAME);
	assert_true(daemon_await(&s->d, A, "verdict", "throttled", 1000));
	serve_web_as(&s->web, NULL);
	dial_the_second(s);
	assert_true(daemon_await(&s->d, SECOND " A", "why", "the provider throttles this account",
				 2000));
	restart(s, SIGKILL);
	redial(s, 10, 20);
	assert_true(daemon_await(&s->d, SECOND " A", "state", "pending", 1000));
	restart(s, SIGTERM);
	assert_true(daemon_await(&s->d, A, "state", "pending", 1000));
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
	assert_true(serve_await(&s->web, 1, SECOND, "203.0.113.20", 10000));
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "192.0.2.20", 10000));
	assert_in_range(seconds_between(s, throttled, SECOND), RETRY_AFTER, 2 * RETRY_AFTER);
	assert_in_range(seconds_between(s, throttled, "192.0.2.20"), RETRY_AFTER, 2 * RETRY_AFTER);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 3);
}

static void what_is_confirmed_is_not_said_again(void **state)
{
	struct scene *s = *state;
	pid_t updater;

	scene_settled(s);
	updater = daemon_updater(&s->d);
	assert_true(updater > 0);
	kill(updater, SIGKILL);
	for (int i = 0; i < 3; i++) {
		kill(s->d.pid, SIGHUP);
		ground_nap(QUIET);
	}
	restart(s, SIGTERM);
	ground_nap(QUIET);
	restart(s, SIGKILL);
	ground_nap(QUIET);
	wire_down(s->g, SIDE_OUTSIDE, "isp0");
	wire_up(s->g, SIDE_OUTSIDE, "isp0");
	wire_unroute(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	ground_nap(QUIET);
	scene_expect(s, "192.0.2.10", 1);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(nothing_but_the_user_ends_a_hold),
		SCENE_CASE(retry_after_silences_the_whole_account),
		SCENE_CASE(what_is_confirmed_is_not_said_again),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
