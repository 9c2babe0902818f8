/* SPDX-License-Identifier: MIT */
/* What the test web servers share: how one is started, with TLS or without, and how it ends. */
#ifndef TESTS_SERVERS_HTTP_HTTP_H
#define TESTS_SERVERS_HTTP_HTTP_H

#include <microhttpd.h>
#include <stdint.h>

/* Borrowed. Functions are those of libmicrohttpd, each in the thread of its connection. */
struct http {
	const char *name; /* of the program, for messages */
	uint16_t port;
	const char *certificate, *key; /* files; NULL: without TLS */
	unsigned seconds;              /* after which it ends by itself */
	int log;                       /* gets the line "ready" */
	void *context;
	MHD_AccessHandlerCallback handle;
	MHD_RequestCompletedCallback forget;
	/* begins a request, with its path and query as they were sent; or NULL */
	void *(*take_uri)(void *context, const char *uri, struct MHD_Connection *connection);
};

/* Serves until the process is ended, by its parent's end at the latest. Returns if it cannot, with
 * an exit status, and has said why. */
int http_serve(const struct http *http);

/* Resets the connection (TCP). */
enum MHD_Result http_reset(struct MHD_Connection *connection);

/* Of CLOCK_MONOTONIC. */
int64_t http_now_ns(void);

/* Opens a log to be appended to. -1 and errno. */
int http_open_log(const char *path);

#endif
