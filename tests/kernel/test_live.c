/* SPDX-License-Identifier: MIT */
/* `nlddns watch`: what it shows of a redial, and how it ends. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/kernel/scene.h"

#define OUT      "watch.out"
#define TEXT_MAX 65536

enum { WAIT = 3000 };

static char text[TEXT_MAX];

struct watching {
	struct ground *g;
	const char *words; /* to come */
};

static bool is_shown(void *arg)
{
	const struct watching *watching = arg;
	char path[GROUND_PATH];

	ground_read(ground_path(watching->g, path, OUT), text, sizeof(text));
	return strstr(text, watching->words);
}

/* What has been shown is in text. */
static void await_shown(struct scene *s, const char *words)
{
	struct watching watching = {s->g, words};

	if (!ground_await(s->g, WAIT, is_shown, &watching, words))
		fail_msg("not shown: %s; but:\n%s", words, text);
}

/* nlddns watch, with its first lines there. */
static pid_t begin(struct scene *s, const char *option)
{
	char program[GROUND_PATH], path[GROUND_PATH];
	const char *argv[] = {
		ground_built(program, "nlddns"), "-c", s->d.conf, "watch", option, NULL};
	pid_t pid = ground_spawn(s->g, SIDE_INSIDE, ground_path(s->g, path, OUT), argv);

	await_shown(s, SCENE_NAME " A");
	return pid;
}

static void expect_end(struct scene *s, pid_t pid, int signal, int code)
{
	int status = ground_end(s->g, pid, signal, WAIT);

	assert_int_not_equal(status, -ETIMEDOUT);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), code);
}

static void a_redial_is_shown_step_by_step(void **state)
{
	static const char *const steps[] = {
		"  event     wan0",
		"  choice    wan0 IPv4: 192.0.2.20 on wan0",
		"  settle    wan0 IPv4: 192.0.2.20, ready",
		"  decision  " SCENE_NAME " A: confirmed -> sending 192.0.2.20",
		"dyndns2 by wan0: begun (" SCENE_NAME " A)",
		"GET http://198.51.100.53:8080",
		"  verdict   " SCENE_NAME " A: done",
		"  decision  " SCENE_NAME " A: sending -> confirmed 192.0.2.20",
	};
	struct scene *s = *state;
	const char *at = text;
	pid_t pid;

	scene_settled(s);
	pid = begin(s, NULL);
	await_shown(s, "  start     nlddnsd ");
	await_shown(s, SCENE_NAME " A: confirmed 192.0.2.10");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	await_shown(s, "confirmed -> waiting");
	wire_dial(s->g, "192.0.2.20/24");
	await_shown(s, "sending -> confirmed 192.0.2.20");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const char *found = strstr(at, steps[i]);

		if (i == 3 && !found)
			found = strstr(at, "waiting -> sending 192.0.2.20");
		if (!found)
			fail_msg("step %zu, \"%s\", is not shown after the one before:\n%s", i,
				 steps[i], text);
		at = found + 1;
	}
	assert_null(strstr(text, "opensesame"));
	expect_end(s, pid, SIGINT, 0);
}

/* Checks what each line must have; how many milliseconds the verdict took, or -1. */
static int64_t check_json(char *lines)
{
	int64_t took = -1;

	for (char *line = lines, *end; (end = strchr(line, '\n')); line = end + 1) {
		json_t *json;
		const json_t *ms;

		*end = '\0';
		json = json_loads(line, 0, NULL);
		if (!json)
			fail_msg("not JSON: %s", line);
		ms = json_object_get(json, "ms");
		assert_true(json_is_string(json_object_get(json, "at")));
		assert_true(json_is_null(ms) || json_integer_value(ms) >= 0);
		assert_true(json_is_string(json_object_get(json, "kind")));
		if (strstr(line, "\"verdict\":\"done\"") && strstr(line, SCENE_NAME " A"))
			took = json_is_integer(ms) ? json_integer_value(ms) : -1;
		json_decref(json);
	}
	return took;
}

static void json_has_a_line_for_each_step(void **state)
{
	struct scene *s = *state;
	int64_t took;
	pid_t pid;

	scene_settled(s);
	pid = begin(s, "--json");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	await_shown(s, "\"to\":\"confirmed\",\"wanted\":[\"192.0.2.20\"]");
	took = check_json(text);
	if (took < 0 || took > ground_patience(10000))
		fail_msg("the verdict came after %lld ms", (long long)took);
	expect_end(s, pid, SIGTERM, 0);
}

static void the_daemon_s_end_ends_it_with_3(void **state)
{
	struct scene *s = *state;
	pid_t pid;

	scene_settled(s);
	pid = begin(s, NULL);
	daemon_stop(&s->d, SIGTERM);
	expect_end(s, pid, 0, 3);
}

static void without_a_daemon_it_ends_with_3(void **state)
{
	struct scene *s = *state;

	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "watch", NULL), 3);
}

static void a_reload_goes_on(void **state)
{
	struct scene *s = *state;
	pid_t pid;

	scene_settled(s);
	pid = begin(s, NULL);
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "reload", NULL), 0);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	await_shown(s, "sending -> confirmed 192.0.2.20");
	expect_end(s, pid, SIGINT, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(a_redial_is_shown_step_by_step),
		SCENE_CASE(json_has_a_line_for_each_step),
		SCENE_CASE(the_daemon_s_end_ends_it_with_3),
		SCENE_CASE(without_a_daemon_it_ends_with_3),
		SCENE_CASE(a_reload_goes_on),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
