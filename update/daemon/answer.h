/* SPDX-License-Identifier: MIT */
/* What the daemon answers on its control socket, and does before. */
#ifndef UPDATE_DAEMON_ANSWER_H
#define UPDATE_DAEMON_ANSWER_H

#include <jansson.h>

#include "providers/buf.h"
#include "update/daemon/verb.h"

/* A control_handler's answer; arg is the struct daemon. */
void answer_verb(void *arg, const struct verb *verb, json_t **ret);

/* A control_handler's part, of `status`. */
void answer_part(void *arg, size_t *cursor, struct buf *out);

/* A control_handler's watch. */
void answer_watch(void *arg, int fd);

#endif
