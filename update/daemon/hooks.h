/* SPDX-License-Identifier: MIT */
/* Runs the hooks of records, beside everything else: HOOKS_MAX at a time, of one record one at a
 * time, each for its time limit at most. What waits is bounded, since of one record and kind of
 * news only the newest does. */
#ifndef UPDATE_DAEMON_HOOKS_H
#define UPDATE_DAEMON_HOOKS_H

#include <ev.h>
#include <sys/types.h>

#include "update/daemon/news.h"

#define HOOKS_MAX 4

/* From SIGTERM to SIGKILL. */
#define HOOKS_GRACE_MS 2000

struct hooks;

/* NULL: no memory. loop must outlive it. */
struct hooks *hooks_new(struct ev_loop *loop);

/* Ends those that run, without waiting for them; forgets those that wait. NULL is fine. */
void hooks_free(struct hooks *hooks);

/* A news_listener's tell; arg is the struct hooks. Nothing starts before the loop's next turn. */
void hooks_tell(void *arg, const struct news *news);

/* A child of ours has ended with this status, of waitpid(2). False: it was no hook. */
bool hooks_ended(struct hooks *hooks, pid_t pid, int status);

#endif
