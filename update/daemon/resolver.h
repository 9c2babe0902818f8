/* SPDX-License-Identifier: MIT */
/* Notices that the resolver's file is another or has been written to, wherever symbolic links lead,
 * also where it does not exist yet. Programs that write it do so several times in a row: that is
 * one change. No timer runs while nothing happens. */
#ifndef UPDATE_DAEMON_RESOLVER_H
#define UPDATE_DAEMON_RESOLVER_H

#include <stdbool.h>
#include <stdint.h>

#define RESOLVER_PATH "/etc/resolv.conf"

struct resolver;

/* path: absolute, copied. -EMFILE: no more inotify instances for this user. -errno. */
int resolver_open(const char *path, struct resolver **ret);
void resolver_close(struct resolver *resolver);

/* For the event loop: readable means resolver_drain. */
int resolver_fd(const struct resolver *resolver);

/* Takes what inotify(7) has to say; resolver_tick follows. */
void resolver_drain(struct resolver *resolver, int64_t now);

/* When to tick (ms), or -1. */
int64_t resolver_due(const struct resolver *resolver);

/* Looks, if it is time to. True: there is a file, and it is not what it was when last seen. */
bool resolver_tick(struct resolver *resolver, int64_t now);

#endif
