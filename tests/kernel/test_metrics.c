/* SPDX-License-Identifier: MIT */
/* The metrics file of a real daemon, and what `nlddns metrics` prints. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kernel/inside.h"
#include "tests/kernel/scene.h"
#include "tests/unit/openmetrics.h"

enum { QUIET = 3000 };

struct wish {
	const char *path, *line;
};

static void configure(struct scene *s, const char *path)
{
	char global[GROUND_PATH + 32];

	snprintf(global, sizeof(global), "metrics-file = %s\nupdater-idle = 1s\n", path);
	daemon_configure(s->g, &s->d, global, DAEMON_RECORD, SCENE_NAME, 8080, "/nic/update");
}

/* Whole and right whenever it is looked at. */
static bool has_line(void *arg)
{
	static char text[65536];
	const struct wish *wish = arg;

	ground_read(wish->path, text, sizeof(text));
	assert_true(!*text || !openmetrics_fault(text));
	return strstr(text, wish->line) != NULL;
}

static void await_line(const struct scene *s, const char *path, const char *line)
{
	struct wish wish = {path, line};

	assert_true(ground_await(s->g, 3000, has_line, &wish, line));
}

static void the_file_follows(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];
	struct stat st;

	configure(s, ground_path(s->g, path, "nlddns.prom"));
	daemon_start(&s->d);
	await_line(s, path, "address=\"unknown\"} 1\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	wire_dial(s->g, "192.0.2.10/24");
	await_line(s, path, "address=\"192.0.2.10\"} 1\n");
	await_line(s, path, "attempts_total{provider=\"dyndns2\",verdict=\"done\"} 1\n");
	await_line(s, path, "nlddns_reaction_seconds_count 1\n");
	serve_web_as(&s->web, "/code/badauth");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	await_line(s, path, "nlddns_record_held{name=\"" SCENE_NAME "\",type=\"A\"} 1\n");
	await_line(s, path, "nlddns_record_pending_timestamp_seconds{name=");
}

static void nothing_is_written_while_nothing_happens(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];
	struct stat before, after;
	int64_t switches;

	configure(s, ground_path(s->g, path, "nlddns.prom"));
	scene_settled(s);
	assert_true(daemon_await_updater(&s->d, false, 5000));
	ground_nap(1500);
	assert_int_equal(stat(path, &before), 0);
	switches = inside_switches(s->d.pid);
	ground_nap(QUIET);
	assert_int_equal(inside_switches(s->d.pid), switches);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_ino, before.st_ino);
	/* At the end, too, when it is less than a second after a change. */
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	daemon_stop(&s->d, SIGTERM);
	await_line(s, path, "address=\"192.0.2.20\"} 1\n");
}

static void no_place_is_said_once(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];

	configure(s, ground_path(s->g, path, "missing/nlddns.prom"));
	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	ground_nap(1200);
	assert_int_equal(daemon_logged(&s->d, "the metrics cannot be written", NULL), 1);
}

static void the_command_prints_the_same(void **state)
{
	struct scene *s = *state;
	static char text[65536];

	scene_settled(s);
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "metrics", NULL), 0);
	assert_null(openmetrics_fault(text));
	assert_non_null(strstr(text, "address=\"192.0.2.10\"} 1\n"));
	assert_non_null(strstr(text, "\nnlddns_updater_starts_total 1\n"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(the_file_follows),
		SCENE_CASE(nothing_is_written_while_nothing_happens),
		SCENE_CASE(no_place_is_said_once),
		SCENE_CASE(the_command_prints_the_same),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
