/* SPDX-License-Identifier: MIT */
/* The daemon's end of nlddns-updater: starts it when needed, and again when it has died, but ever
 * more slowly; sends jobs, reads answers. It ends by itself when idle, which is no failure. */
#ifndef UPDATE_DAEMON_UPDATER_H
#define UPDATE_DAEMON_UPDATER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "update/wire.h"

struct updater;

/* Since updater_new. */
struct updater_stats {
	uint64_t starts;
	uint64_t crashes; /* it ended and owed answers */
};

/* program: its path, copied. idle_ms: how long it stays without a job; 0: for ever. */
int updater_new(const char *program, int64_t idle_ms, bool verbose, struct updater **ret);

/* Whether it says everything, from its next start on. */
void updater_set_verbose(struct updater *updater, bool verbose);

/* The providers that it was told of are no more: with another configuration come others. */
void updater_forget(struct updater *updater);

/* Ends it, if it runs, without waiting for it. */
void updater_free(struct updater *updater);

/* Starts it if it does not run; a second after the last, at the earliest, if that said nothing.
 * -EAGAIN: not before updater_due. -errno: it could not be. */
int updater_ensure(struct updater *updater, int64_t now);

/* When it may be started again (ms), or -1: now. */
int64_t updater_due(const struct updater *updater, int64_t now);

/* -EAGAIN: not before updater_due; or its socket is full or closed: after the next updater_read.
 * -errno: this job cannot be sent. */
int updater_send(struct updater *updater, const struct wire_job *job, int64_t now);

/* Its answer, if one comes still, will be for an unknown job. */
void updater_cancel(struct updater *updater, uint32_t id);

/* Addresses of this machine may be gone: has it look at the connections it has, if it runs. */
void updater_look(struct updater *updater);

/* For the event loop, which must ask again after each call here: readable means updater_read. -1:
 * it does not run. */
int updater_fd(const struct updater *updater);

/* The next message (WIRE_RESULT or WIRE_PROGRESS). 1: *ret is filled, wire_done is the caller's.
 * 0: no more now. -EPIPE: it has ended, and what it has not answered is lost. */
int updater_read(struct updater *updater, struct wire_message *ret);

/* It has ended and owed answers: from the second time in a row on, the next start waits. (The first
 * may be an idle exit that crossed a job on its way.) */
void updater_blame(struct updater *updater, int64_t now);

/* When one that has not said a word since it was sent a job counts as hanging (ms); -1: it has, or
 * was sent none. */
int64_t updater_silent(const struct updater *updater);

/* Ends one that hangs; updater_read will say -EPIPE. */
void updater_kill(struct updater *updater);

void updater_stats(const struct updater *updater, struct updater_stats *ret);

/* A child of the daemon has ended with this status, of waitpid(2): if it was the updater, says how,
 * unless it was to. */
void updater_ended(struct updater *updater, pid_t pid, int status);

#endif
