/* SPDX-License-Identifier: MIT */
/* The control socket: a line in, a line of JSON out, for root, our own user, and (to read) the
 * group nlddns. */
#ifndef UPDATE_DAEMON_CONTROL_H
#define UPDATE_DAEMON_CONTROL_H

#include <ev.h>
#include <jansson.h>

#include "providers/buf.h"
#include "update/daemon/verb.h"

#define CONTROL_CONNECTIONS_MAX 32
#define CONTROL_READERS_MAX     24      /* of them, of those who may only read */
#define CONTROL_REARMS_MAX      256     /* times that a reader gets CONTROL_IDLE_S anew */
#define CONTROL_ANSWER_MAX      4194304 /* bytes of one answer, or part of one */
#define CONTROL_IDLE_S          10.0
#define CONTROL_GROUP           "nlddns"

struct control;

/* answer: to a request that is allowed: a new reference in *ret, which stays NULL for want of
 * memory. part: the same of a VERB_STATUS, which may be long: adds the next part to out, from
 * *cursor on, which is 0 at first, and again after the last one. watch: takes over the connection
 * of a VERB_WATCH. */
struct control_handler {
	void (*answer)(void *arg, const struct verb *verb, json_t **ret);
	void (*part)(void *arg, size_t *cursor, struct buf *out);
	void (*watch)(void *arg, int fd);
	void *arg;
};

/* Listens at path, whose directory exists. A socket nobody listens at is replaced; -EADDRINUSE:
 * somebody does. */
int control_open(struct ev_loop *loop, const char *path, struct control_handler handler,
		 struct control **ret);

/* Ends all connections, removes the socket. */
void control_close(struct control *control);

#endif
