/* SPDX-License-Identifier: MIT */
#include "update/daemon/queue.h"

#include <stdlib.h>
#include <string.h>

#include "cfg/fingerprint.h"
#include "update/daemon/clock.h"

TAILQ_HEAD(waiting, record);
/* Jobs at a time that only look; there is no hurry. */
#define LOOKS_MAX 4

/* An account's place in the queue. */
struct lane {
	struct waiting waiting[PURPOSE_COUNT];
	TAILQ_ENTRY(lane) turn; /* while any record waits */
	unsigned running;
	int64_t throttled_until; /* -1: it never was */
	struct trust trust;
};

struct queue {
	const struct cfg *cfg;
	struct lane *lanes;            /* one an account */
	TAILQ_HEAD(turns, lane) turns; /* those in which records wait */
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
	TAILQ_INIT(&queue->turns);
	for (size_t i = 0; i < cfg->n_accounts; i++) {
		for (size_t p = 0; p < PURPOSE_COUNT; p++)
			TAILQ_INIT(&queue->lanes[i].waiting[p]);
		queue->lanes[i].throttled_until = -1;
	}
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

/* What the histories tell is told anew. */
static void follow_trust(struct trust *trust, const struct trust *old)
{
	trust->proven = old->proven;
	trust->held = old->held;
}

/* By its name, since credentials change; else by these, since sections come and go. */
static const struct lane *find_lane(const struct queue *queue, const struct cfg_account *account)
{
	const struct lane *same = NULL;

	for (size_t i = 0; i < queue->cfg->n_accounts; i++) {
		const struct cfg_account *other = &queue->cfg->accounts[i];

		if (strcmp(other->provider->name, account->provider->name) != 0)
			continue;
		if (strcmp(other->name, account->name) == 0)
			return &queue->lanes[i];
		if (other->identity == account->identity)
			same = &queue->lanes[i];
	}
	return same;
}

void queue_follow(struct queue *queue, const struct queue *old)
{
	queue->last_id = old->last_id;
	for (size_t i = 0; i < queue->cfg->n_accounts; i++) {
		const struct cfg_account *account = &queue->cfg->accounts[i];
		const struct lane *lane = find_lane(old, account);

		if (!lane)
			continue;
		queue->lanes[i].throttled_until = lane->throttled_until;
		if (fingerprint_account(account) ==
		    fingerprint_account(&old->cfg->accounts[lane - old->lanes]))
			follow_trust(&queue->lanes[i].trust, &lane->trust);
	}
}

static bool is_empty(const struct lane *lane)
{
	for (size_t p = 0; p < PURPOSE_COUNT; p++)
		if (!TAILQ_EMPTY(&lane->waiting[p]))
			return false;
	return true;
}

void queue_add(struct queue *queue, struct record *record, enum purpose purpose)
{
	struct lane *lane = &queue->lanes[record->cfg->account];

	if (is_empty(lane))
		TAILQ_INSERT_TAIL(&queue->turns, lane, turn);
	TAILQ_INSERT_TAIL(&lane->waiting[purpose], record, lane);
	record->purpose = purpose;
	record->due = true;
}

void queue_remove(struct queue *queue, struct record *record)
{
	struct lane *lane = &queue->lanes[record->cfg->account];

	TAILQ_REMOVE(&lane->waiting[record->purpose], record, lane);
	if (is_empty(lane))
		TAILQ_REMOVE(&queue->turns, lane, turn);
	record->due = false;
}

static bool is_open(const struct queue *queue, const struct lane *lane, int64_t now)
{
	const struct cfg_account *account = &queue->cfg->accounts[lane - queue->lanes];
	unsigned parallel = account->provider->limits.parallel;

	return lane->running < trust_parallel(&lane->trust, parallel > 0 ? parallel : 1) &&
	       lane->throttled_until <= now;
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
	    job->purpose != record->purpose || !same_bind(job->bind, record->bind))
		return false;
	if (!(provider->caps & PROVIDER_BOTH_FAMILIES) &&
	    job->records[0]->cfg->type != record->cfg->type)
		return false;
	return has_name(job, record->cfg->name) || job->n_names < names_max(provider);
}

static void board(struct queue *queue, struct queue_job *job, struct record *record)
{
	job->n_names += !has_name(job, record->cfg->name);
	job->records[job->n++] = record;
	queue_remove(queue, record);
}

/* The name's record of the other type, which the configuration has beside it; or NULL. */
static struct record *find_twin(const struct records *records, struct record *record)
{
	struct record *twin = record->cfg->type == RECORD_TYPE_A ? record + 1 : record - 1;

	if (twin < records->list || twin >= records->list + records->n ||
	    strcmp(twin->cfg->name, record->cfg->name) != 0)
		return NULL;
	return twin;
}

/* From the head of the lane on, each with its twin, until the job is full. */
static void collect(struct queue *queue, struct queue_job *job, struct lane *lane,
		    const struct records *records)
{
	size_t most = names_max(queue->cfg->accounts[job->account].provider);
	struct record *record = TAILQ_FIRST(&lane->waiting[job->purpose]), *next, *twin;

	while (record && job->n < JOB_WANTED_MAX && (job->n == 0 || job->n_names < most)) {
		bool rides = job->n == 0 || fits(job, record);

		twin = rides ? find_twin(records, record) : NULL;
		next = TAILQ_NEXT(record, lane);
		if (twin && twin == next)
			next = TAILQ_NEXT(twin, lane);
		if (rides)
			board(queue, job, record);
		if (twin && twin->due && fits(job, twin))
			board(queue, job, twin);
		record = next;
	}
}

/* The next lane that may start a job for purpose, or NULL. */
static struct lane *find_lane_open(const struct queue *queue, enum purpose purpose, int64_t now)
{
	struct lane *lane = TAILQ_FIRST(&queue->turns);

	while (lane && (TAILQ_EMPTY(&lane->waiting[purpose]) || !is_open(queue, lane, now)))
		lane = TAILQ_NEXT(lane, turn);
	return lane;
}

static size_t count_looks(const struct queue *queue)
{
	size_t n = 0;

	for (size_t i = 0; i < queue->n_jobs; i++)
		n += queue->jobs[i]->purpose == PURPOSE_VERIFY;
	return n;
}

struct queue_job *queue_next(struct queue *queue, const struct records *records, int64_t now)
{
	enum purpose purpose = PURPOSE_UPDATE;
	struct lane *lane = find_lane_open(queue, purpose, now);
	struct queue_job *job;

	if (!lane && count_looks(queue) < LOOKS_MAX) {
		purpose = PURPOSE_VERIFY;
		lane = find_lane_open(queue, purpose, now);
	}
	if (!lane || queue->n_jobs == QUEUE_JOBS_MAX)
		return NULL;
	job = calloc(1, sizeof(*job));
	if (!job)
		return NULL;
	if (++queue->last_id >= QUEUE_IDS_END)
		queue->last_id = 1;
	job->id = queue->last_id;
	job->account = (size_t)(lane - queue->lanes);
	job->purpose = purpose;
	job->bind = TAILQ_FIRST(&lane->waiting[purpose])->bind;
	job->started_at = now;
	collect(queue, job, lane, records);
	if (!is_empty(lane)) {
		TAILQ_REMOVE(&queue->turns, lane, turn);
		TAILQ_INSERT_TAIL(&queue->turns, lane, turn);
	}
	queue->jobs[queue->n_jobs++] = job;
	lane->running++;
	return job;
}

struct queue_job *queue_obstacle(const struct queue *queue)
{
	for (size_t i = 0; i < queue->n_jobs; i++) {
		struct queue_job *job = queue->jobs[i];

		if (job->purpose == PURPOSE_VERIFY &&
		    !TAILQ_EMPTY(&queue->lanes[job->account].waiting[PURPOSE_UPDATE]))
			return job;
	}
	return NULL;
}

struct queue_job *queue_find(const struct queue *queue, uint32_t id)
{
	for (size_t i = 0; i < queue->n_jobs; i++)
		if (queue->jobs[i]->id == id)
			return queue->jobs[i];
	return NULL;
}

bool queue_waits(const struct queue *queue)
{
	return !TAILQ_EMPTY(&queue->turns);
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

bool queue_throttle(struct queue *queue, size_t account, int64_t until)
{
	if (until <= queue->lanes[account].throttled_until)
		return false;
	queue->lanes[account].throttled_until = until;
	return true;
}

int64_t queue_throttled(const struct queue *queue, size_t account, int64_t now)
{
	int64_t until = queue->lanes[account].throttled_until;

	return until > now ? until : -1;
}

struct trust *queue_trust(const struct queue *queue, size_t account)
{
	return &queue->lanes[account].trust;
}

int64_t queue_due(const struct queue *queue)
{
	int64_t due = -1;

	for (size_t i = 0; i < queue->n_jobs; i++)
		due = clock_sooner(due,
				   queue->jobs[i]->started_at + QUEUE_DEADLINE_MS + QUEUE_SLACK_MS);
	return due;
}
