/* SPDX-License-Identifier: MIT */
#include "update/daemon/dispatch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "update/daemon/bar.h"
#include "update/daemon/clock.h"
#include "update/daemon/local.h"
#include "update/log.h"

/* A full socket, or one that is closing. */
#define SOCKET_RETRY_MS 50

/* A job with the texts it borrows. */
struct parcel {
	struct wire_job wire;
	struct wanted wanted[JOB_WANTED_MAX];
	struct {
		char addrs[WANTED_ADDRS_MAX][ADDRESS_MAX];
		char other[ADDRESS_MAX];
		char previous[WANTED_ADDRS_MAX][ADDRESS_MAX];
		const char *previous_list[WANTED_ADDRS_MAX];
	} texts[]; /* one row a record */
};

static void write_wanted(struct wanted *wanted, const struct record *record,
			 char addrs[WANTED_ADDRS_MAX][ADDRESS_MAX])
{
	wanted->name = record->cfg->name;
	wanted->type = record->cfg->type;
	wanted->ttl = record->cfg->ttl;
	wanted->unsure = history_may_read(&record->history);
	wanted->n_addrs = record->wanted.n;
	for (size_t i = 0; i < record->wanted.n; i++)
		wanted->addrs[i] = addr_text(&record->wanted.list[i], addrs[i]);
}

/* What is ours to take back, for providers where others may have addresses under the name: what was
 * confirmed, and what an attempt without an answer may have left there. */
static void write_previous(struct wanted *wanted, const struct record *record,
			   char previous[WANTED_ADDRS_MAX][ADDRESS_MAX],
			   const char *list[WANTED_ADDRS_MAX])
{
	const struct addrs *sources[] = {&record->history.confirmed, &record->attempt.addrs};
	size_t n = 0;

	for (size_t k = 0; k < (record->history.uncertain ? 2 : 1); k++)
		for (size_t i = 0; i < sources[k]->n && n < WANTED_ADDRS_MAX; i++, n++)
			list[n] = addr_text(&sources[k]->list[i], previous[n]);
	wanted->previous = list;
	wanted->n_previous = n;
}

/* For services that need both addresses of a name at once. */
static void write_other(struct wanted *wanted, const struct record *sibling, char *other)
{
	if (sibling && sibling->wanted.n == 1)
		wanted->other = addr_text(&sibling->wanted.list[0], other);
}

/* The caller frees it. Secrets in it are borrowed, so that nothing is to be wiped. NULL: no memory.
 */
static struct parcel *wrap(const struct engine *engine, const struct queue_job *job)
{
	const struct cfg_account *account = &engine->cfg->accounts[job->account];
	struct parcel *parcel = calloc(1, sizeof(*parcel) + job->n * sizeof(parcel->texts[0]));

	if (!parcel)
		return NULL;
	for (size_t i = 0; i < job->n; i++) {
		write_wanted(&parcel->wanted[i], job->records[i], parcel->texts[i].addrs);
		write_previous(&parcel->wanted[i], job->records[i], parcel->texts[i].previous,
			       parcel->texts[i].previous_list);
		write_other(&parcel->wanted[i], records_sibling(engine->records, job->records[i]),
			    parcel->texts[i].other);
	}
	parcel->wire.id = job->id;
	parcel->wire.bind = job->bind;
	parcel->wire.deadline_ms = QUEUE_DEADLINE_MS;
	parcel->wire.way = engine->way;
	parcel->wire.watched = trace_is_on(engine->trace);
	parcel->wire.job.provider = account->provider;
	parcel->wire.job.values = account->values;
	parcel->wire.job.n_values = account->n_values;
	parcel->wire.job.wanted = parcel->wanted;
	parcel->wire.job.n_wanted = job->n;
	parcel->wire.job.purpose = job->purpose;
	return parcel;
}

static void mark_sent(const struct engine *engine, struct queue_job *job, int64_t now)
{
	bool verifying = job->purpose == PURPOSE_VERIFY;

	for (size_t i = 0; i < job->n; i++) {
		struct record *record = job->records[i];
		struct plan plan = engine_plan(engine, record, now);

		record_sent(record, job->id, now);
		if (!verifying)
			plan.state = PLAN_STATE_SENDING;
		plan.at = -1;
		engine_set(engine, record, &plan, now);
	}
	trace_request(engine->trace, job, verifying ? "begun, to verify" : "begun", now);
}

/* Not sent: its records are to be looked at again then. */
static void postpone(struct engine *engine, struct queue_job *job, const char *why, int64_t now)
{
	int64_t at = engine->updater ? updater_due(engine->updater, now) : -1;

	for (size_t i = 0; i < job->n; i++) {
		struct record *record = job->records[i];
		bool verifying = job->purpose == PURPOSE_VERIFY;
		struct plan plan = {.state = verifying ? record->state : PLAN_STATE_PENDING,
				    .at = at >= 0 ? at : now + SOCKET_RETRY_MS,
				    .why = verifying ? record->why : why};

		engine_set(engine, record, &plan, now);
	}
	queue_end(engine->queue, job);
}

static void refuse(struct engine *engine, struct queue_job *job, int err, int64_t now)
{
	struct outcome *outcomes = calloc(job->n, sizeof(*outcomes));

	if (!outcomes) {
		postpone(engine, job, "out of memory", now);
		return;
	}
	mark_sent(engine, job, now);
	for (size_t i = 0; i < job->n; i++) {
		outcomes[i].verdict = VERDICT_RETRY;
		snprintf(outcomes[i].why, sizeof(outcomes[i].why),
			 "the job cannot be handed to nlddns-updater: %s", strerror(-err));
	}
	dispatch_answer(engine, job, outcomes, now);
	free(outcomes);
}

static void perform_here(struct engine *engine, struct queue_job *job, const struct parcel *parcel,
			 int64_t now)
{
	struct outcome *outcomes = calloc(job->n, sizeof(*outcomes));

	if (!outcomes) {
		postpone(engine, job, "out of memory", now);
		return;
	}
	mark_sent(engine, job, now);
	local_perform(&parcel->wire.job, outcomes);
	dispatch_answer(engine, job, outcomes, now);
	free(outcomes);
}

static void hand_over(struct engine *engine, struct queue_job *job, const struct parcel *parcel,
		      int64_t now)
{
	int err = engine->updater ? updater_send(engine->updater, &parcel->wire, now) : -ENOENT;

	if (err == -EAGAIN)
		postpone(engine, job, "nlddns-updater cannot take it yet", now);
	else if (err < 0)
		refuse(engine, job, err, now);
	else
		mark_sent(engine, job, now);
}

void dispatch_due(struct engine *engine, int64_t now)
{
	struct queue_job *job;

	while ((job = queue_obstacle(engine->queue)) != NULL)
		dispatch_cancel(engine, job);
	while ((job = queue_next(engine->queue, engine->records, now)) != NULL) {
		bool local = engine->cfg->accounts[job->account].provider->caps & PROVIDER_LOCAL;
		struct parcel *parcel = wrap(engine, job);

		if (!parcel)
			postpone(engine, job, "out of memory", now);
		else if (local)
			perform_here(engine, job, parcel, now);
		else
			hand_over(engine, job, parcel, now);
		free(parcel);
	}
}

/* Those of the account that are to be sent, or wait to be, may have to wait longer. */
static void touch_pending(struct engine *engine, size_t account)
{
	for (size_t i = 0; i < engine->records->n; i++) {
		struct record *record = &engine->records->list[i];

		if (record->cfg->account == account &&
		    (record->state == PLAN_STATE_PENDING || record->due))
			records_touch(engine->records, record);
	}
}

void dispatch_answer(struct engine *engine, struct queue_job *job, const struct outcome *outcomes,
		     int64_t now)
{
	struct trust *trust = queue_trust(engine->queue, job->account);
	bool longer = false, held = trust->held;

	for (size_t i = 0; i < job->n; i++) {
		struct record *record = job->records[i];
		struct news_before before = news_before(record);

		trace_verdict(engine->trace, record, &outcomes[i], now);
		record_answered(record, &outcomes[i], now);
		records_keep_whys(engine->records, record);
		if (job->purpose == PURPOSE_UPDATE) {
			trust_learn(trust, &record->history);
			tally_attempt(engine->tally, record->account->provider->name,
				      outcomes[i].verdict);
			news_answered(engine->news, record,
				      sources_of(engine->sources, record->cfg), &before, now);
		}
		records_touch(engine->records, record);
		longer |= dispatch_throttle(engine->queue, record);
	}
	if (longer)
		touch_pending(engine, job->account);
	if (trust->held != held)
		bar_turn(engine, job->account);
	queue_end(engine->queue, job);
	engine->unsaved = true;
}

void dispatch_cancel(struct engine *engine, struct queue_job *job)
{
	updater_cancel(engine->updater, job->id);
	for (size_t i = 0; i < job->n; i++) {
		record_aborted(job->records[i]);
		records_touch(engine->records, job->records[i]);
	}
	queue_end(engine->queue, job);
}

void dispatch_cancel_all(struct engine *engine)
{
	struct queue_job *job;

	while ((job = queue_any(engine->queue)) != NULL)
		dispatch_cancel(engine, job);
}

bool dispatch_throttle(struct queue *queue, const struct record *record)
{
	const struct history *past = &record->history;
	int64_t floor = record->cfg->min_interval_ms;
	uint32_t seed = record_seed(record);

	bool longer = false;

	if (past->answered && past->verdict == VERDICT_THROTTLED)
		longer = queue_throttle(queue, record->cfg->account,
					past->ended_at + plan_backoff(past, floor, seed));
	if (past->verify.throttled)
		longer |=
			queue_throttle(queue, record->cfg->account,
				       past->verify.at + plan_verify_backoff(&past->verify, seed));
	return longer;
}
