/* SPDX-License-Identifier: MIT */
/* `nlddns status --check`: one answer for each way to be, and soon; and the watchdog. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/kernel/scene.h"

enum { PROMPT_MS = 5000 };

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

static void a_daemon_that_hangs_is_3_in_time(void **state)
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

/* The service manager's end, in the place of the one that daemon_start had. */
static int open_manager(const struct scene *s)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%.90s/notify", s->g->dir);
	unlink(name.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	return fd;
}

static int count_pings(int fd)
{
	char text[256];
	ssize_t len;
	int n = 0;

	while ((len = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT)) > 0) {
		text[len] = 0;
		n += !strcmp(text, "WATCHDOG=1");
	}
	return n;
}

struct pings {
	int fd, owed;
};

static bool have_come(void *arg)
{
	struct pings *pings = arg;

	pings->owed -= count_pings(pings->fd);
	return pings->owed <= 0;
}

static void await_pings(struct scene *s, int fd, int n)
{
	struct pings pings = {fd, n};

	assert_true(ground_await(s->g, 10000, have_come, &pings, "pings of the watchdog"));
}

static void pings_end_when_the_daemon_hangs(void **state)
{
	struct scene *s = *state;
	int64_t from;
	int fd;

	setenv("WATCHDOG_USEC", "400000", 1);
	scene_settled(s);
	unsetenv("WATCHDOG_USEC");
	fd = open_manager(s);
	from = ground_now();
	await_pings(s, fd, 4);
	assert_true(ground_now() - from >= 500 * INT64_C(1000000));
	kill(s->d.pid, SIGSTOP);
	ground_nap(50);
	count_pings(fd);
	ground_nap(600);
	assert_int_equal(count_pings(fd), 0);
	kill(s->d.pid, SIGCONT);
	await_pings(s, fd, 1);
	close(fd);
}

static void no_pings_unless_asked_for(void **state)
{
	struct scene *s = *state;
	int fd;

	scene_settled(s);
	fd = open_manager(s);
	ground_nap(500);
	assert_int_equal(count_pings(fd), 0);
	close(fd);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(all_well_is_0),
		SCENE_CASE(held_is_1),
		SCENE_CASE(a_broken_command_line_is_2),
		SCENE_CASE(no_daemon_is_3),
		SCENE_CASE(a_daemon_that_hangs_is_3_in_time),
		SCENE_CASE(pings_end_when_the_daemon_hangs),
		SCENE_CASE(no_pings_unless_asked_for),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
