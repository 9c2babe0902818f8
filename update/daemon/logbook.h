/* SPDX-License-Identifier: MIT */
/* Writes down each confirmed change, and how long what took: in the history of the state folder
 * (update/changes.h), as a line of JSON with "at" (RFC 3339), "name", "type", "provider",
 * "account", "interface", "old", "new" (addresses), "attempts", "verdict", and the parts of its way
 * in ms, each null where unknown: "settle_ms" (kernel event to settled), "queue_ms" (to the start
 * of the attempt that succeeded), "provider_ms" (to its answer); "took_ms" from the kernel event to
 * the answer. */
#ifndef UPDATE_DAEMON_LOGBOOK_H
#define UPDATE_DAEMON_LOGBOOK_H

#include "update/daemon/news.h"

struct logbook;

/* dir: the state folder, copied. NULL: no memory. */
struct logbook *logbook_new(const char *dir);

/* What has not been written is lost. NULL is fine. */
void logbook_free(struct logbook *logbook);

/* A news_listener's tell; arg is the struct logbook. */
void logbook_tell(void *arg, const struct news *news);

/* While there is more to come, the most time between two writes. */
#define LOGBOOK_EVERY_MS 1000

/* Writes what it was told, if it was: at once, but several together while there is more to come. */
void logbook_turn(struct logbook *logbook, bool more, int64_t now);

/* When logbook_turn is to be called, at the latest (ms), or -1. */
int64_t logbook_due(const struct logbook *logbook);

/* Writes what it was told since the last time. That it cannot is said once, and again when it can;
 * those lines are lost. */
void logbook_write(struct logbook *logbook);

#endif
