/* SPDX-License-Identifier: MIT */
#include "update/ctl/client.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "providers/buf.h"
#include "update/ctl/command.h"

#define PROGRESS_AFTER_MS 1000
#define RETRY_CONNECT_MS  50

static int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How long a conversation may take, of the monotonic clock in ms. */
struct patience {
	int64_t tell_at; /* a person who waits is told why; -1: has been */
	int64_t until;
};

static struct patience patience_of(int ms)
{
	int64_t now = monotonic_ms();

	return (struct patience){.tell_at = now + PROGRESS_AFTER_MS, .until = now + ms};
}

static void tell(struct patience *patience)
{
	if (isatty(STDERR_FILENO))
		(void)fputs("waiting for nlddnsd to answer ...\n", stderr);
	patience->tell_at = -1;
}

/* Waits for the descriptor (-1: only for time to pass). */
static int wait_for(int fd, short events, struct patience *patience)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};

	for (;;) {
		int64_t now = monotonic_ms(), left = patience->until - now;
		int n;

		if (left <= 0)
			return -ETIMEDOUT;
		if (patience->tell_at >= 0 && now >= patience->tell_at)
			tell(patience);
		if (patience->tell_at >= 0 && left > patience->tell_at - now)
			left = patience->tell_at - now;
		if (fd < 0 && left > RETRY_CONNECT_MS)
			left = RETRY_CONNECT_MS;
		n = poll(&poll_fd, fd < 0 ? 0 : 1, (int)left);
		if (n > 0 || (n == 0 && fd < 0))
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
}

static int open_connection(const char *path, struct patience *patience, int *ret)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, error;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* EAGAIN: the daemon's queue of connections is full. */
	while (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		error = -errno;
		if (error == -EAGAIN)
			error = wait_for(-1, 0, patience);
		if (error) {
			close(fd);
			return error;
		}
	}
	*ret = fd;
	return 0;
}

static int send_line(int fd, const char *line, struct patience *patience)
{
	struct buf text;
	size_t sent = 0;
	int error = 0;

	buf_init(&text, 1024);
	buf_printf(&text, "%s\n", line);
	if (text.failed)
		error = -EMSGSIZE;
	while (!error && sent < text.len) {
		ssize_t n = send(fd, text.text + sent, text.len - sent, MSG_NOSIGNAL);

		if (n >= 0)
			sent += (size_t)n;
		else if (errno == EAGAIN)
			error = wait_for(fd, POLLOUT, patience);
		else if (errno != EINTR)
			error = -errno;
	}
	buf_done(&text);
	return error;
}

/* Up to the first newline, or the end. */
static int receive_line(int fd, struct patience *patience, struct buf *reply)
{
	char bytes[16384];
	int error = 0;

	while (!error) {
		ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

		if (n > 0) {
			buf_add(reply, bytes, (size_t)n);
			if (reply->failed)
				return -EPROTO;
			if (memchr(bytes, '\n', (size_t)n))
				return 0;
		} else if (n == 0) {
			return reply->len ? 0 : -EPROTO;
		} else if (errno == EAGAIN) {
			error = wait_for(fd, POLLIN, patience);
		} else if (errno != EINTR) {
			error = -errno;
		}
	}
	return error;
}

int client_ask(const char *socket_path, const char *line, int patience_ms, json_t **ret)
{
	struct patience patience = patience_of(patience_ms);
	struct buf reply;
	json_t *answer;
	int fd = -1, error;

	buf_init(&reply, CLIENT_REPLY_MAX);
	error = open_connection(socket_path, &patience, &fd);
	if (!error)
		error = send_line(fd, line, &patience);
	/* Who may nothing is told so and closed before the question is read. */
	if (!error || error == -EPIPE)
		error = receive_line(fd, &patience, &reply);
	if (error)
		goto out;
	answer = json_loadb(reply.text, reply.len, 0, NULL);
	if (!json_is_object(answer)) {
		json_decref(answer);
		error = -EPROTO;
		goto out;
	}
	*ret = answer;
out:
	if (fd >= 0)
		close(fd);
	buf_done(&reply);
	return error;
}

/* Hands on the whole lines of text and keeps the rest. 1: enough. -EPROTO: no JSON object. */
static int hand_on(char *text, size_t *len, const struct client_reader *reader)
{
	char *start = text, *end;
	int error = 0;

	while (!error && (end = memchr(start, '\n', *len)) != NULL) {
		json_t *object = json_loadb(start, (size_t)(end - start), 0, NULL);

		if (!json_is_object(object))
			error = -EPROTO;
		else if (!reader->each(reader->arg, object))
			error = 1;
		json_decref(object);
		*len -= (size_t)(end + 1 - start);
		start = end + 1;
	}
	memmove(text, start, *len);
	return !error && *len == CLIENT_LINE_MAX ? -EPROTO : error;
}

/* 1: there is something to read. 0: enough. -errno. */
static int wait_for_more(int fd, const struct client_reader *reader)
{
	struct pollfd fds[] = {{.fd = fd, .events = POLLIN},
			       {.fd = reader->stop_fd, .events = POLLIN}};

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return -errno;
	return fds[1].revents ? 0 : 1;
}

static int read_stream(int fd, const struct client_reader *reader, char *text)
{
	size_t len = 0;
	int error;

	while ((error = wait_for_more(fd, reader)) > 0) {
		ssize_t n = recv(fd, text + len, CLIENT_LINE_MAX - len, 0);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return -EPIPE;
		len += (size_t)n;
		error = hand_on(text, &len, reader);
		if (error)
			break;
	}
	return error > 0 ? 0 : error;
}

int client_stream(const char *socket_path, const char *line, const struct client_reader *reader)
{
	struct patience patience = patience_of(CLIENT_PATIENCE_MS);
	char *text = malloc(CLIENT_LINE_MAX);
	int fd = -1, error = text ? 0 : -ENOMEM;

	if (!error)
		error = open_connection(socket_path, &patience, &fd);
	if (!error)
		error = send_line(fd, line, &patience);
	if (!error)
		error = read_stream(fd, reader, text);
	if (fd >= 0)
		close(fd);
	free(text);
	return error;
}

int client_complain(const char *socket_path, int error)
{
	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
		(void)fprintf(stderr,
			      "nlddns: nlddnsd is not running (nobody answers at %s).\n"
			      "Start it with `nlddns run`; if it uses another configuration file, "
			      "name that with -c.\n",
			      socket_path);
		return COMMAND_EXIT_NOT_RUNNING;
	case -EACCES:
	case -EPERM:
		(void)fprintf(
			stderr,
			"nlddns: no permission to ask nlddnsd at %s.\n"
			"Use sudo, or join the group nlddns (`adduser NAME nlddns`, then log in "
			"again) to read its status.\n",
			socket_path);
		return COMMAND_EXIT_USAGE;
	case -ETIMEDOUT:
		(void)fprintf(stderr,
			      "nlddns: nlddnsd did not answer in time at %s.\n"
			      "See its log; restart it if it hangs.\n",
			      socket_path);
		return COMMAND_EXIT_NOT_RUNNING;
	case -EPROTO:
		(void)fprintf(
			stderr,
			"nlddns: what answers at %s does not speak as nlddnsd does.\n"
			"Check `control` in [nlddns], and that both programs are of one version.\n",
			socket_path);
		return COMMAND_EXIT_NOT_RUNNING;
	default:
		(void)fprintf(stderr,
			      "nlddns: cannot talk to nlddnsd at %s: %s.\n"
			      "Check `control` in [nlddns] and see its log.\n",
			      socket_path, strerror(-error));
		return COMMAND_EXIT_NOT_RUNNING;
	}
}
