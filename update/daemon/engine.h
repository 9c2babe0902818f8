/* SPDX-License-Identifier: MIT */
/* Turns what sources say into jobs and answers into histories. Nothing here waits: each call does
 * what can be done now, and engine_due says when to call again. */
#ifndef UPDATE_DAEMON_ENGINE_H
#define UPDATE_DAEMON_ENGINE_H

#include "update/daemon/queue.h"
#include "update/daemon/sources.h"
#include "update/daemon/tally.h"
#include "update/daemon/trace.h"
#include "update/daemon/updater.h"

/* Writes the state down before it returns, so that whoever starts after us finds it. */
struct engine_keep {
	void (*save)(void *arg); /* NULL: it is only marked as unsaved */
	void *arg;
};

/* What one configuration needs to run. */
struct engine {
	const struct cfg *cfg;
	struct sources *sources;
	struct records *records;
	struct queue *queue;
	struct updater *updater;      /* borrowed; outlives reloads; NULL: only local providers */
	const struct trace *trace;    /* borrowed; may be NULL */
	const struct news_desk *news; /* the same */
	struct tally *tally;          /* the same */
	struct engine_keep keep;
	bool stopping; /* see update/daemon/ending.h */
	uint32_t way;  /* another one after each change of a source; never 0 */
	bool unsaved;  /* a history has changed */
	bool foreseen; /* some will be uncertain, and are not written down as such */
};

/* cfg and updater are borrowed. -errno. */
int engine_new(const struct cfg *cfg, struct updater *updater, struct engine **ret);
void engine_free(struct engine *engine);

/* What the record is to do now. */
struct plan engine_plan(const struct engine *engine, const struct record *record, int64_t now);

/* record_set as planned (step does not count), and told to those who watch. */
void engine_set(const struct engine *engine, struct record *record, const struct plan *plan,
		int64_t now);

/* Before the first review: what is known of a record from the disk, or all from the engine before a
 * reload, whose jobs under way are given up. */
void engine_restore(struct engine *engine, const struct state_entry *entry);
void engine_adopt(struct engine *engine, struct engine *old);

/* Looks at each record of which something has changed (see records_touch, source.touched) or whose
 * time has come, and starts the jobs that may start. */
void engine_review(struct engine *engine, int64_t now);

/* The updater's answer. Unknown ids are of jobs given up. */
void engine_result(struct engine *engine, uint32_t id, const struct outcome *outcomes, size_t n,
		   int64_t now);

/* The updater has ended: what it owed is to be sent again. */
void engine_lost(struct engine *engine, int64_t now);

/* A change is under way: have the updater running when it comes. */
void engine_warm(struct engine *engine, int64_t now);

/* The way to the internet may be another, though the kernel says nothing of it: what failed for
 * want of a network is tried again. why: static text. How many records; a review follows. */
size_t engine_new_way(struct engine *engine, const char *why);

/* The wall clock has been set: moments that came from the disk can be told now. */
void engine_set_clock(struct engine *engine, int64_t now, int64_t wall);

/* Nothing will be sent any more: what was about to be is not to be taken for sent. */
void engine_rest(struct engine *engine);

/* When to review again (ms), or -1. */
int64_t engine_due(const struct engine *engine, int64_t now);

#endif
