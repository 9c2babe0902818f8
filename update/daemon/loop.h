/* SPDX-License-Identifier: MIT */
/* The event loop: what wakes the daemon. Idle, nothing does. */
#ifndef UPDATE_DAEMON_LOOP_H
#define UPDATE_DAEMON_LOOP_H

#include <ev.h>

struct daemon;

/* Runs until SIGTERM or SIGINT. daemon has been started. */
void loop_run(struct ev_loop *ev, struct daemon *daemon);

#endif
