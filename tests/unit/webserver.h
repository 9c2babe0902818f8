/* SPDX-License-Identifier: MIT */
/* A web server for tests: answers every connection on 127.0.0.1 with given bytes, or misbehaves,
 * and keeps the last request. */
#ifndef TESTS_UNIT_WEBSERVER_H
#define TESTS_UNIT_WEBSERVER_H

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum manner {
	MANNER_ANSWER, /* says text and closes */
	MANNER_HANG,   /* says text and waits for the other side to close */
	MANNER_RESET,  /* says text and resets the connection */
	MANNER_FLOOD,  /* says text and then more and more */
};

struct webserver {
	enum manner manner;
	const char *text;
	size_t reads; /* answers after so many bytes; 0: after the request */
	int fd, stop[2];
	uint16_t port;
	pthread_t thread;
	_Atomic unsigned n_requests;
	_Atomic bool was_left; /* MANNER_HANG: the other side closed first */
	char request[16384];
};

/* The request's header, and a body as long as it says. */
static inline void webserver_read(struct webserver *w, int fd)
{
	size_t len = 0, want = w->reads ? w->reads : SIZE_MAX;

	while (len < want && len < sizeof(w->request) - 1) {
		ssize_t n = recv(fd, w->request + len, sizeof(w->request) - 1 - len, 0);
		char *end, *length;

		if (n <= 0)
			break;
		len += (size_t)n;
		w->request[len] = '\0';
		end = strstr(w->request, "\r\n\r\n");
		if (!end)
			continue;
		length = strcasestr(w->request, "\r\ncontent-length:");
		want = (size_t)(end + 4 - w->request) +
		       (length ? strtoul(length + 17, NULL, 10) : 0);
	}
	w->request[len] = '\0';
	w->n_requests++;
}

static inline void webserver_serve(struct webserver *w, int fd)
{
	const struct linger reset = {1, 0};
	struct pollfd fds[2] = {{w->stop[0], POLLIN, 0}, {fd, POLLRDHUP, 0}};
	static const char more[4096] = "";

	webserver_read(w, fd);
	send(fd, w->text, strlen(w->text), MSG_NOSIGNAL);
	switch (w->manner) {
	case MANNER_ANSWER:
		break;
	case MANNER_HANG:
		poll(fds, 2, -1);
		w->was_left = fds[1].revents != 0;
		break;
	case MANNER_RESET:
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		break;
	case MANNER_FLOOD:
		while (send(fd, more, sizeof(more), MSG_NOSIGNAL) > 0)
			;
		break;
	}
	close(fd);
}

static inline void *webserver_run(void *data)
{
	struct webserver *w = data;
	struct pollfd fds[2] = {{w->stop[0], POLLIN, 0}, {w->fd, POLLIN, 0}};

	for (;;) {
		poll(fds, 2, -1);
		if (fds[0].revents)
			return NULL;
		if (fds[1].revents)
			webserver_serve(w, accept(w->fd, NULL, NULL));
	}
}

static inline struct webserver *webserver_start(enum manner manner, const char *text)
{
	struct webserver *w = calloc(1, sizeof(*w));
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(addr);

	w->manner = manner;
	w->text = text;
	w->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(w->fd, (struct sockaddr *)&addr, size) < 0 || listen(w->fd, 128) < 0 ||
	    getsockname(w->fd, (struct sockaddr *)&addr, &size) < 0 || pipe(w->stop) < 0)
		abort();
	w->port = ntohs(addr.sin_port);
	pthread_create(&w->thread, NULL, webserver_run, w);
	return w;
}

static inline void webserver_stop(struct webserver *w)
{
	close(w->stop[1]);
	pthread_join(w->thread, NULL);
	close(w->stop[0]);
	close(w->fd);
	free(w);
}

#endif
