/* SPDX-License-Identifier: MIT */
#include "update/daemon/control.c"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/tempdir.h"

static struct ev_loop *ev;
static struct control *control;
static char path[128];
static size_t answer_size; /* of the text in each answer */

/* Says back what it understood. */
static void echo(void *arg, const struct verb *verb, json_t **ret)
{
	json_t *json = json_pack("{s:i, s:s}", "kind", verb->kind, "name", verb->name);
	char *text = calloc(1, answer_size + 1);

	assert_ptr_equal(arg, &answer_size);
	assert_non_null(text);
	memset(text, 'x', answer_size);
	json_object_set_new(json, "text", json_string(text));
	free(text);
	*ret = json;
}

/* The same in three parts. */
static void echo_in_parts(void *arg, size_t *cursor, struct buf *out)
{
	const struct verb verb = {.kind = VERB_STATUS};
	json_t *json = NULL;
	char *text;
	size_t len;

	echo(arg, &verb, &json);
	text = json_dumps(json, JSON_COMPACT);
	assert_non_null(text);
	len = strlen(text) / 3 + 1;
	buf_printf(out, "%.*s", (int)len, text + *cursor * len);
	*cursor = (*cursor + 1) % 3;
	free(text);
	json_decref(json);
}

/* Takes it over and says so. */
static void take(void *arg, int fd)
{
	assert_ptr_equal(arg, &answer_size);
	assert_int_equal(send(fd, "taken\n", 6, MSG_NOSIGNAL), 6);
	close(fd);
}

static const struct control_handler handler = {
	.answer = echo, .part = echo_in_parts, .watch = take, .arg = &answer_size};

static int setup(void **state)
{
	if (tempdir_setup(state) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/control", tempdir);
	answer_size = 0;
	ev = ev_loop_new(EVBACKEND_EPOLL);
	return ev ? control_open(ev, path, handler, &control) : -1;
}

static int teardown(void **state)
{
	control_close(control);
	ev_loop_destroy(ev);
	return tempdir_teardown(state);
}

static int dial(void)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(addr.sun_path, path, strlen(path) + 1);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

static void turn(int times)
{
	while (times-- > 0)
		ev_run(ev, EVRUN_NOWAIT);
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	turn(4);
}

/* One line, without its newline; "": the connection is closed; NULL: silence. */
static const char *hear(int fd)
{
	static char line[4096];
	size_t len = 0;

	while (len < sizeof(line) - 1) {
		ssize_t n = recv(fd, line + len, 1, MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN)
			return NULL;
		if (n <= 0 || line[len] == '\n')
			break;
		len++;
	}
	line[len] = '\0';
	return line;
}

static void answers_a_line_with_a_line(void **state)
{
	int fd = dial();

	(void)state;
	say(fd, "status\n");
	assert_string_equal(hear(fd), "{\"kind\":0,\"name\":\"\",\"text\":\"\"}");
	say(fd, "retry A.example.org\n");
	assert_string_equal(hear(fd), "{\"kind\":3,\"name\":\"a.example.org\",\"text\":\"\"}");
	close(fd);
}

static void takes_lines_as_they_come(void **state)
{
	int fd = dial();

	(void)state;
	say(fd, "sta");
	assert_null(hear(fd));
	say(fd, "tus\nsnapshot\nrel");
	assert_non_null(strstr(hear(fd), "\"kind\":0"));
	assert_non_null(strstr(hear(fd), "\"kind\":1"));
	assert_null(hear(fd));
	say(fd, "oad\n");
	assert_non_null(strstr(hear(fd), "\"kind\":4"));
	close(fd);
}

static void says_what_it_does_not_understand(void **state)
{
	int fd = dial();

	(void)state;
	say(fd, "make coffee\n");
	assert_non_null(strstr(hear(fd), "\"error\":\"unknown request"));
	say(fd, "update\n");
	assert_non_null(strstr(hear(fd), "\"error\":\"name the record"));
	close(fd);
}

static void ends_lines_that_do_not_end(void **state)
{
	char text[VERB_LINE_MAX + 1];
	int fd = dial();

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[VERB_LINE_MAX] = '\0';
	say(fd, text);
	assert_string_equal(hear(fd), "");
	close(fd);
}

static void writes_long_answers_in_parts(void **state)
{
	static char bytes[65536];
	size_t total = 0;
	int fd = dial();

	(void)state;
	answer_size = 2000000;
	say(fd, "status\n");
	for (int i = 0; i < 1000 && total <= answer_size; i++) {
		ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);

		total += n > 0 ? (size_t)n : 0;
		turn(1);
	}
	assert_true(total > answer_size);
	assert_int_equal(bytes[0] == 'x' || bytes[0] == '{', 1);
	answer_size = CONTROL_ANSWER_MAX;
	say(fd, "snapshot\n");
	assert_string_equal(hear(fd), "");
	close(fd);
}

static void bounds_its_connections(void **state)
{
	int fds[CONTROL_CONNECTIONS_MAX], more;

	(void)state;
	for (int i = 0; i < CONTROL_CONNECTIONS_MAX; i++) {
		fds[i] = dial();
		turn(2);
	}
	more = dial();
	turn(2);
	assert_string_equal(hear(more), "");
	close(more);
	say(fds[31], "status\n");
	assert_non_null(strstr(hear(fds[31]), "\"kind\":0"));
	close(fds[0]);
	turn(2);
	more = dial();
	say(more, "status\n");
	assert_non_null(strstr(hear(more), "\"kind\":0"));
	close(more);
	for (int i = 1; i < CONTROL_CONNECTIONS_MAX; i++)
		close(fds[i]);
}

static void survives_clients_that_leave(void **state)
{
	int fd = dial(), other;

	(void)state;
	answer_size = 2000000;
	say(fd, "status\n");
	close(fd);
	turn(4);
	answer_size = 0;
	other = dial();
	say(other, "status\n");
	assert_non_null(strstr(hear(other), "\"kind\":0"));
	close(other);
}

static void refuses_a_second_daemon(void **state)
{
	struct control *second = NULL;

	(void)state;
	assert_int_equal(control_open(ev, path, handler, &second), -EADDRINUSE);
	assert_null(second);
	assert_int_equal(access(path, F_OK), 0);
}

static void replaces_a_stale_socket_but_no_file(void **state)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	struct control *second = NULL;
	char other[160];
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	snprintf(other, sizeof(other), "%s/other", tempdir);
	memcpy(addr.sun_path, other, strlen(other) + 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	close(fd);
	assert_int_equal(control_open(ev, other, handler, &second), 0);
	control_close(second);
	assert_int_equal(access(other, F_OK), -1);
	fd = open(other, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	second = NULL;
	assert_int_equal(control_open(ev, other, handler, &second), -EADDRINUSE);
	assert_int_equal(access(other, F_OK), 0);
	memset(other, 'a', sizeof(other) - 1);
	other[sizeof(other) - 1] = '\0';
	assert_int_equal(control_open(ev, other, handler, &second), -ENAMETOOLONG);
}

static void the_right_decides(void **state)
{
	int fd = dial();

	(void)state;
	turn(2);
	control->connections[0]->right = PEER_RIGHT_READ;
	say(fd, "update a.example.org\n");
	assert_non_null(strstr(hear(fd), "\"error\":\"not allowed"));
	say(fd, "status\n");
	assert_non_null(strstr(hear(fd), "\"kind\":0"));
	close(fd);
}

/* One end of a connection; the other is admitted with a right. */
static int admitted(enum peer_right right)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	admit(control, pair[1], right);
	turn(1);
	return pair[0];
}

static void who_may_nothing_takes_no_slot(void **state)
{
	int fd = admitted(PEER_RIGHT_NONE);

	(void)state;
	assert_non_null(strstr(hear(fd), "{\"error\":\"not allowed: ask as root"));
	assert_string_equal(hear(fd), "");
	assert_null(control->connections[0]);
	close(fd);
}

static void readers_leave_slots_to_others(void **state)
{
	int fds[CONTROL_CONNECTIONS_MAX], more;

	(void)state;
	for (int i = 0; i < CONTROL_CONNECTIONS_MAX; i++) {
		fds[i] = admitted(PEER_RIGHT_READ);
		assert_int_equal(!hear(fds[i]), i < CONTROL_READERS_MAX);
	}
	more = admitted(PEER_RIGHT_ACT);
	say(more, "reload\n");
	assert_non_null(strstr(hear(more), "\"kind\":4"));
	close(more);
	for (int i = 0; i < CONTROL_CONNECTIONS_MAX; i++)
		close(fds[i]);
}

/* Seconds that are left after a while and a line. */
static double left_after_a_line(int fd)
{
	struct connection *connection = control->connections[0];

	poll(NULL, 0, 600);
	ev_now_update(ev);
	say(fd, "status\n");
	assert_non_null(hear(fd));
	ev_now_update(ev);
	return ev_timer_remaining(ev, &connection->idle);
}

static void readers_do_not_stay_for_ever(void **state)
{
	int fd = admitted(PEER_RIGHT_READ);

	(void)state;
	assert_true(left_after_a_line(fd) > CONTROL_IDLE_S - 0.5);
	control->connections[0]->rearmed = CONTROL_REARMS_MAX;
	assert_true(left_after_a_line(fd) < CONTROL_IDLE_S - 0.5);
	control->connections[0]->right = PEER_RIGHT_ACT;
	assert_true(left_after_a_line(fd) > CONTROL_IDLE_S - 0.5);
	close(fd);
}

static void hands_watchers_over(void **state)
{
	int fd = dial();

	(void)state;
	say(fd, "status\nwatch\nstatus\n");
	assert_non_null(strstr(hear(fd), "\"kind\":0"));
	assert_string_equal(hear(fd), "taken");
	assert_string_equal(hear(fd), "");
	for (int i = 0; i < CONTROL_CONNECTIONS_MAX; i++)
		assert_null(control->connections[i]);
	close(fd);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(answers_a_line_with_a_line),          CASE(takes_lines_as_they_come),
		CASE(says_what_it_does_not_understand),    CASE(ends_lines_that_do_not_end),
		CASE(writes_long_answers_in_parts),        CASE(bounds_its_connections),
		CASE(survives_clients_that_leave),         CASE(refuses_a_second_daemon),
		CASE(replaces_a_stale_socket_but_no_file), CASE(the_right_decides),
		CASE(who_may_nothing_takes_no_slot),       CASE(readers_leave_slots_to_others),
		CASE(readers_do_not_stay_for_ever),        CASE(hands_watchers_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
