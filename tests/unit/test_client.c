/* SPDX-License-Identifier: MIT */
#include "update/ctl/client.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <cmocka.h>

struct server {
	char dir[64], path[80];
	int listener;
	pid_t pid;
};

static void open_server(struct server *server)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	*server = (struct server){.dir = "/tmp/nlddns-client-XXXXXX", .listener = -1};
	assert_non_null(mkdtemp(server->dir));
	(void)snprintf(server->path, sizeof(server->path), "%s/s", server->dir);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", server->path);
	server->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(server->listener, 1), 0);
}

static void close_server(struct server *server)
{
	int status;

	if (server->pid)
		assert_int_equal(waitpid(server->pid, &status, 0), server->pid);
	(void)close(server->listener);
	(void)unlink(server->path);
	(void)rmdir(server->dir);
}

/* A daemon that takes one line, writes n pieces, and closes. */
static void serve(struct server *server, const char *expected, const char *const *pieces, size_t n)
{
	char line[128] = "";
	int fd;

	server->pid = fork();
	if (server->pid)
		return;
	fd = accept(server->listener, NULL, NULL);
	if (recv(fd, line, sizeof(line) - 1, 0) < 0 || strcmp(line, expected) != 0)
		_exit(1);
	for (size_t i = 0; i < n; i++) {
		(void)poll(NULL, 0, 20);
		if (send(fd, pieces[i], strlen(pieces[i]), MSG_NOSIGNAL) < 0)
			_exit(1);
	}
	_exit(0);
}

static void answers_are_read(void **state)
{
	static const struct {
		const char *pieces[3];
		size_t n;
		int error;
	} rows[] = {
		{{"{\"a\":1}\n"}, 1, 0},
		{{"{\"a\"", ":", "1}\n"}, 3, 0},
		{{"{\"a\":1}"}, 1, 0}, /* closed without a newline */
		{{"{\"a\":1}\n{\"a\":2}\n"}, 1, -EPROTO},
		{{"[1]\n"}, 1, -EPROTO},
		{{"{\"a\":\n"}, 1, -EPROTO},
		{{"\n"}, 1, -EPROTO},
		{{NULL}, 0, -EPROTO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *answer = NULL;
		struct server server;
		int error;

		open_server(&server);
		serve(&server, "status\n", rows[i].pieces, rows[i].n);
		error = client_ask(server.path, "status", CLIENT_PATIENCE_MS, &answer);
		assert_int_equal(error, rows[i].error);
		if (!error)
			assert_int_equal(json_integer_value(json_object_get(answer, "a")), 1);
		else
			assert_null(answer);
		json_decref(answer);
		close_server(&server);
	}
}

/* Counts; enough once "a" is 9. */
static bool count(void *arg, const json_t *object)
{
	(*(int *)arg)++;
	return json_integer_value(json_object_get(object, "a")) != 9;
}

static void streams_are_read(void **state)
{
	static const struct {
		const char *pieces[3];
		size_t n;
		int error, count;
	} rows[] = {
		{{"{\"a\":1}\n"}, 1, -EPIPE, 1},
		{{"{\"a\":1}\n{\"a\":2}\n{\"a\"", ":3}\n{\"a\":", "4}\n"}, 3, -EPIPE, 4},
		{{"{\"a\":1}\n", "{\"a\":9}\n{\"a\":2}\n"}, 2, 0, 2},
		{{"{\"a\":1}\n{\"a\":2}"}, 1, -EPIPE, 1},
		{{"{\"a\":1}\n[1]\n"}, 1, -EPROTO, 1},
		{{"\n"}, 1, -EPROTO, 0},
		{{NULL}, 0, -EPIPE, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int n = 0;
		struct client_reader reader = {.each = count, .arg = &n, .stop_fd = -1};
		struct server server;

		open_server(&server);
		serve(&server, "watch\n", rows[i].pieces, rows[i].n);
		assert_int_equal(client_stream(server.path, "watch", &reader), rows[i].error);
		assert_int_equal(n, rows[i].count);
		close_server(&server);
	}
}

static void a_stream_ends_when_told_to(void **state)
{
	int pipe_fds[2], n = 0;
	struct client_reader reader = {.each = count, .arg = &n};
	struct server server;

	(void)state;
	open_server(&server);
	assert_int_equal(pipe(pipe_fds), 0);
	assert_int_equal(write(pipe_fds[1], "x", 1), 1);
	reader.stop_fd = pipe_fds[0];
	assert_int_equal(client_stream(server.path, "watch", &reader), 0);
	assert_int_equal(n, 0);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	close_server(&server);
}

static void a_line_without_end_is_refused(void **state)
{
	static char text[CLIENT_LINE_MAX];
	size_t len = sizeof(text) - 1;
	int n = 0;
	struct client_reader reader = {.each = count, .arg = &n, .stop_fd = -1};

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(hand_on(text, &len, &reader), 0);
	assert_int_equal(len, sizeof(text) - 1);
	len++;
	assert_int_equal(hand_on(text, &len, &reader), -EPROTO);
}

static void nobody_there(void **state)
{
	struct server server;
	json_t *answer = NULL;

	(void)state;
	assert_int_equal(client_ask("/nonexistent/control", "status", CLIENT_PATIENCE_MS, &answer),
			 -ENOENT);
	open_server(&server);
	(void)close(server.listener);
	assert_int_equal(client_ask(server.path, "status", CLIENT_PATIENCE_MS, &answer),
			 -ECONNREFUSED);
	close_server(&server);
	assert_null(answer);
}

/* The kernel takes the connection, nobody ever reads it. */
static void silence_ends(void **state)
{
	static const int patience_ms = 200;
	int64_t begin = monotonic_ms();
	struct server server;
	json_t *answer = NULL;

	(void)state;
	open_server(&server);
	assert_int_equal(client_ask(server.path, "status", patience_ms, &answer), -ETIMEDOUT);
	assert_true(monotonic_ms() - begin >= patience_ms);
	assert_true(monotonic_ms() - begin < patience_ms + 20000);
	assert_null(answer);
	close_server(&server);
}

/* A daemon that takes no connections: its queue fills. */
static void a_full_queue_ends(void **state)
{
	struct patience patience = patience_of(200);
	int fds[8], error = 0;
	struct server server;
	size_t n = 0;

	(void)state;
	open_server(&server);
	while (!error && n < 8)
		if (!(error = open_connection(server.path, &patience, &fds[n])))
			n++;
	assert_int_equal(error, -ETIMEDOUT);
	while (n)
		(void)close(fds[--n]);
	close_server(&server);
}

static void paths_too_long(void **state)
{
	char path[200];
	json_t *answer = NULL;

	(void)state;
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = 0;
	assert_int_equal(client_ask(path, "status", CLIENT_PATIENCE_MS, &answer), -ENAMETOOLONG);
}

static void every_complaint_has_its_code(void **state)
{
	(void)state;
	assert_int_equal(client_complain("/x", -ENOENT), COMMAND_EXIT_NOT_RUNNING);
	assert_int_equal(client_complain("/x", -ECONNREFUSED), COMMAND_EXIT_NOT_RUNNING);
	assert_int_equal(client_complain("/x", -ETIMEDOUT), COMMAND_EXIT_NOT_RUNNING);
	assert_int_equal(client_complain("/x", -EPROTO), COMMAND_EXIT_NOT_RUNNING);
	assert_int_equal(client_complain("/x", -EACCES), COMMAND_EXIT_USAGE);
	assert_int_equal(client_complain("/x", -EIO), COMMAND_EXIT_NOT_RUNNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_are_read),
		cmocka_unit_test(a_stream_ends_when_told_to),
		cmocka_unit_test(a_line_without_end_is_refused),
		cmocka_unit_test(answers_are_read),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(silence_ends),
		cmocka_unit_test(a_full_queue_ends),
		cmocka_unit_test(paths_too_long),
		cmocka_unit_test(every_complaint_has_its_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
