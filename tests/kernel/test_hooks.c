/* SPDX-License-Identifier: MIT */
/* Who is told of what happens: hooks, and notifications to a web server of their own. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/kernel/scene.h"

enum { QUIET = 300, TEXT = 16384 };

#define NEWS "notify = http://" SERVE_WEB ":8081/nic/update?token=S3CRET\n"

/* The record of the scene with more keys; the hook's text in shell, which is told its folder. */
static void configure(struct scene *s, const char *hook, const char *keys)
{
	char path[GROUND_PATH], line[2 * GROUND_PATH] = "";

	if (hook) {
		ground_write(ground_path(s->g, path, "hook"), "#!/bin/sh\n%s\n", hook);
		assert_int_equal(chmod(path, 0700), 0);
		snprintf(line, sizeof(line), "hook = %s %s\n", path, s->g->dir);
	}
	daemon_configure(s->g, &s->d, "updater-idle = 5s\n", DAEMON_RECORD "%s%s", SCENE_NAME, 8080,
			 "/nic/update", line, keys);
}

/* A line for each run. */
#define TELLER                                                                     \
	"echo $NLDDNS_EVENT $NLDDNS_NAME $NLDDNS_TYPE $NLDDNS_PROVIDER "           \
	"$NLDDNS_INTERFACE [$NLDDNS_OLD] [$NLDDNS_NEW] ${NLDDNS_LATENCY_MS:+took}" \
	"-$NLDDNS_VERDICT ${NLDDNS_WHY:+why} >>$1/told"

struct wait {
	char path[GROUND_PATH];
	const char *text;
};

static bool holds(void *arg)
{
	const struct wait *wait = arg;
	char text[TEXT];

	ground_read(wait->path, text, sizeof(text));
	return strstr(text, wait->text);
}

/* A file of the ground comes to hold that. */
static void await_text(struct scene *s, const char *name, const char *text)
{
	struct wait wait = {.text = text};

	ground_path(s->g, wait.path, name);
	assert_true(ground_await(s->g, 5000, holds, &wait, text));
}

static void expect_told(struct scene *s, const char *expected)
{
	char path[GROUND_PATH], text[TEXT];

	await_text(s, "told", expected);
	ground_nap(QUIET);
	ground_read(ground_path(s->g, path, "told"), text, sizeof(text));
	assert_string_equal(text, expected);
	ground_write(path, "%s", "");
}

static void each_thing_is_told_once(void **state)
{
	struct scene *s = *state;
	char text[256];

	configure(s, TELLER, "");
	scene_settled(s);
	expect_told(s, "changed " SCENE_NAME " A dyndns2 wan0 [] [192.0.2.10] - why\n"
		       "confirmed " SCENE_NAME " A dyndns2 wan0 [] [192.0.2.10] took-done why\n");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	expect_told(s, "changed " SCENE_NAME " A dyndns2 wan0 [192.0.2.10] [192.0.2.20] -done why\n"
		       "confirmed " SCENE_NAME
		       " A dyndns2 wan0 [192.0.2.10] [192.0.2.20] took-done why\n");
	serve_web_as(&s->web, "/code/badauth");
	scene_redial(s, "192.0.2.20/24", "192.0.2.30/24");
	expect_told(s, "changed " SCENE_NAME " A dyndns2 wan0 [192.0.2.20] [192.0.2.30] -done why\n"
		       "held " SCENE_NAME
		       " A dyndns2 wan0 [192.0.2.20] [192.0.2.30] -refused-auth why\n");
	daemon_stop(&s->d, SIGTERM);
	daemon_start(&s->d);
	ground_nap(QUIET);
	serve_web_as(&s->web, NULL);
	daemon_command(&s->d, text, sizeof(text), "retry", SCENE_NAME);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.30", 2000));
	await_text(s, "told", "recovered " SCENE_NAME " A dyndns2 wan0 [192.0.2.20] [192.0.2.30]");
	ground_read(ground_path(s->g, text, "told"), text, sizeof(text));
	assert_null(strstr(text, "held"));
}

static void failing_is_told_after_its_time(void **state)
{
	struct scene *s = *state;

	configure(s, TELLER, "failing-after = 1s\n");
	serve_web_as(&s->web, "/status/500");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	expect_told(s, "changed " SCENE_NAME " A dyndns2 wan0 [] [192.0.2.10] - why\n");
	expect_told(s, "failing " SCENE_NAME " A dyndns2 wan0 [] [192.0.2.10] -retry why\n");
	serve_web_as(&s->web, NULL);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	daemon_command(&s->d, (char[256]){0}, 256, "retry", SCENE_NAME);
	expect_told(s, "changed " SCENE_NAME " A dyndns2 wan0 [] [192.0.2.20] -retry why\n"
		       "confirmed " SCENE_NAME " A dyndns2 wan0 [] [192.0.2.20] took-done why\n"
		       "recovered " SCENE_NAME " A dyndns2 wan0 [] [192.0.2.20] -done why\n");
}

static bool is_gone(void *arg)
{
	const char *path = arg;
	char pid[64], text[256];

	ground_read(path, pid, sizeof(pid));
	snprintf(text, sizeof(text), "/proc/%ld/stat", strtol(pid, NULL, 10));
	ground_read(text, text, sizeof(text));
	return pid[0] && (!text[0] || strstr(text, ") Z "));
}

/* And whatever it began. */
static void one_that_hangs_delays_nothing_and_is_ended(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];

	configure(s,
		  "[ -e $1/child ] && exit 0\n(trap '' TERM; exec sleep 300) &\n"
		  "echo $! >$1/child; trap '' TERM; sleep 300",
		  "hook-timeout = 5s\n");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	await_text(s, "child", "\n");
	for (int i = 2; i < 5; i++) {
		char from[32], to[32], ip[32];

		snprintf(from, sizeof(from), "192.0.2.%d0/24", i - 1);
		snprintf(to, sizeof(to), "192.0.2.%d0/24", i);
		snprintf(ip, sizeof(ip), "myip=192.0.2.%d0", i);
		scene_redial(s, from, to);
		assert_true(serve_await(&s->web, 1, SCENE_NAME, ip, 4000));
	}
	/* It hung all the while. */
	assert_false(is_gone(ground_path(s->g, path, "child")));
	assert_true(ground_await(s->g, 20000, is_gone, path, "the end of the hook's child"));
	await_text(s, "nlddnsd.log", "was ended after 5 s: make it faster, or raise hook-timeout");
}

static void nothing_secret_is_around_it(void **state)
{
	static const char *const secrets[] = {"opensesame", "S3CRET", "NLDDNS_TEST", "CREDENTIALS"};
	struct scene *s = *state;
	char path[GROUND_PATH], text[TEXT];

	configure(s,
		  "{ env; tr '\\0' '\\n' </proc/$$/cmdline; ls -l /proc/self/fd; } >$1/seen\n"
		  "ls /proc/self/fd | wc -w >>$1/seen; echo end >>$1/seen",
		  NEWS);
	setenv("NLDDNS_TEST_TOKEN", "S3CRET", 1);
	setenv("CREDENTIALS_DIRECTORY", "/run/S3CRET", 1);
	daemon_start(&s->d);
	unsetenv("NLDDNS_TEST_TOKEN");
	unsetenv("CREDENTIALS_DIRECTORY");
	wire_dial(s->g, "192.0.2.10/24");
	/* 0 to 2, and the folder that ls reads. */
	await_text(s, "seen", "\n4\nend\n");
	ground_read(ground_path(s->g, path, "seen"), text, sizeof(text));
	assert_non_null(strstr(text, "NLDDNS_EVENT="));
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		assert_null(strstr(text, secrets[i]));
}

static void a_failure_is_one_line_of_the_log(void **state)
{
	struct scene *s = *state;

	configure(s, "[ $NLDDNS_EVENT = confirmed ] || exit 0; echo no such tunnel >&2; exit 7",
		  "");
	scene_settled(s);
	await_text(s, "nlddnsd.log", "(confirmed) ended with status 7");
	assert_int_equal(daemon_logged(&s->d, "hook ", "its last words: no such tunnel; run it by"),
			 1);
	assert_int_equal(daemon_logged(&s->d, "(changed) ended", NULL), 0);
}

static void without_a_provider_there_is_the_hook(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];

	ground_write(ground_path(s->g, path, "hook"), "#!/bin/sh\n%s\n", TELLER);
	assert_int_equal(chmod(path, 0700), 0);
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = none\nfamily = ipv4\nhook = %s %s\n"
			 "on-loss = delete after 200ms\n",
			 path, s->g->dir);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	expect_told(s, "changed " SCENE_NAME " A none wan0 [] [192.0.2.10] - why\n"
		       "confirmed " SCENE_NAME " A none wan0 [] [192.0.2.10] took-done why\n");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	expect_told(s, "changed " SCENE_NAME " A none wan0 [192.0.2.10] [192.0.2.20] -done why\n"
		       "confirmed " SCENE_NAME
		       " A none wan0 [192.0.2.10] [192.0.2.20] took-done why\n");
	assert_int_equal(daemon_updater(&s->d), 0);
}

/* The notifications' own server: takes them all, but for what the path says. */
static void serve_news(struct scene *s, struct server *news, const char *path)
{
	serve_web(s->g, news, 8081);
	serve_web_as(news, path);
}

/* Exactly so many came, the last of them holding these, and its answer has gone back. */
static void expect_news(struct server *news, int count, const char *one, const char *other)
{
	assert_true(serve_await(news, count, "POST", NULL, 5000));
	assert_true(serve_await(news, 1, one, other, 1000));
	ground_nap(QUIET);
	assert_int_equal(serve_count(news, NULL, NULL), count);
}

static void notifications_come_in_order(void **state)
{
	struct scene *s = *state;
	struct server news = {0};
	char text[TEXT];

	serve_news(s, &news, "/elsewhere");
	configure(s, NULL, NEWS);
	scene_settled(s);
	expect_news(&news, 2, "\"event\":\"confirmed\"", "\"new\":[\"192.0.2.10\"]");
	assert_int_equal(serve_count(&news, "\"event\":\"changed\"", "\"old\":[]"), 1);
	assert_true(serve_arrival(&news, "changed") < serve_arrival(&news, "confirmed"));
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	expect_news(&news, 4, "\"event\":\"confirmed\"",
		    "\"old\":[\"192.0.2.10\"],\"new\":[\"192.0.2.20\"]");
	assert_int_equal(serve_count(&news, "token=S3CRET", "\"name\":\"" SCENE_NAME "\""), 4);
	daemon_command(&s->d, text, sizeof(text), "status", "--json");
	assert_null(strstr(text, "S3CRET"));
	assert_int_equal(daemon_logged(&s->d, "S3CRET", NULL), 0);
	assert_int_equal(daemon_logged(&s->d, "notify to", NULL), 0);
}

static void a_refusing_server_is_told_of_once(void **state)
{
	struct scene *s = *state;
	struct server news = {0};

	serve_news(s, &news, "/status/404");
	configure(s, NULL, NEWS);
	scene_settled(s);
	assert_true(serve_await(&news, 2, "POST", NULL, 2000));
	await_text(s, "nlddnsd.log", "notify to http://" SERVE_WEB ":8081: \"changed\" of");
	assert_int_equal(daemon_logged(&s->d, "is given up", "HTTP 404: refused; correct"), 1);
	ground_nap(QUIET);
	serve_web_as(&news, "/elsewhere");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	expect_news(&news, 4, "confirmed", "\"new\":[\"192.0.2.20\"]");
	assert_int_equal(daemon_logged(&s->d, "notify to", NULL), 2);
	assert_int_equal(daemon_logged(&s->d, "notify to", "taken again"), 1);
}

/* 429 with Retry-After: 2. */
static void a_busy_server_is_asked_again_in_its_time(void **state)
{
	struct scene *s = *state;
	struct server news = {0};
	int64_t first;

	serve_news(s, &news, "/throttle/2");
	configure(s, NULL, NEWS);
	scene_settled(s);
	assert_true(serve_await(&news, 1, "changed", NULL, 2000));
	first = ground_now();
	ground_nap(QUIET);
	serve_web_as(&news, "/elsewhere");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	ground_nap(QUIET);
	assert_int_equal(serve_count(&news, NULL, NULL), 1);
	expect_news(&news, 5, "confirmed", "\"new\":[\"192.0.2.20\"]");
	assert_true((ground_now() - first) / 1000000 > 1500);
	assert_int_equal(daemon_logged(&s->d, "notify to", "HTTP 429; trying again"), 1);
}

static void a_hanging_server_delays_nothing(void **state)
{
	struct scene *s = *state;
	struct server news = {0};
	int64_t began;

	serve_news(s, &news, "/hang");
	configure(s, NULL, NEWS);
	scene_settled(s);
	assert_true(serve_await(&news, 1, "changed", NULL, 2000));
	began = ground_now();
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	assert_true((ground_now() - began) / 1000000 < ground_patience(5000));
	/* its connection ended with the address: it may have been sent again, and nothing past it
	 */
	assert_int_equal(serve_count(&news, NULL, NULL),
			 serve_count(&news, "changed", "\"old\":[]"));
}

/* An updater that dies takes nothing with it. */
static void a_dead_updater_loses_no_notification(void **state)
{
	struct scene *s = *state;
	struct server news = {0};

	serve_news(s, &news, "/hang");
	configure(s, NULL, NEWS);
	scene_settled(s);
	assert_true(serve_await(&news, 1, "changed", NULL, 2000));
	serve_web_as(&news, "/elsewhere");
	kill(daemon_updater(&s->d), SIGKILL);
	expect_news(&news, 3, "confirmed", "192.0.2.10");
	assert_int_equal(serve_count(&news, "changed", NULL), 2);
}

static void a_reload_keeps_what_waits(void **state)
{
	struct scene *s = *state;
	struct server news = {0};
	char text[256];

	serve_news(s, &news, "/throttle/2");
	configure(s, NULL, NEWS);
	scene_settled(s);
	assert_true(serve_await(&news, 1, "changed", NULL, 2000));
	serve_web_as(&news, "/elsewhere");
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "reload", NULL), 0);
	expect_news(&news, 3, "confirmed", "192.0.2.10");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(each_thing_is_told_once),
		SCENE_CASE(failing_is_told_after_its_time),
		SCENE_CASE(one_that_hangs_delays_nothing_and_is_ended),
		SCENE_CASE(nothing_secret_is_around_it),
		SCENE_CASE(a_failure_is_one_line_of_the_log),
		SCENE_CASE(without_a_provider_there_is_the_hook),
		SCENE_CASE(notifications_come_in_order),
		SCENE_CASE(a_refusing_server_is_told_of_once),
		SCENE_CASE(a_busy_server_is_asked_again_in_its_time),
		SCENE_CASE(a_hanging_server_delays_nothing),
		SCENE_CASE(a_dead_updater_loses_no_notification),
		SCENE_CASE(a_reload_keeps_what_waits),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
