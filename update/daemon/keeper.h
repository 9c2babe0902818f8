/* SPDX-License-Identifier: MIT */
/* Keeps an engine's histories on disk, and says so when it cannot: once. */
#ifndef UPDATE_DAEMON_KEEPER_H
#define UPDATE_DAEMON_KEEPER_H

#include "update/daemon/engine.h"

struct keeper {
	bool failed; /* the last save; and said */
};

/* Gives a new engine what DIR/state holds, if it holds anything. */
void keeper_load(const char *dir, struct engine *engine);

/* Saves what has changed since the last time, if anything has. */
void keeper_save(struct keeper *keeper, const char *dir, struct engine *engine);

#endif
