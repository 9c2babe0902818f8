/* SPDX-License-Identifier: MIT */
#include "update/daemon/watchers.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define LINE "{\"kind\":\"x\"}\n"

static struct ev_loop *ev;
static struct watchers *watchers;

static int setup(void **state)
{
	(void)state;
	ev = ev_loop_new(EVBACKEND_EPOLL);
	watchers = ev ? watchers_new(ev) : NULL;
	return watchers ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	watchers_free(watchers);
	ev_loop_destroy(ev);
	return 0;
}

static void turn(void)
{
	for (int i = 0; i < 4; i++)
		ev_run(ev, EVRUN_NOWAIT);
}

/* Our end of a new watcher; -1: refused. */
static int join(const char *greeting)
{
	int fds[2], err;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds),
			 0);
	err = watchers_add(watchers, fds[0], greeting, strlen(greeting));
	if (err == 0)
		return fds[1];
	assert_int_equal(err, -EBUSY);
	close(fds[0]);
	close(fds[1]);
	return -1;
}

static void say(const char *line)
{
	watchers_send(watchers, line, strlen(line));
}

/* What there is to read now; NULL: hung up. */
static const char *hear(int fd)
{
	static char text[1 << 20];
	size_t len = 0;
	ssize_t n;

	while ((n = recv(fd, text + len, sizeof(text) - 1 - len, 0)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	return n == 0 && len == 0 ? NULL : text;
}

static void each_gets_its_greeting_and_every_line(void **state)
{
	int first = join("hello\n"), second;

	(void)state;
	say("1\n");
	second = join("hi\n");
	say("2\n");
	assert_string_equal(hear(first), "hello\n1\n2\n");
	assert_string_equal(hear(second), "hi\n2\n");
	close(first);
	close(second);
}

static void nobody_is_known_to_be_nobody(void **state)
{
	int fd;

	(void)state;
	assert_false(watchers_any(NULL));
	assert_false(watchers_any(watchers));
	fd = join("");
	assert_true(watchers_any(watchers));
	close(fd);
	turn();
	assert_false(watchers_any(watchers));
	say(LINE);
}

static void who_has_gone_is_found_out_by_sending(void **state)
{
	int fd = join("");

	(void)state;
	close(fd);
	say(LINE);
	assert_false(watchers_any(watchers));
}

static void who_reads_late_misses_nothing(void **state)
{
	int fd = join("");
	size_t total = 0, sent = 0;
	const char *text;

	(void)state;
	while (!watchers->list[0]->backlog) {
		say(LINE);
		sent += strlen(LINE);
	}
	say("last\n");
	sent += 5;
	for (int i = 0; i < 100 && total < sent; i++) {
		text = hear(fd);
		total += text ? strlen(text) : 0;
		turn();
	}
	assert_int_equal(total, sent);
	assert_null(watchers->list[0]->backlog);
	assert_false(watchers->list[0]->dropped);
	close(fd);
}

/* All whole lines, and the last is the farewell; then the end. */
static void expect_farewell(int fd)
{
	static char all[1 << 21];
	size_t len = 0, last = strlen(WATCHERS_FAREWELL);
	const char *text;

	while ((text = hear(fd)) != NULL) {
		len += (size_t)snprintf(all + len, sizeof(all) - len, "%s", text);
		turn();
	}
	assert_true(len > last);
	assert_string_equal(all + len - last, WATCHERS_FAREWELL);
	all[len - last] = '\0';
	for (char *line = all; *line; line = strchr(line, '\n') + 1)
		assert_int_equal(strncmp(line, LINE, strlen(LINE)), 0);
}

static void who_is_too_slow_is_told_so_and_dropped(void **state)
{
	int slow = join(""), other;

	(void)state;
	for (int i = 0; i < 200000 && !watchers->list[0]->dropped; i++)
		say(LINE);
	assert_true(watchers->list[0]->dropped);
	assert_true(watchers->list[0]->len <= WATCHERS_BACKLOG_MAX + sizeof(WATCHERS_FAREWELL));
	assert_false(watchers_any(watchers));
	other = join("");
	say("1\n");
	assert_string_equal(hear(other), "1\n");
	expect_farewell(slow);
	assert_null(watchers->list[0]);
	close(slow);
	close(other);
}

/* Reads a little now and then, which ends within lines. */
static void who_is_dropped_late_gets_whole_lines(void **state)
{
	int slow = join("");
	char byte[7001];

	(void)state;
	for (int i = 0; i < 400000 && !watchers->list[0]->dropped; i++) {
		say(LINE);
		if (i % 1000 == 999) {
			ssize_t n = recv(slow, byte, sizeof(byte) - sizeof(LINE), 0);

			/* What was read goes by in whole lines, too. */
			for (; n > 0 && byte[n - 1] != '\n'; n++)
				assert_int_equal(recv(slow, byte + n, 1, 0), 1);
			turn();
		}
	}
	assert_true(watchers->list[0]->dropped);
	expect_farewell(slow);
	close(slow);
}

static void a_long_greeting_is_no_slowness(void **state)
{
	char *greeting = calloc(1, 1000001);
	size_t total = 0;
	int fd;

	(void)state;
	assert_non_null(greeting);
	memset(greeting, 'x', 1000000);
	fd = join(greeting);
	say(LINE);
	while (total < 1000000 + strlen(LINE)) {
		const char *text = hear(fd);

		total += text ? strlen(text) : 0;
		turn();
	}
	assert_int_equal(total, 1000000 + strlen(LINE));
	assert_true(watchers_any(watchers));
	free(greeting);
	close(fd);
}

static void what_they_say_is_ignored(void **state)
{
	int fd = join("");

	(void)state;
	assert_int_equal(send(fd, "status\n", 7, 0), 7);
	turn();
	say(LINE);
	assert_string_equal(hear(fd), LINE);
	close(fd);
}

static void there_is_room_for_so_many(void **state)
{
	int fds[WATCHERS_MAX], more;

	(void)state;
	for (int i = 0; i < WATCHERS_MAX; i++)
		fds[i] = join("");
	assert_int_equal(join(""), -1);
	/* One that was dropped gives way. */
	watchers->list[3]->dropped = true;
	more = join("here\n");
	assert_string_equal(hear(more), "here\n");
	assert_null(hear(fds[3]));
	for (int i = 0; i < WATCHERS_MAX; i++)
		close(fds[i]);
	close(more);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_gets_its_greeting_and_every_line),
		CASE(nobody_is_known_to_be_nobody),
		CASE(who_has_gone_is_found_out_by_sending),
		CASE(who_reads_late_misses_nothing),
		CASE(who_is_too_slow_is_told_so_and_dropped),
		CASE(who_is_dropped_late_gets_whole_lines),
		CASE(a_long_greeting_is_no_slowness),
		CASE(what_they_say_is_ignored),
		CASE(there_is_room_for_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
