/* SPDX-License-Identifier: MIT */
/* What the daemon knows, as JSON for the control socket. */
#ifndef UPDATE_DAEMON_DESCRIBE_H
#define UPDATE_DAEMON_DESCRIBE_H

#include <jansson.h>

#include "providers/buf.h"
#include "update/daemon/belief.h"
#include "update/daemon/engine.h"

/* One moment on both clocks, and since when we run. */
struct describe_clock {
	int64_t now, wall, started_at;
};

/* "ipv4", "ipv6". */
const char *describe_family(enum record_type type);

/* An array of texts. */
json_t *describe_addresses(const struct ipaddr *list, size_t n);

/* {"version", "uptime" (s), "ready", "sources": [...], "records": [...]}: times are RFC 3339. With
 * many records that is long, so it comes in parts: *cursor is 0 at first, and again after the last
 * one; what it is between is the same only while the engine is. */
void describe_status(const struct engine *engine, bool ready, struct describe_clock clock,
		     size_t *cursor, struct buf *out);

/* {"links": [...], "routes": {...}, "choices": [...], "events": {...}}: what we believe of the
 * kernel, and what follows. */
json_t *describe_snapshot(const struct engine *engine, const struct belief *belief);

#endif
