/* SPDX-License-Identifier: MIT */
#include "update/daemon/queue.h"

#include <stdlib.h>
#include <string.h>

#include "update/daemon/clock.h"

/* An account's place in the queue. */
struct lane {
	unsigned running;
	int64_t throttled_until; /* -1: it never was */
};

struct queue {
	const struct cfg *cfg;
	struct lane *lanes; /* one an account */
	struct queue_job *jobs[QUEUE_JOBS_MAX];
	size_t n_jobs;
	uint32_t last_id;
};

struct queue *queue_new(const struct cfg *cfg)
{
	struct queue *queue = calloc(1, sizeof(*queue));

	if (!queue)
		return NULL;
	queue->cfg = cfg;
	queue->lanes = calloc(cfg->n_accounts + 1, sizeof(*queue->lanes));
	if (!queue->lanes) {
		free(queue);
		return NULL;
	}
	for (size_t i = 0; i < cfg->n_accounts; i++)
		queue->lanes[i].throttled_until = -1;
	return queue;
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	for (size_t i = 0; i < queue->n_jobs; i++)
		free(queue->jobs[i]);
	free(queue->lanes);
	free(queue);
}

static const struct lane *find_lane(const struct queue *queue, const struct cfg_account *account)
{
	for (size_t i = 0; i < queue->cfg->n_accounts; i++)
		if (strcmp(queue->cfg->accounts[i].provider->name, account->provider->name) == 0 &&
		    strcmp(queue->cfg->accounts[i].name, account->name) == 0)
			return &queue->lanes[i];
	return NULL;
}

void queue_follow(struct queue *queue, const struct queue *old)
{
	queue->last_id = old->last_id;
	for (size_t i = 0; i < queue->cfg->n_accounts; i++) {
		const struct lane *lane = find_lane(old, &queue->cfg->accounts[i]);

		if (lane)
			queue->lanes[i].throttled_until = lane->throttled_until;
	}
}

static bool is_open(const struct queue *queue, size_t account, int64_t now)
{
	const struct lane *lane = &queue->lanes[account];
	unsigned parallel = queue->cfg->accounts[account].provider->limits.parallel;

	return lane->running < (parallel > 0 ? parallel : 1) && lane->throttled_until <= now;
}

static bool same_bind(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool has_name(const struct queue_job *job, const char *name)
{
	for (size_t i = 0; i < job->n; i++)
		if (strcmp(job->records[i]->cfg->name, name) == 0)
			return true;
	return false;
}

static size_t count_names(const struct queue_job *job)
{
	size_t n = 0;

	for (size_t i = 0; i < job->n; i++) {
		size_t j = 0;

		while (strcmp(job->records[j]->cfg->name, job->records[i]->cfg->name) != 0)
			j++;
		n += j == i;
	}
	return n;
}

static size_t names_max(const struct provider *provider)
{
	if (!(provider->caps & PROVIDER_MANY_NAMES))
		return 1;
	return provider->limits.names_per_request > 0 ? provider->limits.names_per_request
						      : JOB_WANTED_MAX;
}

/* Whether a record may ride in a job that has begun. */
static bool fits(const struct queue_job *job, const struct record *record)
{
	const struct provider *provider = record->account->provider;

	if (job->n == JOB_WANTED_MAX || job->account != record->cfg->account ||
	    !same_bind(job->bind, record->bind))
		return false;
	if (!(provider->caps & PROVIDER_BOTH_FAMILIES) &&
	    job->records[0]->cfg->type != record->cfg->type)
		return false;
	return has_name(job, record->cfg->name) || count_names(job) < names_max(provider);
}

static void collect(struct queue_job *job, const struct records *records, size_t first)
{
	for (size_t i = first; i < records->n; i++) {
		struct record *record = &records->list[i];

		if (record->due && record->job == 0 && (job->n == 0 || fits(job, record)))
			job->records[job->n++] = record;
	}
}

/* The first due record whose account may start a job; records->n: none. */
static size_t find_due(const struct queue *queue, const struct records *records, int64_t now)
{
	for (size_t i = 0; i < records->n; i++) {
		const struct record *record = &records->list[i];

		if (record->due && record->job == 0 && is_open(queue, record->cfg->account, now))
			return i;
	}
	return records->n;
}

struct queue_job *queue_next(struct queue *queue, const struct records *records, int64_t now)
{
	size_t first = find_due(queue, records, now);
	struct queue_job *job;

	if (first == records->n || queue->n_jobs == QUEUE_JOBS_MAX)
		return NULL;
	job = calloc(1, sizeof(*job));
	if (!job)
		return NULL;
	if (++queue->last_id == 0)
		queue->last_id = 1;
	job->id = queue->last_id;
	job->account = records->list[first].cfg->account;
	job->bind = records->list[first].bind;
	job->started_at = now;
	collect(job, records, first);
	queue->jobs[queue->n_jobs++] = job;
	queue->lanes[job->account].running++;
	return job;
}

struct queue_job *queue_find(const struct queue *queue, uint32_t id)
{
	for (size_t i = 0; i < queue->n_jobs; i++)
		if (queue->jobs[i]->id == id)
			return queue->jobs[i];
	return NULL;
}

struct queue_job *queue_any(const struct queue *queue)
{
	return queue->n_jobs > 0 ? queue->jobs[0] : NULL;
}

void queue_end(struct queue *queue, struct queue_job *job)
{
	size_t i = 0;

	while (queue->jobs[i] != job)
		i++;
	queue->n_jobs--;
	memmove(&queue->jobs[i], &queue->jobs[i + 1], (queue->n_jobs - i) * sizeof(queue->jobs[0]));
	queue->lanes[job->account].running--;
	free(job);
}

void queue_throttle(struct queue *queue, size_t account, int64_t until)
{
	if (until > queue->lanes[account].throttled_until)
		queue->lanes[account].throttled_until = until;
}

int64_t queue_throttled(const struct queue *queue, size_t account, int64_t now)
{
	int64_t until = queue->lanes[account].throttled_until;

	return until > now ? until : -1;
}

int64_t queue_due(const struct queue *queue)
{
	int64_t due = -1;

	for (size_t i = 0; i < queue->n_jobs; i++)
		due = clock_sooner(due,
				   queue->jobs[i]->started_at + QUEUE_DEADLINE_MS + QUEUE_SLACK_MS);
	return due;
}
