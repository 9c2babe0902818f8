/* SPDX-License-Identifier: MIT */
/* Which due records go together in which job, and when: grouped per account by what its provider
 * can do, within its limits, updates before looks. It holds records, not addresses: the latest wins
 * by itself. */
#ifndef UPDATE_DAEMON_QUEUE_H
#define UPDATE_DAEMON_QUEUE_H

#include "update/daemon/records.h"
#include "update/daemon/trust.h"

/* Longer than this no job may take; the updater ends it, and we end the updater that does not. */
#define QUEUE_DEADLINE_MS 60000
#define QUEUE_SLACK_MS    5000

/* Jobs at a time, of all accounts. */
#define QUEUE_JOBS_MAX 64

/* Its ids are below; from there on they are for other jobs of nlddns-updater. */
#define QUEUE_IDS_END 0x80000000u

struct queue_job {
	uint32_t id; /* 1 to QUEUE_IDS_END - 1 */
	size_t account;
	enum purpose purpose;
	const char *bind; /* of all its records */
	int64_t started_at;
	struct record *records[JOB_WANTED_MAX]; /* borrowed */
	size_t n, n_names;
};

struct queue;

/* cfg is borrowed. NULL: no memory. */
struct queue *queue_new(const struct cfg *cfg);
void queue_free(struct queue *queue);

/* Goes on with the ids of the queue before a reload, so that a late answer does not meet a new job;
 * and accounts of the same name and provider stay throttled, and with the same credentials as
 * trusted as they were, but for trust.refused. old's cfg is still there. */
void queue_follow(struct queue *queue, const struct queue *old);

/* The record is due from now on, and waits for its account's turn; or it is so no longer. */
void queue_add(struct queue *queue, struct record *record, enum purpose purpose);
void queue_remove(struct queue *queue, struct record *record);

/* Groups due records into the next job that may start now; the queue owns it until queue_end.
 * NULL: none may. Accounts take turns. */
struct queue_job *queue_next(struct queue *queue, const struct records *records, int64_t now);

/* A job under way that only looks, and keeps a due update of its account from starting; or NULL. */
struct queue_job *queue_obstacle(const struct queue *queue);

/* A job under way, or NULL: ended, given up, or never ours. */
struct queue_job *queue_find(const struct queue *queue, uint32_t id);

/* Some records are due. */
bool queue_waits(const struct queue *queue);

/* One of the jobs under way, or NULL: there is none. */
struct queue_job *queue_any(const struct queue *queue);

/* Frees the job; its account may start the next. */
void queue_end(struct queue *queue, struct queue_job *job);

/* No job of the account before until (ms); never shortened. True: that is longer than before. */
bool queue_throttle(struct queue *queue, size_t account, int64_t until);

/* Until when (ms), or -1. */
int64_t queue_throttled(const struct queue *queue, size_t account, int64_t now);

/* The account's; it bounds the jobs at a time. Of one that is held only what the user retries may
 * be added. */
struct trust *queue_trust(const struct queue *queue, size_t account);

/* When the oldest job under way is overdue (ms): whoever performs it hangs. -1: none is. */
int64_t queue_due(const struct queue *queue);

#endif
