/* SPDX-License-Identifier: MIT */
/* Those who follow live what the daemon does: each gets every line. Who does not keep up is told so
 * and dropped; nobody is waited for. */
#ifndef UPDATE_DAEMON_WATCHERS_H
#define UPDATE_DAEMON_WATCHERS_H

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>

#define WATCHERS_MAX         16
#define WATCHERS_BACKLOG_MAX 65536 /* bytes that wait for one, beside its greeting */

/* Ends what a watcher that was too slow gets. */
#define WATCHERS_FAREWELL \
	"{\"kind\":\"dropped\",\"why\":\"read too slowly: lines would have been lost\"}\n"

struct watchers;

/* loop is borrowed. NULL: no memory. */
struct watchers *watchers_new(struct ev_loop *loop);

/* Hangs up on all. */
void watchers_free(struct watchers *watchers);

/* Takes over fd, a stream socket: it gets the greeting (whole lines, len bytes) and all lines from
 * now on, until it hangs up. -EBUSY: there are WATCHERS_MAX; -ENOMEM; then fd is still the
 * caller's. */
int watchers_add(struct watchers *watchers, int fd, const char *greeting, size_t len);

/* Whether a line would reach anybody. NULL: no. */
bool watchers_any(const struct watchers *watchers);

/* One line with its newline, to all. */
void watchers_send(struct watchers *watchers, const char *line, size_t len);

#endif
