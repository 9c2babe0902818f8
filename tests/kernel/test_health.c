/* SPDX-License-Identifier: MIT */
/* `nlddns status --check`: one answer for each way to be, and soon. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/scene.h"

enum { PROMPT_MS = 1000 };

static int check(const struct scene *s, char *text, size_t size)
{
	return daemon_command(&s->d, text, size, "status", "--check");
}

static void all_well_is_0(void **state)
{
	struct scene *s = *state;
	char text[4096];

	scene_settled(s);
	assert_int_equal(check(s, text, sizeof(text)), 0);
	assert_string_equal(text, "all well\n");
}

static void held_is_1(void **state)
{
	struct scene *s = *state;
	char text[4096];

	serve_web_as(&s->web, "/code/badauth");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "held", 2000));
	assert_int_equal(check(s, text, sizeof(text)), 1);
	assert_non_null(strstr(text, SCENE_NAME " A: held for "));
	assert_ptr_equal(strchr(text, '\n') + 1, strchr(text, 0));
}

static void a_broken_command_line_is_2(void **state)
{
	struct scene *s = *state;
	char text[4096];

	scene_settled(s);
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "reload", "--check"), 2);
}

static void no_daemon_is_3(void **state)
{
	struct scene *s = *state;
	char text[4096];

	scene_settled(s);
	daemon_stop(&s->d, SIGKILL);
	assert_int_equal(check(s, text, sizeof(text)), 3);
}

static void a_daemon_that_hangs_is_3_within_a_second(void **state)
{
	struct scene *s = *state;
	char text[4096];
	int64_t from;
	int code;

	scene_settled(s);
	kill(s->d.pid, SIGSTOP);
	from = ground_now();
	code = check(s, text, sizeof(text));
	kill(s->d.pid, SIGCONT);
	assert_int_equal(code, 3);
	assert_in_range((ground_now() - from) / 1000000, 0, ground_patience(PROMPT_MS));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(all_well_is_0),
		SCENE_CASE(held_is_1),
		SCENE_CASE(a_broken_command_line_is_2),
		SCENE_CASE(no_daemon_is_3),
		SCENE_CASE(a_daemon_that_hangs_is_3_within_a_second),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
