/* SPDX-License-Identifier: MIT */
#include "update/daemon/control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "update/daemon/listen.h"
#include "update/daemon/peer.h"
#include "update/daemon/users.h"
#include "update/log.h"

struct connection {
	struct ev_io io;
	struct ev_timer idle;
	struct control *control;
	enum peer_right right;
	unsigned rearmed; /* times that the idle timer has begun anew */
	char line[VERB_LINE_MAX];
	size_t len;   /* of line */
	char *answer; /* while it is being written, nothing is read */
	size_t answer_len, written;
	bool partial;  /* more parts follow it */
	size_t cursor; /* of the next */
};

struct control {
	struct ev_loop *loop;
	struct ev_io io;
	char *path;
	struct control_handler handler;
	gid_t group;
	struct connection *connections[CONTROL_CONNECTIONS_MAX];
};

/* Ends the connection, but leaves its socket open. */
static void forget(struct connection *connection)
{
	struct control *control = connection->control;

	for (size_t i = 0; i < CONTROL_CONNECTIONS_MAX; i++)
		if (control->connections[i] == connection)
			control->connections[i] = NULL;
	ev_io_stop(control->loop, &connection->io);
	ev_timer_stop(control->loop, &connection->idle);
	free(connection->answer);
	free(connection);
}

static void hang_up(struct connection *connection)
{
	int fd = connection->io.fd;

	forget(connection);
	close(fd);
}

static void listen_for(struct connection *connection, int events)
{
	struct ev_loop *loop = connection->control->loop;

	ev_io_stop(loop, &connection->io);
	ev_io_set(&connection->io, connection->io.fd, events);
	ev_io_start(loop, &connection->io);
	if (connection->right == PEER_RIGHT_ACT || ++connection->rearmed <= CONTROL_REARMS_MAX)
		ev_timer_again(loop, &connection->idle);
}

/* Takes over json. */
static bool set_answer(struct connection *connection, json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	size_t len = text ? strlen(text) : 0;

	json_decref(json);
	if (!text || len > CONTROL_ANSWER_MAX) {
		free(text);
		return false;
	}
	/* The newline takes the place of the NUL. */
	text[len] = '\n';
	connection->answer = text;
	connection->answer_len = len + 1;
	connection->written = 0;
	return true;
}

static bool set_part(struct connection *connection)
{
	const struct control_handler *handler = &connection->control->handler;
	struct buf part;

	buf_init(&part, CONTROL_ANSWER_MAX);
	handler->part(handler->arg, &connection->cursor, &part);
	connection->partial = connection->cursor > 0;
	if (!connection->partial)
		buf_text(&part, "\n");
	if (part.failed) {
		buf_done(&part);
		return false;
	}
	connection->answer = part.text;
	connection->answer_len = part.len;
	connection->written = 0;
	return true;
}

static json_t *error_json(const char *text)
{
	return json_pack("{s:s}", "error", text);
}

/* *ret_watch: to be handed over instead. False: no memory. */
static bool answer_line(struct connection *connection, size_t len, bool *ret_watch)
{
	const struct control_handler *handler = &connection->control->handler;
	struct verb verb;
	const char *error;
	json_t *json = NULL;

	if (verb_parse(connection->line, len, &verb, &error) < 0)
		return set_answer(connection, error_json(error));
	if (connection->right == PEER_RIGHT_READ && !verb_reads(&verb))
		return set_answer(connection, error_json("not allowed: only root and the daemon's "
							 "own user may do this"));
	*ret_watch = verb.kind == VERB_WATCH;
	if (*ret_watch)
		return true;
	if (verb.kind == VERB_STATUS)
		return set_part(connection);
	handler->answer(handler->arg, &verb, &json);
	return set_answer(connection, json);
}

static void hand_over(struct connection *connection)
{
	struct control_handler handler = connection->control->handler;
	int fd = connection->io.fd;

	forget(connection);
	handler.watch(handler.arg, fd);
}

/* 1: all of the answer at hand is written. 0: not yet. -errno: it cannot be. */
static int write_answer(struct connection *connection)
{
	while (connection->written < connection->answer_len) {
		ssize_t n = send(connection->io.fd, connection->answer + connection->written,
				 connection->answer_len - connection->written,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		connection->written += (size_t)n;
	}
	free(connection->answer);
	connection->answer = NULL;
	return 1;
}

/* False: the connection is no more. */
static bool write_some(struct connection *connection)
{
	int done = write_answer(connection);

	while (done > 0 && connection->partial)
		done = set_part(connection) ? write_answer(connection) : -ENOMEM;
	if (done < 0)
		hang_up(connection);
	else
		listen_for(connection, done ? EV_READ : EV_WRITE);
	return done >= 0;
}

/* Answers the lines that are complete, one at a time. */
static void serve(struct connection *connection)
{
	char *end;

	while (!connection->answer &&
	       (end = memchr(connection->line, '\n', connection->len)) != NULL) {
		size_t len = (size_t)(end - connection->line);
		bool watch = false, answered = answer_line(connection, len, &watch);

		if (watch) {
			hand_over(connection);
			return;
		}
		connection->len -= len + 1;
		memmove(connection->line, end + 1, connection->len);
		if (!answered) {
			hang_up(connection);
			return;
		}
		if (!write_some(connection))
			return;
	}
	if (!connection->answer && connection->len == sizeof(connection->line))
		hang_up(connection);
}

static void on_ready(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct connection *connection = io->data;
	ssize_t n;

	(void)loop;
	if (events & EV_WRITE) {
		if (write_some(connection))
			serve(connection);
		return;
	}
	n = recv(io->fd, connection->line + connection->len,
		 sizeof(connection->line) - connection->len, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		hang_up(connection);
		return;
	}
	connection->len += (size_t)n;
	serve(connection);
}

static void on_idle(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	hang_up(timer->data);
}

/* Some slots are kept for those who may act. */
static struct connection **find_slot(struct control *control, enum peer_right right)
{
	struct connection **slot = NULL;
	size_t readers = 0;

	for (size_t i = 0; i < CONTROL_CONNECTIONS_MAX; i++) {
		struct connection **at = &control->connections[i];

		if (*at && (*at)->right != PEER_RIGHT_ACT)
			readers++;
		if (!*at && !slot)
			slot = at;
	}
	return right == PEER_RIGHT_ACT || readers < CONTROL_READERS_MAX ? slot : NULL;
}

/* At once, lest those who may nothing fill the slots. */
static void turn_away(int fd)
{
	static const char refusal[] = "{\"error\":\"not allowed: ask as root, or as a member of "
				      "group \\\"" CONTROL_GROUP "\\\"\"}\n";

	(void)send(fd, refusal, sizeof(refusal) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

/* Takes over fd. */
static void admit(struct control *control, int fd, enum peer_right right)
{
	struct connection **slot = find_slot(control, right), *connection;

	if (right == PEER_RIGHT_NONE) {
		turn_away(fd);
		return;
	}
	connection = slot ? calloc(1, sizeof(*connection)) : NULL;
	if (!connection) {
		close(fd);
		return;
	}
	*slot = connection;
	connection->control = control;
	connection->right = right;
	ev_io_init(&connection->io, on_ready, fd, EV_READ);
	ev_timer_init(&connection->idle, on_idle, CONTROL_IDLE_S, CONTROL_IDLE_S);
	connection->io.data = connection;
	connection->idle.data = connection;
	ev_io_start(control->loop, &connection->io);
	ev_timer_again(control->loop, &connection->idle);
}

static void on_connect(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct control *control = io->data;
	struct sockaddr_un addr;
	socklen_t len = sizeof(addr);
	int fd = accept4(io->fd, (struct sockaddr *)&addr, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)loop;
	(void)events;
	if (fd >= 0)
		admit(control, fd, peer_right(fd, control->group));
}

int control_open(struct ev_loop *loop, const char *path, struct control_handler handler,
		 struct control **ret)
{
	struct control *control = calloc(1, sizeof(*control));
	int fd = -1, err = -ENOMEM;

	if (!control)
		return err;
	control->path = strdup(path);
	if (control->path)
		err = listen_at(path, CONTROL_CONNECTIONS_MAX, &fd);
	if (err < 0) {
		free(control->path);
		free(control);
		return err;
	}
	control->loop = loop;
	control->handler = handler;
	control->group = users_group(CONTROL_GROUP);
	ev_io_init(&control->io, on_connect, fd, EV_READ);
	control->io.data = control;
	ev_io_start(loop, &control->io);
	*ret = control;
	return 0;
}

void control_close(struct control *control)
{
	if (!control)
		return;
	for (size_t i = 0; i < CONTROL_CONNECTIONS_MAX; i++)
		if (control->connections[i])
			hang_up(control->connections[i]);
	ev_io_stop(control->loop, &control->io);
	unlink(control->path);
	close(control->io.fd);
	free(control->path);
	free(control);
}
