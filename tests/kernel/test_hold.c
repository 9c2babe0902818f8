/* SPDX-License-Identifier: MIT */
/* A refused record makes no request until its user acts. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/scene.h"

enum { QUIET = 300 };

static void configure(struct scene *s, const char *password)
{
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = dyndns2\nfamily = ipv4\nusername = user\n"
			 "password = %s\nurl = http://198.51.100.53:8080/nic/update\n"
			 "allow-plaintext = yes\n",
			 password);
}

/* The provider answers this at the first request; the record is held. */
static void be_refused(struct scene *s, const char *path)
{
	serve_web_as(&s->web, path);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "held", 2000));
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
	serve_web_as(&s->web, NULL);
}

static void stay_refused(struct scene *s, const char *path)
{
	be_refused(s, path);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect_quiet(s, QUIET);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "held", 1000));
}

static void wrong_password_is_held(void **state)
{
	struct scene *s = *state;

	configure(s, "wrong");
	stay_refused(s, NULL);
	assert_int_equal(serve_count(&s->web, "auth=bad", "badauth"), 1);
}

static void unknown_name_is_held(void **state)
{
	stay_refused(*state, "/code/nohost");
}

static void name_of_another_user_is_held(void **state)
{
	stay_refused(*state, "/code/!yours");
}

static void blocked_name_is_held(void **state)
{
	stay_refused(*state, "/code/abuse");
}

static void refused_program_is_held(void **state)
{
	stay_refused(*state, "/code/badagent");
}

static void hold_survives_a_restart(void **state)
{
	struct scene *s = *state;

	be_refused(s, "/code/badauth");
	daemon_stop(&s->d, SIGKILL);
	daemon_start(&s->d);
	scene_expect_quiet(s, QUIET);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "held", 1000));
	daemon_stop(&s->d, SIGTERM);
	daemon_start(&s->d);
	scene_expect_quiet(s, QUIET);
}

static void retry_releases_the_hold(void **state)
{
	struct scene *s = *state;
	char text[4096];

	be_refused(s, "/code/badauth");
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "retry", SCENE_NAME), 0);
	scene_expect(s, "192.0.2.10", 2);
}

static void retry_of_an_unknown_name_fails(void **state)
{
	struct scene *s = *state;
	char text[4096];

	be_refused(s, "/code/badauth");
	assert_int_not_equal(daemon_command(&s->d, text, sizeof(text), "retry", "x.example.org"),
			     0);
	scene_expect_quiet(s, QUIET);
}

static void changed_password_releases_the_hold_at_reload(void **state)
{
	struct scene *s = *state;

	configure(s, "wrong");
	be_refused(s, NULL);
	configure(s, "opensesame");
	kill(s->d.pid, SIGHUP);
	scene_expect(s, "192.0.2.10", 2);
}

static void changed_password_releases_the_hold_at_restart(void **state)
{
	struct scene *s = *state;

	configure(s, "wrong");
	be_refused(s, NULL);
	daemon_stop(&s->d, SIGTERM);
	configure(s, "opensesame");
	daemon_start(&s->d);
	scene_expect(s, "192.0.2.10", 2);
}

static void reload_without_a_change_keeps_the_hold(void **state)
{
	struct scene *s = *state;

	configure(s, "wrong");
	be_refused(s, NULL);
	kill(s->d.pid, SIGHUP);
	scene_expect_quiet(s, QUIET);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "held", 1000));
}

static void status_of_a_held_record_exits_1(void **state)
{
	struct scene *s = *state;
	static char text[65536];

	be_refused(s, "/code/badauth");
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "status", NULL), 1);
	assert_non_null(strstr(text, SCENE_NAME));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(wrong_password_is_held),
		SCENE_CASE(unknown_name_is_held),
		SCENE_CASE(name_of_another_user_is_held),
		SCENE_CASE(blocked_name_is_held),
		SCENE_CASE(refused_program_is_held),
		SCENE_CASE(hold_survives_a_restart),
		SCENE_CASE(retry_releases_the_hold),
		SCENE_CASE(retry_of_an_unknown_name_fails),
		SCENE_CASE(changed_password_releases_the_hold_at_reload),
		SCENE_CASE(changed_password_releases_the_hold_at_restart),
		SCENE_CASE(reload_without_a_change_keeps_the_hold),
		SCENE_CASE(status_of_a_held_record_exits_1),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
