/* SPDX-License-Identifier: MIT */
/* What was confirmed can be read later, whoever was killed meanwhile. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/kernel/scene.h"

static json_t *history(const struct scene *s)
{
	static char text[1 << 17];

	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "history", "--json"), 0);
	return json_loads(text, 0, NULL);
}

static size_t count_changes(const struct scene *s)
{
	json_t *changes = history(s);
	size_t n = json_array_size(changes);

	json_decref(changes);
	return n;
}

/* A field of a change as JSON writes it. */
static void expect_field(const json_t *change, const char *field, const char *value)
{
	char *text = json_dumps(json_object_get(change, field), JSON_ENCODE_ANY | JSON_COMPACT);

	assert_non_null(text);
	assert_string_equal(text, value);
	free(text);
}

static int64_t ms_of(const json_t *change, const char *field)
{
	const json_t *value = json_object_get(change, field);

	assert_true(json_is_integer(value));
	return json_integer_value(value);
}

/* The first dial and a redial that a slow provider has answered. */
static void expect_both(const struct scene *s)
{
	json_t *changes = history(s), *change;

	assert_int_equal(json_array_size(changes), 2);
	change = json_array_get(changes, 0);
	expect_field(change, "old", "[]");
	expect_field(change, "new", "[\"192.0.2.10\"]");
	change = json_array_get(changes, 1);
	expect_field(change, "name", "\"" SCENE_NAME "\"");
	expect_field(change, "type", "\"A\"");
	expect_field(change, "provider", "\"dyndns2\"");
	expect_field(change, "interface", "\"wan0\"");
	expect_field(change, "old", "[\"192.0.2.10\"]");
	expect_field(change, "new", "[\"192.0.2.20\"]");
	expect_field(change, "attempts", "1");
	expect_field(change, "verdict", "\"done\"");
	assert_true(ms_of(change, "provider_ms") >= 290);
	assert_int_equal(ms_of(change, "settle_ms") + ms_of(change, "queue_ms") +
				 ms_of(change, "provider_ms"),
			 ms_of(change, "took_ms"));
	json_decref(changes);
}

static void make_both(struct scene *s)
{
	scene_settled(s);
	serve_web_as(&s->web, "/slow/300");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

static void changes_are_told_with_their_times(void **state)
{
	struct scene *s = *state;
	char text[8192];

	make_both(s);
	expect_both(s);
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "history", NULL), 0);
	assert_non_null(strstr(text, "192.0.2.10 -> 192.0.2.20"));
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "history", "x.example.org"), 0);
	assert_null(strstr(text, "192.0.2."));
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "history", "--timeline"), 0);
	assert_non_null(strstr(text, SCENE_NAME " A"));
	assert_non_null(strstr(text, "####\n"));
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "history", "-n1"), 0);
	assert_null(strstr(text, "none -> 192.0.2.10"));
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "history", "-nx"), 2);
}

static void they_outlive_the_daemon(void **state)
{
	struct scene *s = *state;

	make_both(s);
	daemon_stop(&s->d, SIGKILL);
	expect_both(s);
	daemon_start(&s->d);
	expect_both(s);
	/* A restart that changes nothing is no change; a reload neither. */
	kill(s->d.pid, SIGHUP);
	scene_expect_quiet(s, 200);
	expect_both(s);
}

static void a_torn_line_spoils_nothing(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];
	int fd;

	make_both(s);
	fd = open(ground_path(s->g, path, "state/history"), O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "{\"at\":\"20", 9), 9);
	close(fd);
	expect_both(s);
	serve_web_as(&s->web, NULL);
	scene_redial(s, "192.0.2.20/24", "192.0.2.30/24");
	scene_expect(s, "192.0.2.30", 1);
	assert_int_equal(serve_lines(path, "192.0.2.30", "{\"at\""), 1);
	assert_int_equal(count_changes(s), 3);
}

/* A read-only file system stops root, too. */
static void without_a_place_it_is_said_once(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];

	ground_path(s->g, path, "state");
	assert_int_equal(mount("none", path, "tmpfs", MS_RDONLY, NULL), 0);
	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	assert_int_equal(count_changes(s), 0);
	assert_int_equal(daemon_logged(&s->d, "changes cannot be written down", NULL), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(changes_are_told_with_their_times),
		SCENE_CASE(they_outlive_the_daemon),
		SCENE_CASE(a_torn_line_spoils_nothing),
		SCENE_CASE(without_a_place_it_is_said_once),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
