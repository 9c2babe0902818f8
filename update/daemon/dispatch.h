/* SPDX-License-Identifier: MIT */
/* Jobs on their way: due records to the updater or to a local provider, answers to histories. */
#ifndef UPDATE_DAEMON_DISPATCH_H
#define UPDATE_DAEMON_DISPATCH_H

#include "update/daemon/engine.h"

/* Starts the jobs that may start. Those of local providers are answered at once. */
void dispatch_due(struct engine *engine, int64_t now);

/* outcomes: one for each record of the job, which ends here. */
void dispatch_answer(struct engine *engine, struct queue_job *job, const struct outcome *outcomes,
		     int64_t now);

/* Gives a job up; its records are free to be planned anew. */
void dispatch_cancel(struct engine *engine, struct queue_job *job);

/* The same of every job under way. */
void dispatch_cancel_all(struct engine *engine);

/* A throttled record throttles its account. True: for longer than before. */
bool dispatch_throttle(struct queue *queue, const struct record *record);

#endif
