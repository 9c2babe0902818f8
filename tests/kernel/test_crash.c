/* SPDX-License-Identifier: MIT */
/* Killed at any moment and started again: no update lost, none without need. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kernel/scene.h"

enum { QUIET = 300, ROUNDS = 20 };

static void restart(struct scene *s)
{
	daemon_stop(&s->d, SIGKILL);
	daemon_start(&s->d);
}

static void killed_after_the_confirmation_sends_nothing(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	restart(s);
	scene_expect_quiet(s, QUIET);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", 1000));
}

static void killed_before_sending_sends_after_the_start(void **state)
{
	struct scene *s = *state;

	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "settle = 500ms\n", SCENE_NAME, 8080,
			 "/nic/update");
	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	ground_nap(50);
	daemon_stop(&s->d, SIGKILL);
	assert_int_equal(serve_count(&s->web, "192.0.2.20", NULL), 0);
	daemon_start(&s->d);
	scene_expect(s, "192.0.2.20", 1);
}

static void killed_while_the_provider_hangs_sends_after_the_start(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	serve_web_as(&s->web, "/hang");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(serve_await(&s->web, 1, "192.0.2.20", "hang", 1000));
	daemon_stop(&s->d, SIGKILL);
	serve_web_as(&s->web, NULL);
	daemon_start(&s->d);
	scene_expect(s, "192.0.2.20", 2);
	assert_int_equal(serve_count(&s->web, "192.0.2.20", "good"), 1);
}

static void killed_before_the_answer_asks_once_more(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	serve_web_as(&s->web, "/slow/400");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(serve_await(&s->web, 1, "192.0.2.20", NULL, 1000));
	daemon_stop(&s->d, SIGKILL);
	serve_web_as(&s->web, NULL);
	daemon_start(&s->d);
	scene_expect(s, "192.0.2.20", 2);
	scene_expect_quiet(s, QUIET);
}

static void address_changed_while_dead_is_published_at_the_start(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	daemon_stop(&s->d, SIGKILL);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	daemon_start(&s->d);
	scene_expect(s, "192.0.2.20", 1);
}

static void address_changed_and_back_while_dead_sends_nothing(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	daemon_stop(&s->d, SIGTERM);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_redial(s, "192.0.2.20/24", "192.0.2.10/24");
	daemon_start(&s->d);
	scene_expect_quiet(s, QUIET);
}

/* One change with a death within its first 20 ms; then one without, which starts afresh what
 * the daemon learnt of the provider (repeats it was told of widen its interval). */
static void change_and_kill(struct scene *s, int round, int ms)
{
	char from[32], to[32], *end;

	snprintf(from, sizeof(from), "203.0.113.%d/24", 99 + round);
	snprintf(to, sizeof(to), "192.0.2.%d/24", 100 + round);
	scene_redial(s, from, to);
	ground_nap(ms);
	restart(s);
	end = strchr(to, '/');
	*end = 0;
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", to, 3000));
	assert_in_range(serve_count(&s->web, to, NULL), 1, 2);
	*end = '/';
	snprintf(from, sizeof(from), "203.0.113.%d/24", 100 + round);
	scene_redial(s, to, from);
	*strchr(from, '/') = 0;
	scene_expect(s, from, 1);
}

static void killed_at_any_moment_loses_nothing(void **state)
{
	struct scene *s = *state;
	unsigned seed = 20;

	daemon_start(&s->d);
	wire_dial(s->g, "203.0.113.99/24");
	scene_expect(s, "203.0.113.99", 1);
	for (int i = 0; i < ROUNDS; i++) {
		seed = seed * 1103515245 + 12345;
		change_and_kill(s, i, (int)(seed >> 16) % 20);
	}
	scene_expect_quiet(s, QUIET);
}

static void updater_killed_in_flight_repeats_the_job(void **state)
{
	struct scene *s = *state;
	pid_t updater;

	serve_web_as(&s->web, "/hang");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, "192.0.2.10", "hang", 1000));
	updater = daemon_updater(&s->d);
	assert_int_not_equal(updater, 0);
	serve_web_as(&s->web, NULL);
	kill(updater, SIGKILL);
	assert_true(serve_await(&s->web, 1, "192.0.2.10", "good", 5000));
	scene_expect(s, "192.0.2.10", 2);
}

static void updater_killed_while_idle_is_replaced(void **state)
{
	struct scene *s = *state;

	daemon_configure(s->g, &s->d, "keep-updater = yes\n", DAEMON_RECORD, SCENE_NAME, 8080,
			 "/nic/update");
	scene_settled(s);
	assert_true(daemon_await_updater(&s->d, true, 500));
	kill(daemon_updater(&s->d), SIGKILL);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

/* Even one that is stopped. */
static void updater_goes_when_the_daemon_is_killed(void **state)
{
	struct scene *s = *state;
	char path[64], text[64];
	pid_t updater;

	daemon_configure(s->g, &s->d, "keep-updater = yes\n", DAEMON_RECORD, SCENE_NAME, 8080,
			 "/nic/update");
	scene_settled(s);
	updater = daemon_updater(&s->d);
	assert_int_not_equal(updater, 0);
	kill(updater, SIGSTOP);
	daemon_stop(&s->d, SIGKILL);
	snprintf(path, sizeof(path), "/proc/%d/cmdline", updater);
	for (int i = 0; i < 100; i++) {
		ground_read(path, text, sizeof(text));
		if (!*text)
			return;
		ground_nap(10);
	}
	fail_msg("nlddns-updater outlives nlddnsd");
}

/* The state file of a running scene is replaced by this text; the daemon starts on it. */
static void start_on_state(struct scene *s, const char *text)
{
	char path[GROUND_PATH];

	scene_settled(s);
	daemon_stop(&s->d, SIGTERM);
	ground_path(s->g, path, "state/state");
	assert_int_equal(access(path, R_OK), 0);
	unlink(path);
	if (text)
		ground_write(path, "%s", text);
	assert_int_equal(truncate(s->d.log, 0), 0);
	daemon_start(&s->d);
}

static void absent_state_is_survived(void **state)
{
	struct scene *s = *state;

	start_on_state(s, NULL);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 2000));
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

static void corrupt_state_is_reported_once_and_survived(void **state)
{
	struct scene *s = *state;

	start_on_state(s, "nlddns-state 1\nhome.example.org \xff\xfe garbage 99999999999999999\n");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 2000));
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	assert_int_equal(daemon_logged(&s->d, "/state/state", NULL), 1);
}

/* A read-only file system stops root, too. */
static void unwritable_state_is_reported_once_and_survived(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];

	ground_path(s->g, path, "state");
	assert_int_equal(mount("none", path, "tmpfs", MS_RDONLY, NULL), 0);
	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	scene_redial(s, "192.0.2.20/24", "192.0.2.30/24");
	scene_expect(s, "192.0.2.30", 1);
	assert_int_equal(daemon_logged(&s->d, path, "cannot be saved"), 1);
	assert_int_equal(daemon_logged(&s->d, path, NULL), 2); /* and the history */
}

static void absent_state_directory_is_survived(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];

	rmdir(ground_path(s->g, path, "state"));
	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(killed_after_the_confirmation_sends_nothing),
		SCENE_CASE(killed_before_sending_sends_after_the_start),
		SCENE_CASE(killed_while_the_provider_hangs_sends_after_the_start),
		SCENE_CASE(killed_before_the_answer_asks_once_more),
		SCENE_CASE(address_changed_while_dead_is_published_at_the_start),
		SCENE_CASE(address_changed_and_back_while_dead_sends_nothing),
		SCENE_CASE(killed_at_any_moment_loses_nothing),
		SCENE_CASE(updater_killed_in_flight_repeats_the_job),
		SCENE_CASE(updater_killed_while_idle_is_replaced),
		SCENE_CASE(updater_goes_when_the_daemon_is_killed),
		SCENE_CASE(absent_state_is_survived),
		SCENE_CASE(corrupt_state_is_reported_once_and_survived),
		SCENE_CASE(unwritable_state_is_reported_once_and_survived),
		SCENE_CASE(absent_state_directory_is_survived),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
