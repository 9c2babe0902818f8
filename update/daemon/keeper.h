/* SPDX-License-Identifier: MIT */
/* Keeps an engine's histories on disk, and says so when it cannot: once. */
#ifndef UPDATE_DAEMON_KEEPER_H
#define UPDATE_DAEMON_KEEPER_H

#include "update/daemon/engine.h"

/* Before what failed is tried again; nobody wakes up for that. */
#define KEEPER_AGAIN_MS 60000

/* While jobs are under way, or if it is large, the least time between two writes. */
#define KEEPER_EVERY_MS 1000
#define KEEPER_LARGE    65536 /* bytes */

struct keeper {
	struct file *placed; /* written, but not synced yet; NULL: none is */
	bool failed;         /* the last write; and said */
	bool large;          /* what was last written */
	int64_t not_before;  /* ms; the next one, if it is to wait for its time */
};

/* Gives a new engine what DIR/state holds, if it holds anything. A file that cannot be used is
 * kept aside, as DIR/state.bad or DIR/state.unknown. */
void keeper_load(const char *dir, struct engine *engine);

/* Writes what has changed since the last time, if anything has: at once, but not so often while
 * there is more to come, or much to write. */
void keeper_save(struct keeper *keeper, const char *dir, struct engine *engine, int64_t now);

/* When keeper_save has something to write (ms), or -1. */
int64_t keeper_due(const struct keeper *keeper, const struct engine *engine);

/* The same at once, whatever is under way. */
void keeper_flush(struct keeper *keeper, const char *dir, struct engine *engine);

/* Writes it before anything else happens, for whoever starts after us if we are killed; syncing it,
 * lest the machine dies, is left to the next keeper_save or keeper_flush, which must follow soon.
 */
void keeper_place(struct keeper *keeper, const char *dir, struct engine *engine);

#endif
