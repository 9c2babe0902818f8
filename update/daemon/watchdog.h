/* SPDX-License-Identifier: MIT */
/* The service manager's watchdog (sd_notify(3), WATCHDOG=1): a ping at half the period it asks for,
 * and no timer where it asks for none. */
#ifndef UPDATE_DAEMON_WATCHDOG_H
#define UPDATE_DAEMON_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

struct watchdog {
	int64_t every_ms; /* 0: nobody watches */
	int64_t next;     /* ms; when to ping */
};

/* From $WATCHDOG_USEC, unless $WATCHDOG_PID says that it is meant for another process. */
void watchdog_init(struct watchdog *watchdog, int64_t now);

/* When to tick (ms), or -1. */
int64_t watchdog_due(const struct watchdog *watchdog);

/* Pings if it is time to and all is well. Who is not well for the whole period is started anew. */
void watchdog_tick(struct watchdog *watchdog, bool well, int64_t now);

#endif
