/* SPDX-License-Identifier: MIT */
/* The two clocks, as milliseconds, and how moments and waits are written. */
#ifndef UPDATE_DAEMON_CLOCK_H
#define UPDATE_DAEMON_CLOCK_H

#include <stdint.h>

/* A moment of the past that has not been. A moment to come that will not: -1. */
#define CLOCK_NEVER    INT64_MIN
#define CLOCK_TEXT_MAX 32

/* CLOCK_BOOTTIME: never set, and goes on while the machine sleeps, as the clocks of providers do.
 * Taken once a turn of the loop and passed on as `now`. */
int64_t clock_now(void);

/* CLOCK_REALTIME. Only for what is written to disk or shown; it may jump. */
int64_t clock_wall(void);

/* The earlier of two moments to come, either of which may be -1. */
int64_t clock_sooner(int64_t a, int64_t b);

/* RFC 3339, UTC, whole seconds; returns out. */
const char *clock_text(int64_t wall_ms, char out[static CLOCK_TEXT_MAX]);

/* The same with milliseconds. */
const char *clock_stamp(int64_t wall_ms, char out[static CLOCK_TEXT_MAX]);

/* "250 ms", "30 s", "5 min", "2 h"; returns out. */
const char *clock_span(int64_t ms, char out[static CLOCK_TEXT_MAX]);

#endif
