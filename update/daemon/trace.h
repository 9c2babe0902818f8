/* SPDX-License-Identifier: MIT */
/* What the daemon does, told step by step as it does it: one line of JSON each, to whoever watches.
 * Costs nothing while nobody does. Every line has "at" (RFC 3339), "ms" since the kernel event that
 * began it (null: none did), and "kind": start, event, choice, settle, decision, request, verdict.
 */
#ifndef UPDATE_DAEMON_TRACE_H
#define UPDATE_DAEMON_TRACE_H

#include "netwatch/event.h"
#include "update/daemon/queue.h"
#include "update/daemon/sources.h"
#include "update/daemon/watchers.h"

struct trace {
	struct watchers *watchers; /* NULL: nobody can watch */
};

/* Whether a line would reach anybody; NULL: no. */
bool trace_is_on(const struct trace *trace);

/* Marks that have led to a reading of the kernel, the snapshot after it, and whether that changed;
 * marked_at: when the first was set (ms), or -1: by no event. */
struct trace_event {
	const struct dirty *marks;
	const struct snapshot *snapshot;
	bool changed;
	int64_t marked_at;
};
void trace_event(const struct trace *trace, const struct trace_event *event, int64_t now);

/* Sources that chose or settled since the last call. */
void trace_sources(const struct trace *trace, struct sources *sources, int64_t now);

/* A record's state or its reason is another than `from` was. */
void trace_decision(const struct trace *trace, const struct record *record, enum plan_state from,
		    int64_t now);

/* A job is on its way, and how far. */
void trace_request(const struct trace *trace, const struct queue_job *job, const char *progress,
		   int64_t now);

/* The answer for one record of a job, before the record has taken it. */
void trace_verdict(const struct trace *trace, const struct record *record,
		   const struct outcome *outcome, int64_t now);

/* What a new watcher is told first: how things are. malloc; the caller frees; NULL: no memory. */
char *trace_greeting(const struct sources *sources, const struct records *records, int64_t now,
		     size_t *ret_len);

#endif
