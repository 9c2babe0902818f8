/* SPDX-License-Identifier: MIT */
/* The daemon as a whole: what is started in which order, what a turn of the loop does, what a
 * reload replaces. */
#ifndef UPDATE_DAEMON_DAEMON_H
#define UPDATE_DAEMON_DAEMON_H

#include "update/daemon/belief.h"
#include "update/daemon/control.h"
#include "update/daemon/engine.h"
#include "update/daemon/exporter.h"
#include "update/daemon/hooks.h"
#include "update/daemon/keeper.h"
#include "update/daemon/logbook.h"
#include "update/daemon/posts.h"
#include "update/daemon/resolver.h"
#include "update/daemon/watchdog.h"

struct daemon {
	const char *path; /* of the configuration; borrowed */
	bool verbose;
	struct cfg *cfg;
	struct belief *belief;
	struct resolver *resolver; /* NULL: its file cannot be watched */
	struct updater *updater;   /* NULL: only local providers can be used */
	struct engine *engine;
	struct control *control;
	struct trace trace;
	struct hooks *hooks;
	struct posts *posts;
	struct news_desk news;
	struct keeper keeper;
	struct logbook *logbook; /* NULL: no memory */
	struct watchdog watchdog;
	struct tally tally;
	struct exporter exporter;
	int64_t started_at;
	int64_t end_at;      /* ms; it ends then at the latest; 0: it goes on */
	int64_t wall_offset; /* ms; of the wall clock from ours */
	bool look;           /* something happened that no clock tells of */
	bool fed;            /* the engine's sources have seen the snapshot */
	bool ready;          /* READY=1 has been said */
};

/* Starts everything but the loop, after giving up privileges; the reason of a failure is logged.
 * Takes over cfg, also on failure: daemon_stop follows in any case. */
int daemon_start(struct daemon *daemon, struct ev_loop *loop, struct cfg *cfg);

/* A signal to end. True: at once; else at daemon_ended, as records are to be deleted first. */
bool daemon_end(struct daemon *daemon, int64_t now);
bool daemon_ended(const struct daemon *daemon, int64_t now);

/* The reverse, at once, with the state saved. */
void daemon_stop(struct daemon *daemon);

/* Everything that can be done now. */
void daemon_turn(struct daemon *daemon, int64_t now);

/* The wall clock was set, or the machine has slept: what was known is old news. */
void daemon_wake(struct daemon *daemon, int64_t now);

/* When to take a turn without an event (ms), or -1. */
int64_t daemon_due(const struct daemon *daemon, int64_t now);

/* The metrics of now. */
struct metrics daemon_metrics(const struct daemon *daemon, int64_t now);

/* Answers of the updater, or its end. */
void daemon_read_updater(struct daemon *daemon, int64_t now);

/* Children may have ended. */
void daemon_reap(struct daemon *daemon);

/* Whether a record of this configuration needs nlddns-updater. */
bool daemon_needs_updater(const struct cfg *cfg);

/* As its configuration and its command line say. */
void daemon_set_log_level(const struct daemon *daemon);

#endif
