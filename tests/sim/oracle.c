/* SPDX-License-Identifier: MIT */
#include "tests/sim/oracle.h"

#include <string.h>

#include "tests/sim/disk.h"
#include "tests/sim/facts.h"
#include "tests/sim/life.h"
#include "tests/sim/report.h"
#include "tests/sim/rules.h"
#include "tests/sim/sight.h"
#include "tests/sim/vtime.h"
#include "update/daemon/record.h"

/* What is to be saved is, at most so long after. */
#define SAVED_WITHIN (2 * SECOND)

/* What server says of VERDICT_NO_NETWORK. */
#define WHY_OFFLINE "verdict 2"

/* After a disk that was full has room again. */
#define SAVED_AGAIN_WITHIN (2 * MINUTE)

void oracle_reset(void)
{
	facts_reset();
	sight_reset();
	rules_begin();
}

void oracle_read(void)
{
	sight_read(life_scene());
}

void oracle_send(const struct courier_job *job, const struct job *wire)
{
	for (size_t i = 0; i < job->request.n && report_verbose(); i++)
		report_say("sent: %s = %s (job %u of %zu, purpose %d)",
			   scene_label(job->request.records[i]),
			   content_text(&job->request.contents[i]), job->id, job->request.n,
			   (int)job->request.purpose);
	rules_send(job, wire);
	facts_send(job);
}

static void count(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_DONE:
	case VERDICT_UNCHANGED:
		report_add(REPORT_CONFIRMED);
		break;
	case VERDICT_NO_NETWORK:
	case VERDICT_RETRY:
		report_add(REPORT_FAILED);
		break;
	case VERDICT_THROTTLED:
		report_add(REPORT_THROTTLED);
		break;
	case VERDICT_REFUSED_AUTH:
	case VERDICT_REFUSED_NAME:
	case VERDICT_REFUSED_ABUSE:
	case VERDICT_REFUSED_CONFIG:
		report_add(REPORT_REFUSED);
		break;
	}
}

void oracle_answer(const struct courier_job *job)
{
	for (size_t i = 0; i < job->request.n; i++) {
		count(job->reply.outcomes[i].verdict);
		report_say("answer: %s: %s, wait %lld s", scene_label(job->request.records[i]),
			   provider_verdict_name(job->reply.outcomes[i].verdict),
			   (long long)job->reply.outcomes[i].wait_ms / 1000);
	}
	facts_answer(job);
}

void oracle_abort(const struct courier_job *job)
{
	report_say("given up: job %u", job->id);
	report_add(REPORT_ABORTED);
	facts_abort(job);
}

void oracle_lose(const struct courier_job *job)
{
	report_say("lost: job %u", job->id);
	facts_lose(job);
}

void oracle_user(size_t name, bool retry)
{
	bool held = false;

	for (size_t i = 0; i < RECORD_TYPE_COUNT; i++)
		held |= scene_has(life_scene(), name * RECORD_TYPE_COUNT + i) &&
			facts_held(name * RECORD_TYPE_COUNT + i);
	for (size_t i = 0; i < RECORD_TYPE_COUNT; i++)
		if (scene_has(life_scene(), name * RECORD_TYPE_COUNT + i) && (retry || !held))
			facts_user(name * RECORD_TYPE_COUNT + i, retry);
}

void oracle_reload(void)
{
	facts_follow(life_scene());
	rules_begin();
	sight_begin();
	/* The last reading is looked at anew. */
	if (kernel_read_at() != NEVER)
		sight_read(life_scene());
}

void oracle_saved(void)
{
	facts_save();
}

void oracle_forget(void)
{
	facts_forget();
}

void oracle_remember_older(void)
{
	facts_remember_older();
}

void oracle_start(void)
{
	facts_start(life_scene());
	rules_begin();
	sight_begin();
}

void oracle_resolver(void)
{
	rules_begin();
}

void oracle_sleep(int64_t ms)
{
	sight_sleep(ms);
}

void oracle_killed(void)
{
	facts_kill();
}

void oracle_wall(void)
{
	facts_set_wall();
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* What it believes is what it has been told. */
static void check_belief(size_t record, const struct record *at)
{
	const struct fact *fact = facts_of(record);
	struct content confirmed;

	content_copy(at->history.confirmed.list, at->history.confirmed.n, &confirmed);
	if (at->history.known && !fact->known)
		report_broken("%s: %s counts as confirmed, and no provider has said so",
			      scene_label(record), content_text(&confirmed));
	else if (at->history.known && !content_equal(&confirmed, &fact->confirmed))
		report_broken("%s: %s counts as confirmed, but that is %s", scene_label(record),
			      content_text(&confirmed), content_text(&fact->confirmed));
	else if (fact->known && !fact->doubtful && !at->history.known)
		report_broken("%s: forgot that %s is confirmed", scene_label(record),
			      content_text(&fact->confirmed));
	/* Nothing is looked at before the kernel has been read. */
	if (facts_held(record) != (at->state == PLAN_STATE_HELD) &&
	    kernel_read_at() >= rules_begun_at())
		report_broken("%s: is %s, and %s held", scene_label(record),
			      plan_state_name(at->state),
			      facts_held(record) ? "shall be" : "must not be");
}

static void check_flight(size_t record, const struct record *at)
{
	const struct courier_job *job = courier_with(record);

	if (job && job->request.purpose == PURPOSE_VERIFY)
		return;
	if ((job != NULL) != (at->state == PLAN_STATE_SENDING))
		report_broken("%s: is %s, and %s under way", scene_label(record),
			      plan_state_name(at->state), job ? "a job is" : "nothing is");
	for (size_t i = 0; job && i < job->request.n; i++)
		if (job->request.records[i] == record && job->request.purpose == PURPOSE_UPDATE &&
		    !life_ending() && !rules_allow(record, &job->request.contents[i]))
			report_broken("%s: %s is still being sent, and is out of date",
				      scene_label(record), content_text(&job->request.contents[i]));
}

static void check_next(size_t record, const struct record *at)
{
	size_t account = scene_name(life_scene(), record)->account;
	int64_t refresh = scene_name(life_scene(), record)->refresh_ms;
	const struct fact *fact = facts_of(record);
	struct content wanted;

	if (at->state == PLAN_STATE_PENDING && at->next < 0 && life_due() < 0 &&
	    courier_count(account) == 0)
		report_broken("%s: is pending (%s), and nobody will look at it again",
			      scene_label(record), at->why);
	if (at->state == PLAN_STATE_SENDING && life_due() < 0)
		report_broken("%s: is being sent, and nobody watches over it", scene_label(record));
	if (facts_wall_is_true() && at->state == PLAN_STATE_CONFIRMED && refresh > 0 &&
	    at->next >= 0 && !life_ending() &&
	    vtime_of(at->next) > larger(fact->confirmed_at, fact->late_from) + refresh + 1 * MINUTE)
		report_broken("%s: is to be refreshed too late", scene_label(record));
	/* Another address is another way to the network. */
	content_copy(at->wanted.list, at->wanted.n, &wanted);
	if (at->state == PLAN_STATE_PENDING && fact->failed && strcmp(at->why, WHY_OFFLINE) == 0 &&
	    wanted.n > 0 && !life_ending() && !content_equal(&wanted, &fact->sent))
		report_broken("%s: %s waits for a network that failed another address",
			      scene_label(record), content_text(&wanted));
	if (at->next >= 0 && (life_due() < 0 || life_due() > vtime_of(at->next)))
		report_broken("%s: asks for a look that comes too late", scene_label(record));
}

static void check_saved(void)
{
	int64_t since = facts_unsaved_since(), now = vtime_now();

	if (since != NEVER && now > since + SAVED_WITHIN &&
	    now > disk_failed_at() + SAVED_AGAIN_WITHIN)
		report_broken("answers of %lld s ago are not saved yet",
			      (long long)(now - since) / 1000);
}

void oracle_turn(void)
{
	for (size_t i = 0; i < SCENE_RECORDS; i++) {
		const struct record *at = life_record(i);

		if (scene_has(life_scene(), i) != (at != NULL))
			report_broken("%s: is %s", scene_label(i), at ? "left over" : "left out");
		if (!at)
			continue;
		check_belief(i, at);
		check_flight(i, at);
		check_next(i, at);
	}
	check_saved();
}

/* Until when a failure may bind it. */
static int64_t bound_until(size_t record)
{
	const struct fact *fact = facts_of(record);
	int64_t from = larger(fact->ended_at, fact->late_from), wait;

	if (!fact->failed)
		return NEVER;
	wait = larger(fact->asked_ms,
		      larger(scene_name(life_scene(), record)->min_interval_ms, 1 * HOUR));
	/* It is stretched by a sixteenth at most. */
	return from + wait + wait / 16;
}

/* Until when a record may have to wait for what its provider said. */
static int64_t free_at(size_t record)
{
	const struct fact *fact = facts_of(record);
	const struct scene_name *name = scene_name(life_scene(), record);
	const struct courier_job *job = courier_with(record);
	int64_t at = larger(fact->floor_from, fact->late_from) + name->min_interval_ms;

	at = larger(larger(at, vtime_now()), facts_throttled_late(name->account));
	at = larger(at, bound_until(record));
	for (size_t i = 0; job && i < job->request.n; i++)
		at = larger(at, vtime_now() + 65 * SECOND + job->reply.outcomes[i].wait_ms);
	return at;
}

int64_t oracle_patience(void)
{
	int64_t patience = 0;

	for (size_t i = 0; i < SCENE_RECORDS; i++)
		if (scene_has(life_scene(), i))
			patience = larger(patience, free_at(i) - vtime_now());
	/* A cooldown is stretched by a sixteenth; the rest: respawn, hold-down, failback, turns. */
	return patience + patience / 16 + 70 * MINUTE;
}

static bool is_well(size_t record, const struct expect_set *best, const struct content *holds)
{
	bool all = scene_source(life_scene(), record)->all &&
		   scene_provider(life_scene(), record)->caps & PROVIDER_MANY_ADDRS;
	size_t n = all ? best->n : 1;

	for (size_t i = 0; i < holds->n; i++)
		if (!expect_has(best, &holds->list[i]))
			return false;
	return holds->n == (n < CONTENT_MAX ? n : CONTENT_MAX);
}

static void check_end(size_t record)
{
	struct expect_question q = rules_question(record, true);
	size_t account = scene_name(life_scene(), record)->account;
	const struct content *holds = server_holds(account, record);
	const struct record *at = life_record(record);
	struct content should;
	struct expect_set best;

	expect_best(&q, &best);
	if (facts_held(record) || facts_of(record)->misled || server_meddled(account, record) ||
	    best.n == 0 || !at)
		return;
	content_copy(best.list, best.n < CONTENT_MAX ? best.n : CONTENT_MAX, &should);
	if (!is_well(record, &best, holds))
		report_broken(
			"%s: all is quiet, its provider holds %s, and %s is right; it is %s: %s",
			scene_label(record), content_text(holds), content_text(&should),
			plan_state_name(at->state), at->why);
	else
		report_add(REPORT_CONVERGED);
}

void oracle_quiet(void)
{
	for (size_t i = 0; i < SCENE_RECORDS; i++)
		if (scene_has(life_scene(), i))
			check_end(i);
}

void oracle_settled(void)
{
	for (size_t i = 0; i < SCENE_RECORDS; i++) {
		struct expect_question q;
		struct expect_set best;
		const struct fact *fact = facts_of(i);
		int64_t refresh;

		if (!scene_has(life_scene(), i) || facts_held(i))
			continue;
		q = rules_question(i, true);
		expect_best(&q, &best);
		refresh = scene_name(life_scene(), i)->refresh_ms;
		if (best.n > 0 && refresh > 0 && refresh <= 24 * HOUR &&
		    vtime_now() >
			    larger(fact->confirmed_at, fact->late_from) + refresh + 10 * MINUTE)
			report_broken("%s: has not been refreshed for %lld s", scene_label(i),
				      (long long)(vtime_now() - fact->confirmed_at) / 1000);
	}
	oracle_quiet();
}
