/* SPDX-License-Identifier: MIT */
/* Configuration and signals: errors placed, a bad reload changes nothing, a quick end. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/kernel/scene.h"

enum { QUIET = 200 };

/* Runs nlddnsd to its end on the configuration as it is: exit code, its output in d.log. */
static int run_to_end(struct scene *s, const char *option)
{
	char program[GROUND_PATH];
	const char *argv[] = {program, "-c", s->d.conf, option, NULL};
	int status;

	ground_built(program, "nlddnsd");
	s->g->watched = s->d.log;
	status = ground_end(s->g, ground_spawn(s->g, SIDE_INSIDE, s->d.log, argv), 0, 3000);
	assert_true(status >= 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void broken_configuration_exits_2_with_every_error_placed(void **state)
{
	static const int lines[] = {5, 6, 7, 9};
	struct scene *s = *state;
	char place[GROUND_PATH + 8];

	ground_write(s->d.conf,
		     "[nlddns]\nstate-dir = %s/state\n"
		     "[home.example.org]\n"
		     "provider = dyndns2\n"
		     "pasword = x\n"
		     "settle = soon\n"
		     "family = ipv5\n"
		     "[away.example.org]\n"
		     "provider = dyndns3\n",
		     s->g->dir);
	assert_int_equal(run_to_end(s, NULL), 2);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(place, sizeof(place), "%s:%d:", s->d.conf, lines[i]);
		assert_int_equal(daemon_logged(&s->d, place, NULL), 1);
	}
	assert_int_equal(daemon_logged(&s->d, "pasword", "password"), 1);
	assert_int_equal(daemon_logged(&s->d, "dyndns3", "dyndns2"), 1);
}

static void good_configuration_passes_the_check(void **state)
{
	struct scene *s = *state;

	assert_int_equal(run_to_end(s, "-n"), 0);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 0);
}

static void absent_configuration_exits_2(void **state)
{
	struct scene *s = *state;

	remove(s->d.conf);
	assert_int_equal(run_to_end(s, NULL), 2);
	assert_true(daemon_logged(&s->d, s->d.conf, NULL) >= 1);
}

static void plain_http_without_permission_exits_2(void **state)
{
	struct scene *s = *state;

	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = dyndns2\nfamily = ipv4\nusername = user\n"
			 "password = opensesame\nurl = http://198.51.100.53:8080/nic/update\n");
	assert_int_equal(run_to_end(s, NULL), 2);
	assert_true(daemon_logged(&s->d, "allow-plaintext", NULL) >= 1);
}

static void readable_secret_exits_2_unless_permitted(void **state)
{
	struct scene *s = *state;

	assert_int_equal(chmod(s->d.conf, 0644), 0);
	assert_int_equal(run_to_end(s, NULL), 2);
	assert_true(daemon_logged(&s->d, s->d.conf, "chmod 640") >= 1);
	daemon_configure(s->g, &s->d, "insecure-permissions = yes\n", DAEMON_RECORD, SCENE_NAME,
			 8080, "/nic/update");
	assert_int_equal(chmod(s->d.conf, 0644), 0);
	scene_settled(s);
}

static void command_without_a_daemon_exits_3(void **state)
{
	struct scene *s = *state;
	char text[4096];

	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "status", NULL), 3);
}

static void reload_of_a_bad_file_keeps_the_old(void **state)
{
	struct scene *s = *state;
	char place[GROUND_PATH + 8];

	scene_settled(s);
	ground_write(s->d.conf, "[nlddns]\nfoo = bar\n[other.example.org]\nprovider = hosts\n");
	kill(s->d.pid, SIGHUP);
	ground_nap(QUIET);
	snprintf(place, sizeof(place), "%s:2:", s->d.conf);
	assert_int_equal(daemon_logged(&s->d, place, NULL), 1);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "myip=192.0.2.20", 1000));
}

static void reload_adds_a_record_and_leaves_the_other_alone(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "\n" DAEMON_RECORD, SCENE_NAME, 8080,
			 "/nic/update", "new.example.org", 8080, "/nic/update");
	kill(s->d.pid, SIGHUP);
	assert_true(serve_await(&s->web, 1, "new.example.org", "myip=192.0.2.10", 2000));
	assert_true(daemon_await(&s->d, "new.example.org A", "confirmed", "192.0.2.10", 1000));
	assert_int_equal(serve_count(&s->web, SCENE_NAME, NULL), 1);
}

static void reload_removes_a_record(void **state)
{
	struct scene *s = *state;

	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "\n" DAEMON_RECORD, SCENE_NAME, 8080,
			 "/nic/update", "old.example.org", 8080, "/nic/update");
	scene_settled(s);
	daemon_configure(s->g, &s->d, "", DAEMON_RECORD, SCENE_NAME, 8080, "/nic/update");
	kill(s->d.pid, SIGHUP);
	ground_nap(QUIET);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	assert_int_equal(serve_count(&s->web, "old.example.org", "192.0.2.20"), 0);
}

static void reload_while_a_request_is_in_flight_is_survived(void **state)
{
	struct scene *s = *state;

	serve_web_as(&s->web, "/slow/300");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, NULL, 1000));
	kill(s->d.pid, SIGHUP);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 3000));
	assert_in_range(serve_count(&s->web, "192.0.2.10", NULL), 1, 2);
}

static void sigterm_ends_it_while_a_provider_hangs(void **state)
{
	struct scene *s = *state;

	serve_web_as(&s->web, "/hang");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "hang", 1000));
	assert_in_range(daemon_stop(&s->d, SIGTERM), 0, 4500);
	assert_int_equal(s->d.exit_code, 0);
}

static void second_daemon_is_refused(void **state)
{
	struct scene *s = *state;
	struct scene other = *s;

	scene_settled(s);
	ground_path(s->g, other.d.log, "second.log");
	assert_int_not_equal(run_to_end(&other, NULL), 0);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(broken_configuration_exits_2_with_every_error_placed),
		SCENE_CASE(good_configuration_passes_the_check),
		SCENE_CASE(absent_configuration_exits_2),
		SCENE_CASE(plain_http_without_permission_exits_2),
		SCENE_CASE(readable_secret_exits_2_unless_permitted),
		SCENE_CASE(command_without_a_daemon_exits_3),
		SCENE_CASE(reload_of_a_bad_file_keeps_the_old),
		SCENE_CASE(reload_adds_a_record_and_leaves_the_other_alone),
		SCENE_CASE(reload_removes_a_record),
		SCENE_CASE(reload_while_a_request_is_in_flight_is_survived),
		SCENE_CASE(sigterm_ends_it_while_a_provider_hangs),
		SCENE_CASE(second_daemon_is_refused),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
