/* SPDX-License-Identifier: MIT */
/* The command's end of the control socket: one line out, one JSON object back, or many. */
#ifndef UPDATE_CTL_CLIENT_H
#define UPDATE_CTL_CLIENT_H

#include <jansson.h>
#include <stdbool.h>

#define CLIENT_PATIENCE_MS 5000     /* for the whole conversation, as a rule */
#define CLIENT_REPLY_MAX   33554432 /* bytes of an answer */
#define CLIENT_LINE_MAX    131072   /* bytes of one of many */

/* Asks; patience_ms: for the whole conversation; the caller owns *ret (json_decref). -ENOENT,
 * -ECONNREFUSED: no daemon there. -ETIMEDOUT: it did not answer in time. -EACCES: not allowed to
 * ask. -EPROTO: the answer is no JSON object, or over the cap. -errno. */
int client_ask(const char *socket_path, const char *line, int patience_ms, json_t **ret);

/* What becomes of a stream of objects. */
struct client_reader {
	bool (*each)(void *arg, const json_t *object); /* false: enough */
	void *arg;
	int stop_fd; /* readable: enough; -1: never */
};

/* Asks, then reads one object after the other for as long as it takes. 0: enough. -EPIPE: the
 * daemon has hung up. Else as client_ask. */
int client_stream(const char *socket_path, const char *line, const struct client_reader *reader);

/* Says on stderr why client_ask failed and what to do; returns the exit code to end with. */
int client_complain(const char *socket_path, int error);

#endif
