/* SPDX-License-Identifier: MIT */
/* Where addresses come from: per configured source and family in use, the rule, the choice of now,
 * and what it settled on. */
#ifndef UPDATE_DAEMON_SOURCES_H
#define UPDATE_DAEMON_SOURCES_H

#include "cfg/cfg.h"
#include "netwatch/settle.h"
#include "netwatch/snapshot.h"
#include "update/daemon/addrs.h"
#include "update/daemon/failback.h"

struct source {
	const struct cfg_source *cfg; /* borrowed */
	enum record_type type;
	bool used;   /* a record asks for it */
	bool proves; /* one of them is deleted on loss, if something proves it */
	bool read;   /* the kernel has been read since the start */
	struct rule rule;
	struct failback failback;
	struct settle settle;
	struct choice now;       /* the choice of now, settled or not */
	struct choice published; /* the last that was not none: kept while still eligible */
	int64_t event_at;        /* ms; when it began to differ from what is settled */
	int64_t lost_at;         /* ms; since when none is settled; -1: one is */
	int64_t proven_at;       /* ms; since when something else is online; -1: nothing is */
	bool changed;            /* settled has changed since records took it over */
	bool back;               /* it has become ready again since then, settled or not */
	bool touched;            /* something its records go by has changed since they looked */
	bool moved;              /* now has changed since trace_sources */
};

struct sources {
	struct source *list; /* two a configured source: A, AAAA */
	size_t n;
	const char **patterns; /* of all rules; borrowed from cfg */
	struct interest interest;
};

/* -ENOMEM, or the error of a rule that cfg let pass. cfg is borrowed. */
int sources_new(const struct cfg *cfg, struct sources **ret);
void sources_free(struct sources *sources);

/* The one that feeds a record. */
struct source *sources_of(const struct sources *sources, const struct cfg_record *record);

/* What was published before the start, so that an equal choice prefers it. */
void source_remember(struct source *source, const struct addrs *addrs);

/* Before the first sources_feed: a source that asks for the same as one before a reload goes on
 * from its choice, and waits no longer before it goes back to a better link. */
void sources_adopt(struct sources *sources, const struct sources *old);

/* Chooses anew from a snapshot. True: something settled or began to. */
bool sources_feed(struct sources *sources, const struct snapshot *snapshot, int64_t now);

/* Time passes. True: something settled or began to. */
bool sources_tick(struct sources *sources, int64_t now);

/* When to tick (ms), or -1. */
int64_t sources_due(const struct sources *sources);

/* The choice of now is not settled yet; that of any. */
bool source_settling(const struct source *source);
bool sources_settling(const struct sources *sources);

/* Since when (ms) nothing is settled while something else shows that the machine is online; -1:
 * that is not so. */
int64_t source_lost(const struct source *source);

/* Whether an attempt that publishes addrs (of a record that takes at most max) is still what this
 * source, settled or not, would do. */
bool source_still(const struct source *source, const struct addrs *addrs, size_t max);

/* The choice as addresses, which borrow from it: at most max of them. */
struct addrs source_addrs(const struct choice *choice, size_t max);

#endif
