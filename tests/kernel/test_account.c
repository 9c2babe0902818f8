/* SPDX-License-Identifier: MIT */
/* A wrong password costs an account three requests, however many names it has. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kernel/scene.h"

enum { NAMES = 30, QUIET = 300 };

/* A request for each name. */
static void configure(struct scene *s, const char *password)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	assert_non_null(to);
	fprintf(to,
		"[account many]\nprovider = template\nurl = http://198.51.100.53:8080/nic/update\n"
		"query = hostname={name}&myip={ip4}\nbasic = {username}:{password}\n"
		"done = token good\nunchanged = token nochg\nrefused-auth = token badauth\n"
		"username = user\npassword = %s\nallow-plaintext = yes\n",
		password);
	for (int i = 0; i < NAMES; i++)
		fprintf(to, "[n%02d.example.org]\naccount = many\nfamily = ipv4\n", i);
	assert_int_equal(fclose(to), 0);
	daemon_configure(s->g, &s->d, "", "%s", text);
	free(text);
}

/* How many records are in this state. */
static int count_states(const struct scene *s, const char *state)
{
	json_t *status = daemon_status(&s->d), *record;
	size_t i;
	int n = 0;

	json_array_foreach(json_object_get(status, "records"), i, record) n +=
		!strcmp(json_string_value(json_object_get(record, "state")), state);
	json_decref(status);
	return n;
}

static bool all_held(void *s)
{
	return count_states(s, "held") == NAMES;
}

static bool all_confirmed(void *s)
{
	return count_states(s, "confirmed") == NAMES;
}

static bool all_released(void *s)
{
	return count_states(s, "confirmed") == NAMES - 2;
}

/* All are held, after three requests. */
static void be_refused(struct scene *s, const char *password)
{
	configure(s, password);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(ground_await(s->g, 3000, all_held, s, "all records to be held"));
	assert_int_equal(serve_count(&s->web, NULL, NULL), 3);
}

static void a_wrong_password_costs_three_requests(void **state)
{
	struct scene *s = *state;
	char why[256];

	be_refused(s, "wrong");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect_quiet(s, QUIET);
	daemon_field(&s->d, "n29.example.org A", "why", why);
	assert_non_null(strstr(why, "this account's credentials"));
	assert_int_equal(daemon_logged(&s->d, "account many: ", "credentials"), 1);
	assert_int_equal(daemon_logged(&s->d, " sending -> held ", NULL), 3);
}

static void a_restart_keeps_it_held(void **state)
{
	static const int signals[] = {SIGTERM, SIGKILL};
	struct scene *s = *state;

	be_refused(s, "wrong");
	for (size_t i = 0; i < 2; i++) {
		daemon_stop(&s->d, signals[i]);
		daemon_start(&s->d);
		scene_expect_quiet(s, QUIET);
		assert_true(ground_await(s->g, 1000, all_held, s, "all records to be held"));
	}
	kill(s->d.pid, SIGHUP);
	scene_expect_quiet(s, QUIET);
	assert_true(ground_await(s->g, 1000, all_held, s, "all records to be held"));
}

static void a_retry_tries_one_name(void **state)
{
	struct scene *s = *state;
	char text[4096];

	be_refused(s, "wrong");
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "retry", "n20.example.org"), 1);
	assert_true(serve_await(&s->web, 1, "n20.example.org", "badauth", 1000));
	assert_true(ground_await(s->g, 1000, all_held, s, "all records to be held"));
	scene_expect_quiet(s, QUIET);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 4);
}

/* The password was right, and the provider knows it again. */
static void a_retry_that_succeeds_releases_the_others(void **state)
{
	struct scene *s = *state;
	char text[4096];

	serve_web_as(&s->web, "/code/badauth");
	be_refused(s, "opensesame");
	serve_web_as(&s->web, NULL);
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "retry", "n00.example.org"), 0);
	/* The two that were refused themselves wait for their own. */
	assert_true(ground_await(s->g, 5000, all_released, s, "the other records to be confirmed"));
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "retry", "n01.example.org"), 0);
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "retry", "n02.example.org"), 0);
	assert_true(ground_await(s->g, 2000, all_confirmed, s, "all records to be confirmed"));
	assert_int_equal(serve_count(&s->web, NULL, NULL), 3 + NAMES);
}

static void another_password_releases_all(void **state)
{
	struct scene *s = *state;

	be_refused(s, "wrong");
	configure(s, "opensesame");
	kill(s->d.pid, SIGHUP);
	assert_true(ground_await(s->g, 5000, all_confirmed, s, "all records to be confirmed"));
	assert_int_equal(serve_count(&s->web, NULL, NULL), 3 + NAMES);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(a_wrong_password_costs_three_requests),
		SCENE_CASE(a_restart_keeps_it_held),
		SCENE_CASE(a_retry_tries_one_name),
		SCENE_CASE(a_retry_that_succeeds_releases_the_others),
		SCENE_CASE(another_password_releases_all),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
