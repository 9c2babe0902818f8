/* SPDX-License-Identifier: MIT */
#include "update/daemon/watchers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct watcher {
	struct ev_io io;
	struct watchers *watchers;
	char *backlog; /* what could not be sent yet; NULL: nothing */
	size_t len, max;
	size_t boundary; /* bytes of the backlog up to the end of the line that is half sent */
	bool dropped;    /* gets its backlog and no more */
};

struct watchers {
	struct ev_loop *loop;
	struct watcher *list[WATCHERS_MAX];
};

struct watchers *watchers_new(struct ev_loop *loop)
{
	struct watchers *watchers = calloc(1, sizeof(*watchers));

	if (watchers)
		watchers->loop = loop;
	return watchers;
}

static void hang_up(struct watcher *watcher)
{
	struct watchers *watchers = watcher->watchers;

	for (size_t i = 0; i < WATCHERS_MAX; i++)
		if (watchers->list[i] == watcher)
			watchers->list[i] = NULL;
	ev_io_stop(watchers->loop, &watcher->io);
	close(watcher->io.fd);
	free(watcher->backlog);
	free(watcher);
}

void watchers_free(struct watchers *watchers)
{
	if (!watchers)
		return;
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		if (watchers->list[i])
			hang_up(watchers->list[i]);
	free(watchers);
}

static void listen_for(struct watcher *watcher, int events)
{
	struct ev_loop *loop = watcher->watchers->loop;

	if (watcher->io.events == events)
		return;
	ev_io_stop(loop, &watcher->io);
	ev_io_set(&watcher->io, watcher->io.fd, events);
	ev_io_start(loop, &watcher->io);
}

/* How much of it went out, or -errno. */
static ssize_t send_some(const struct watcher *watcher, const char *bytes, size_t len)
{
	size_t sent = 0;

	while (sent < len) {
		ssize_t n =
			send(watcher->io.fd, bytes + sent, len - sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0 && errno != EINTR)
			return -errno;
		sent += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)sent;
}

static int keep(struct watcher *watcher, const char *bytes, size_t len)
{
	char *more = realloc(watcher->backlog, watcher->len + len);

	if (!more)
		return -ENOMEM;
	memcpy(more + watcher->len, bytes, len);
	watcher->backlog = more;
	watcher->len += len;
	return 0;
}

/* The line that is half sent is completed, the rest gives way to the farewell. */
static int drop(struct watcher *watcher)
{
	watcher->dropped = true;
	watcher->len = watcher->boundary;
	return keep(watcher, WATCHERS_FAREWELL, sizeof(WATCHERS_FAREWELL) - 1);
}

/* -errno: it is to be hung up on. */
static int give(struct watcher *watcher, const char *line, size_t len)
{
	ssize_t sent = 0;
	int err;

	if (watcher->dropped)
		return 0;
	if (watcher->len == 0)
		sent = send_some(watcher, line, len);
	if (sent < 0)
		return (int)sent;
	if ((size_t)sent == len)
		return 0;
	if (watcher->len + len - (size_t)sent > watcher->max)
		return drop(watcher);
	err = keep(watcher, line + sent, len - (size_t)sent);
	if (sent > 0)
		watcher->boundary = watcher->len;
	listen_for(watcher, EV_READ | EV_WRITE);
	return err;
}

static int flush(struct watcher *watcher)
{
	ssize_t sent = send_some(watcher, watcher->backlog, watcher->len);
	const char *end;

	if (sent < 0)
		return (int)sent;
	watcher->len -= (size_t)sent;
	if (watcher->len > 0) {
		bool within = sent > 0 && watcher->backlog[sent - 1] != '\n';

		memmove(watcher->backlog, watcher->backlog + sent, watcher->len);
		end = within ? memchr(watcher->backlog, '\n', watcher->len) : NULL;
		if (sent > 0)
			watcher->boundary = end ? (size_t)(end - watcher->backlog) + 1 : 0;
		return 0;
	}
	free(watcher->backlog);
	watcher->backlog = NULL;
	watcher->boundary = 0;
	listen_for(watcher, EV_READ);
	return watcher->dropped ? -EPIPE : 0;
}

static void on_ready(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct watcher *watcher = io->data;
	char ignored[256];
	bool gone = false;
	ssize_t n;

	(void)loop;
	if (events & EV_READ) {
		n = recv(io->fd, ignored, sizeof(ignored), MSG_DONTWAIT);
		gone = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	}
	if (gone || (events & EV_WRITE && flush(watcher) < 0))
		hang_up(watcher);
}

/* A free place, or that of one who has been dropped and does not even read that. */
static struct watcher **find_place(struct watchers *watchers)
{
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		if (!watchers->list[i])
			return &watchers->list[i];
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		if (watchers->list[i]->dropped) {
			hang_up(watchers->list[i]);
			return &watchers->list[i];
		}
	return NULL;
}

int watchers_add(struct watchers *watchers, int fd, const char *greeting, size_t len)
{
	struct watcher **place = find_place(watchers), *watcher;

	if (!place)
		return -EBUSY;
	watcher = calloc(1, sizeof(*watcher));
	if (!watcher)
		return -ENOMEM;
	*place = watcher;
	watcher->watchers = watchers;
	watcher->max = WATCHERS_BACKLOG_MAX + len;
	ev_io_init(&watcher->io, on_ready, fd, EV_READ);
	watcher->io.data = watcher;
	ev_io_start(watchers->loop, &watcher->io);
	if (give(watcher, greeting, len) < 0)
		hang_up(watcher);
	return 0;
}

bool watchers_any(const struct watchers *watchers)
{
	for (size_t i = 0; watchers && i < WATCHERS_MAX; i++)
		if (watchers->list[i] && !watchers->list[i]->dropped)
			return true;
	return false;
}

void watchers_send(struct watchers *watchers, const char *line, size_t len)
{
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		if (watchers->list[i] && give(watchers->list[i], line, len) < 0)
			hang_up(watchers->list[i]);
}
