/* SPDX-License-Identifier: MIT */
#include "update/daemon/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "update/daemon/bar.h"
#include "update/daemon/clock.h"
#include "update/daemon/dispatch.h"
#include "update/log.h"

/* A local job is answered at once, and what follows from it is looked at in the same review. */
#define ROUNDS_MAX 4

/* What a record took over counts for its source and account, too. */
static void remember(struct engine *engine, const struct record *record)
{
	source_remember(sources_of(engine->sources, record->cfg), &record->history.confirmed);
	dispatch_throttle(engine->queue, record);
	trust_learn(queue_trust(engine->queue, record->cfg->account), &record->history);
}

int engine_new(const struct cfg *cfg, struct updater *updater, struct engine **ret)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	int err = -ENOMEM;

	if (!engine)
		return err;
	engine->cfg = cfg;
	engine->updater = updater;
	engine->way = 1;
	engine->records = records_new(cfg);
	engine->queue = queue_new(cfg);
	if (engine->records && engine->queue)
		err = sources_new(cfg, &engine->sources);
	if (err < 0)
		engine_free(engine);
	else
		*ret = engine;
	return err;
}

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	sources_free(engine->sources);
	records_free(engine->records);
	queue_free(engine->queue);
	free(engine);
}

/* What is connected by the old one is not to be used for the new. */
static void change_way(struct engine *engine)
{
	if (++engine->way == 0)
		engine->way = 1;
}

void engine_restore(struct engine *engine, const struct state_entry *entry)
{
	const struct record *record = records_restore(engine->records, entry);

	if (record)
		remember(engine, record);
}

void engine_adopt(struct engine *engine, struct engine *old)
{
	engine->way = old->way;
	change_way(engine);
	engine->trace = old->trace;
	engine->keep = old->keep;
	engine->news = old->news;
	engine->tally = old->tally;
	dispatch_cancel_all(old);
	queue_follow(engine->queue, old->queue);
	records_adopt(engine->records, old->records);
	sources_adopt(engine->sources, old->sources);
	for (size_t i = 0; i < engine->records->n; i++)
		remember(engine, &engine->records->list[i]);
	engine->unsaved = true;
}

void engine_set(const struct engine *engine, struct record *record, const struct plan *plan,
		int64_t now)
{
	enum plan_state from = record->state;
	bool news = from != plan->state ||
		    (from != PLAN_STATE_SENDING && strcmp(record->why, plan->why) != 0);

	records_set(engine->records, record, plan, now);
	if (!news)
		return;
	trace_decision(engine->trace, record, from, now);
	tally_move(engine->tally);
}

static size_t addrs_max(const struct record *record)
{
	return record->account->provider->caps & PROVIDER_MANY_ADDRS ? WANTED_ADDRS_MAX : 1;
}

/* The link a record's traffic is bound to, or NULL. A source that is ready without a route (LAN
 * hosts) says nothing about the way out, and one that has lost its address has none to offer: what
 * is deleted then goes by whatever way there is. */
static const char *bind_of(const struct record *record, const struct source *source)
{
	switch (record->cfg->bind) {
	case CFG_BIND_NONE:
		break;
	case CFG_BIND_LINK:
		return record->cfg->bind_link;
	case CFG_BIND_SOURCE:
		if (source->cfg->n_interfaces > 0 && source->cfg->ready == CFG_READY_ROUTE &&
		    source->settle.settled.n > 0)
			return source->published.interface;
		break;
	}
	return NULL;
}

/* A source has settled on something else. False: no memory. */
static bool take_settled(struct records *records, struct record *record,
			 const struct source *source, int64_t now)
{
	const struct choice *settled = &source->settle.settled;
	struct history *history = &record->history;
	struct addrs wanted = source_addrs(settled, addrs_max(record));

	if (!records_keep_addrs(records, &wanted))
		return false;
	if (!addrs_equal(&wanted, &record->wanted)) {
		record->wanted_at = now;
		news_wanted(record);
	}
	record->wanted = wanted;
	record->event_at = source->event_at;
	record->settled_at = now;
	if (history_holds(history, &record->wanted))
		record->event_at = -1;
	if (settled->ready)
		history_new_way(history);
	return true;
}

static enum plan_source judge(const struct source *source)
{
	if (!source->read)
		return PLAN_SOURCE_UNREAD;
	if (source_settling(source))
		return PLAN_SOURCE_SETTLING;
	if (source->settle.settled.n == 0)
		return PLAN_SOURCE_ABSENT;
	return source->settle.settled.ready ? PLAN_SOURCE_READY : PLAN_SOURCE_NO_WAY;
}

static bool is_verifying(const struct record *record)
{
	return record->job != 0 && record->attempt.purpose == PURPOSE_VERIFY;
}

static bool is_stale(const struct record *record, const struct source *source)
{
	const struct addrs *addrs = is_verifying(record) ? &record->wanted : &record->attempt.addrs;

	return record->job != 0 && (source->now.ifindex != record->attempt.ifindex ||
				    !source_still(source, addrs, addrs_max(record)));
}

/* Why it is to be sent, or why there is nothing to send. */
static const char *why_of(const struct record *record, const struct source *source)
{
	if (record->new_way && judge(source) == PLAN_SOURCE_READY)
		return record->new_way;
	return source->now.why;
}

struct plan engine_plan(const struct engine *engine, const struct record *record, int64_t now)
{
	const struct source *source = sources_of(engine->sources, record->cfg);
	unsigned caps = record->account->provider->caps;
	struct plan_input input = {
		.history = &record->history,
		.state = record->state,
		.wanted = &record->wanted,
		.source = judge(source),
		.source_why = why_of(record, source),
		.lost_at = source_lost(source),
		.in_flight = record->job != 0,
		.stale = !engine->stopping && is_stale(record, source),
		.verifying = is_verifying(record),
		.barred = bar_holds(engine, record),
		.forced = record->forced,
		.throttled_until = queue_throttled(engine->queue, record->cfg->account, now),
		.refresh_ms = record->cfg->refresh_ms,
		.min_interval_ms = record->cfg->min_interval_ms,
		.hold_until =
			!engine->stopping && record_is_change(record) ? record->holddown.until : -1,
		.hold_why = record->holddown.why,
		.verify = record->cfg->verify == CFG_VERIFY_SLOW &&
			  provider_can_verify(record->account->provider),
		.ttl = record->cfg->ttl,
		.on_loss_ms = caps & PROVIDER_CAN_DELETE ? record->cfg->on_loss_ms : -1,
		.stopping = engine->stopping,
		.deleted_on_stop = record->cfg->on_stop == CFG_STOP_DELETE,
		.seed = record_seed(record),
	};

	return plan_next(&input, now);
}

/* False: no memory, so that it is to be done again. */
static bool touch_changed(struct engine *engine, int64_t now)
{
	bool done = true;

	for (size_t i = 0; i < engine->records->n; i++) {
		struct record *record = &engine->records->list[i];
		const struct source *source = sources_of(engine->sources, record->cfg);

		if (source->changed)
			done &= take_settled(engine->records, record, source, now);
		if (source->back)
			history_new_way(&record->history);
		if (source->touched)
			records_touch(engine->records, record);
	}
	return done;
}

static void take_changes(struct engine *engine, int64_t now)
{
	bool any = false;

	for (size_t i = 0; i < engine->sources->n; i++)
		any |= engine->sources->list[i].touched;
	if (!any)
		return;
	change_way(engine);
	if (!touch_changed(engine, now))
		return;
	for (size_t i = 0; i < engine->sources->n; i++) {
		engine->sources->list[i].changed = false;
		engine->sources->list[i].back = false;
		engine->sources->list[i].touched = false;
	}
}

/* First, since a job given up frees, and touches, all its records. */
static void give_up_stale(struct engine *engine, int64_t now)
{
	for (size_t i = 0; i < engine->records->n_touched; i++) {
		const struct record *record = engine->records->touched[i];
		struct plan plan;
		struct queue_job *job;

		if (record->job == 0)
			continue;
		plan = engine_plan(engine, record, now);
		if (plan.step != PLAN_STEP_ABORT)
			continue;
		job = queue_find(engine->queue, record->job);
		trace_request(engine->trace, job, plan.why, now);
		dispatch_cancel(engine, job);
	}
}

static void wait_in_lane(struct engine *engine, struct record *record, enum purpose purpose)
{
	if (record->due && record->purpose == purpose)
		return;
	if (record->due)
		queue_remove(engine->queue, record);
	queue_add(engine->queue, record, purpose);
}

/* Whoever starts after us must know that the record's next attempt may have had effect, even if we
 * are killed the moment it is sent. */
static void foresee(struct engine *engine, struct record *record)
{
	const struct history *history = &record->history;

	if (record->foreseen || history->uncertain || history_holds(history, &record->wanted))
		return;
	record->foreseen = true;
	engine->foreseen = true;
}

/* It has not been sent, and what is written down says that it may have been. */
static void unforesee(struct engine *engine, struct record *record)
{
	engine->unsaved |= record->foreseen;
	record->foreseen = false;
}

static void write_ahead(struct engine *engine)
{
	if (!engine->foreseen)
		return;
	engine->foreseen = false;
	engine->unsaved = true;
	if (engine->keep.save)
		engine->keep.save(engine->keep.arg);
}

static void look(struct engine *engine, struct record *record, int64_t now)
{
	const struct source *source = sources_of(engine->sources, record->cfg);
	struct plan plan = engine_plan(engine, record, now);

	record->barred = bar_holds(engine, record);
	record->bind = bind_of(record, source);
	record->ifindex = source->now.ifindex;
	if (plan.step == PLAN_STEP_SEND) {
		/* Without an address there is but one thing to send, whatever was wanted before. */
		if (engine->stopping || judge(source) == PLAN_SOURCE_ABSENT)
			record->wanted.n = 0;
		if (!record->due || record->purpose != PURPOSE_UPDATE) {
			record_due(record, plan.why);
			records_keep_whys(engine->records, record);
		}
		wait_in_lane(engine, record, PURPOSE_UPDATE);
		foresee(engine, record);
		return;
	}
	unforesee(engine, record);
	if (record->due && plan.step != PLAN_STEP_VERIFY)
		queue_remove(engine->queue, record);
	engine_set(engine, record, &plan, now);
	if (plan.step == PLAN_STEP_VERIFY)
		wait_in_lane(engine, record, PURPOSE_VERIFY);
}

/* Looks at what is touched, and sends what is due. */
static void look_round(struct engine *engine, int64_t now)
{
	static const struct plan queued = {.state = PLAN_STATE_PENDING,
					   .at = -1,
					   .why = "another request of this account is under way"};
	struct record *const *taken;
	size_t n;

	give_up_stale(engine, now);
	taken = records_take(engine->records, &n);
	for (size_t i = 0; i < n; i++) {
		look(engine, taken[i], now);
		news_look(engine->news, taken[i], sources_of(engine->sources, taken[i]->cfg), now);
		records_arm(engine->records, taken[i]);
	}
	write_ahead(engine);
	dispatch_due(engine, now);
	for (size_t i = 0; i < n; i++)
		if (taken[i]->due && taken[i]->purpose == PURPOSE_UPDATE)
			engine_set(engine, taken[i], &queued, now);
}

void engine_review(struct engine *engine, int64_t now)
{
	int64_t overdue = queue_due(engine->queue);

	if (overdue >= 0 && now >= overdue && engine->updater) {
		log_error("nlddns-updater hangs; ending it");
		updater_kill(engine->updater);
	}
	if (!engine->stopping)
		take_changes(engine, now);
	records_touch_due(engine->records, now);
	for (int i = 0; i < ROUNDS_MAX && engine->records->n_touched > 0; i++)
		look_round(engine, now);
	records_tidy(engine->records);
}

static void lose(struct engine *engine, struct queue_job *job, int64_t now)
{
	trace_request(engine->trace, job, "lost with nlddns-updater", now);
	for (size_t i = 0; i < job->n; i++) {
		record_lost(job->records[i], now);
		records_keep_whys(engine->records, job->records[i]);
		records_touch(engine->records, job->records[i]);
	}
	queue_end(engine->queue, job);
}

void engine_result(struct engine *engine, uint32_t id, const struct outcome *outcomes, size_t n,
		   int64_t now)
{
	struct queue_job *job = queue_find(engine->queue, id);

	if (job && n == job->n)
		dispatch_answer(engine, job, outcomes, now);
	else if (job)
		lose(engine, job, now);
}

void engine_lost(struct engine *engine, int64_t now)
{
	struct queue_job *job = queue_any(engine->queue);
	size_t n = 0;

	if (job)
		updater_blame(engine->updater, now);
	for (; job; job = queue_any(engine->queue), n++)
		lose(engine, job, now);
	if (n > 0)
		log_warn("nlddns-updater ended and owed %zu answers; asking again", n);
}

void engine_warm(struct engine *engine, int64_t now)
{
	if (engine->updater)
		updater_ensure(engine->updater, now);
}

size_t engine_new_way(struct engine *engine, const char *why)
{
	size_t n = 0;

	change_way(engine);
	for (size_t i = 0; i < engine->records->n; i++) {
		struct record *record = &engine->records->list[i];

		if (!record_new_way(record, why))
			continue;
		records_touch(engine->records, record);
		n++;
	}
	return n;
}

void engine_set_clock(struct engine *engine, int64_t now, int64_t wall)
{
	for (size_t i = 0; i < engine->records->n; i++) {
		history_set_clock(&engine->records->list[i].history, now, wall);
		records_touch(engine->records, &engine->records->list[i]);
	}
	/* What is on the disk may be by the clock as it was. */
	engine->unsaved = true;
}

void engine_rest(struct engine *engine)
{
	for (size_t i = 0; i < engine->records->n; i++)
		unforesee(engine, &engine->records->list[i]);
}

int64_t engine_due(const struct engine *engine, int64_t now)
{
	int64_t due = clock_sooner(sources_due(engine->sources), records_due(engine->records));

	due = clock_sooner(due, queue_due(engine->queue));
	if (engine->records->n_touched > 0)
		return now;
	return due < 0 || due > now ? due : now;
}
