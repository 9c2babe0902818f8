/* SPDX-License-Identifier: MIT */
/* Providers that hang, reset, redirect or babble: never confirmed, and nobody else waits. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/scene.h"

#define BAD "bad.example.org"

static void configure(struct scene *s, struct server *bad, const char *path)
{
	serve_web(s->g, bad, 8081);
	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "\n" DAEMON_RECORD, SCENE_NAME, 8080,
			 "/nic/update", BAD, 8081, path);
}

static void expect_unconfirmed(struct scene *s)
{
	char text[256];

	daemon_field(&s->d, BAD " A", "confirmed", text);
	assert_string_equal(text, "");
	daemon_field(&s->d, BAD " A", "state", text);
	assert_string_not_equal(text, "confirmed");
	assert_string_not_equal(text, "");
}

/* Two changes reach the good provider at once while the bad one does what it does. */
static void suffer(struct scene *s, const char *path)
{
	struct server bad = {0};

	configure(s, &bad, path);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "myip=192.0.2.10", 500));
	assert_true(serve_await(&bad, 1, BAD, "myip=192.0.2.10", 500));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 1000));
	ground_nap(300);
	expect_unconfirmed(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "myip=192.0.2.20", 500));
	scene_expect(s, "192.0.2.20", 1);
	ground_nap(300);
	expect_unconfirmed(s);
	assert_int_equal(serve_count(&bad, "/elsewhere", NULL), 0);
	assert_in_range(serve_count(&bad, NULL, NULL), 1, 4);
	assert_in_range(daemon_stop(&s->d, SIGTERM), 0, 4500);
}

static void hanging_provider_delays_nobody(void **state)
{
	suffer(*state, "/hang");
}

static void resetting_provider_delays_nobody(void **state)
{
	suffer(*state, "/reset");
}

static void answer_cut_in_half_confirms_nothing(void **state)
{
	suffer(*state, "/cut");
}

static void redirect_is_not_followed(void **state)
{
	suffer(*state, "/redirect");
}

static void endless_answer_is_cut_off(void **state)
{
	suffer(*state, "/huge");
}

static void good_inside_another_word_confirms_nothing(void **state)
{
	suffer(*state, "/garbage");
}

static void good_under_status_500_confirms_nothing(void **state)
{
	suffer(*state, "/status/500");
}

static void good_under_status_404_confirms_nothing(void **state)
{
	suffer(*state, "/status/404");
}

static void server_in_maintenance_confirms_nothing(void **state)
{
	suffer(*state, "/code/911");
}

static void backend_error_confirms_nothing(void **state)
{
	suffer(*state, "/code/dnserr");
}

static void unknown_word_confirms_nothing(void **state)
{
	suffer(*state, "/code/goods");
}

static void closed_port_delays_nobody(void **state)
{
	struct scene *s = *state;
	struct server bad = {0};

	configure(s, &bad, "/nic/update");
	ground_end(s->g, bad.pid, SIGKILL, 1000);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	scene_expect(s, "192.0.2.10", 1);
	expect_unconfirmed(s);
	serve_web(s->g, &bad, 8081);
	assert_true(daemon_await(&s->d, BAD " A", "confirmed", "192.0.2.10", 10000));
}

static void slow_answer_is_waited_for_and_confirmed_once(void **state)
{
	struct scene *s = *state;

	serve_web_as(&s->web, "/slow/700");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	scene_expect(s, "192.0.2.10", 1);
	scene_expect_quiet(s, 300);
}

static void newer_address_replaces_one_in_flight(void **state)
{
	struct scene *s = *state;

	serve_web_as(&s->web, "/hang");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "myip=192.0.2.10", 1000));
	serve_web_as(&s->web, NULL);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "myip=192.0.2.20", 1000));
	scene_expect(s, "192.0.2.20", 1);
	scene_expect_quiet(s, 300);
}

/* The request leaves from an address that is not the one that is published. */
static void request_from_an_address_that_goes_is_not_waited_for(void **state)
{
	struct scene *s = *state;

	serve_web_as(&s->web, "/hang");
	wire_add(s->g, SIDE_INSIDE, "wan0", "10.0.0.5/24");
	wire_route(s->g, SIDE_INSIDE, "wan0", "198.51.100.0/24", "10.0.0.1");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "myip=192.0.2.10", 1000));
	serve_web_as(&s->web, NULL);
	wire_del(s->g, SIDE_INSIDE, "wan0", "10.0.0.5/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 3000));
	assert_int_equal(serve_count(&s->web, SCENE_NAME, "myip=192.0.2.10"), 2);
}

static void too_many_requests_is_obeyed(void **state)
{
	struct scene *s = *state;

	serve_web_as(&s->web, "/status/429"); /* Retry-After: 2 */
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, NULL, 1000));
	serve_web_as(&s->web, NULL);
	scene_expect_quiet(s, 1500);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect_quiet(s, 200);
	assert_true(serve_await(&s->web, 1, "192.0.2.20", NULL, 4000));
	scene_expect(s, "192.0.2.20", 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(hanging_provider_delays_nobody),
		SCENE_CASE(resetting_provider_delays_nobody),
		SCENE_CASE(answer_cut_in_half_confirms_nothing),
		SCENE_CASE(redirect_is_not_followed),
		SCENE_CASE(endless_answer_is_cut_off),
		SCENE_CASE(good_inside_another_word_confirms_nothing),
		SCENE_CASE(good_under_status_500_confirms_nothing),
		SCENE_CASE(good_under_status_404_confirms_nothing),
		SCENE_CASE(server_in_maintenance_confirms_nothing),
		SCENE_CASE(backend_error_confirms_nothing),
		SCENE_CASE(unknown_word_confirms_nothing),
		SCENE_CASE(closed_port_delays_nobody),
		SCENE_CASE(slow_answer_is_waited_for_and_confirmed_once),
		SCENE_CASE(request_from_an_address_that_goes_is_not_waited_for),
		SCENE_CASE(newer_address_replaces_one_in_flight),
		SCENE_CASE(too_many_requests_is_obeyed),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
