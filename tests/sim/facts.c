/* SPDX-License-Identifier: MIT */
#include "tests/sim/facts.h"

#include <string.h>

#include "tests/sim/disk.h"
#include "tests/sim/kernel.h"
#include "tests/sim/life.h"
#include "tests/sim/report.h"
#include "tests/sim/rules.h"
#include "tests/sim/vtime.h"

#define ASKED_MOST (7 * 24 * HOUR)

/* Refusals of credentials that hold an account. */
#define DENIED_MOST 3

/* A save, with the wall clock of its moment. */
struct saved {
	struct fact list[SCENE_RECORDS];
	int64_t wall_offset;
	int64_t at;
	bool rolled_back; /* there was a later one */
	bool odd;         /* it was not set yet when one of the moments was */
};

static struct {
	struct fact list[SCENE_RECORDS];
	struct {
		uint64_t identity;
		bool proven, barred;
	} accounts[SCENE_ACCOUNTS];
	int64_t throttled_until[SCENE_ACCOUNTS];
	int64_t late_until[SCENE_ACCOUNTS]; /* by a wall clock that was wrong, and stretched */
	struct saved saved, older;
	int64_t unsaved_since;
	bool wall_is_true; /* and always was */
} f;

static void forget(struct fact *fact)
{
	memset(fact, 0, sizeof(*fact));
	fact->confirmed_at = fact->confirmed_wall = NEVER;
	fact->look_at = fact->floor_from = fact->begun_at = fact->ended_at = fact->sent_at =
		fact->late_from = NEVER;
	for (size_t i = 0; i < 8; i++)
		fact->changes[i] = NEVER;
}

void facts_reset(void)
{
	memset(&f, 0, sizeof(f));
	for (size_t i = 0; i < SCENE_RECORDS; i++)
		forget(&f.list[i]);
	for (size_t i = 0; i < SCENE_ACCOUNTS; i++)
		f.throttled_until[i] = f.late_until[i] = NEVER;
	f.unsaved_since = NEVER;
	f.wall_is_true = true;
	facts_forget();
	f.older = f.saved;
}

struct fact *facts_of(size_t record)
{
	return &f.list[record];
}

int64_t facts_throttled(size_t account)
{
	return f.throttled_until[account];
}

int64_t facts_throttled_late(size_t account)
{
	return f.late_until[account];
}

int64_t facts_unsaved_since(void)
{
	return f.unsaved_since;
}

static bool is_refusal(enum verdict verdict)
{
	return verdict == VERDICT_REFUSED_AUTH || verdict == VERDICT_REFUSED_NAME ||
	       verdict == VERDICT_REFUSED_ABUSE || verdict == VERDICT_REFUSED_CONFIG;
}

static size_t count_denied(size_t account)
{
	size_t n = 0;

	for (size_t i = 0; i < SCENE_RECORDS; i++) {
		const struct fact *fact = &f.list[i];

		n += fact->present && fact->held && fact->verdict != VERDICT_REFUSED_NAME &&
		     fact->verdict != VERDICT_REFUSED_CONFIG &&
		     scene_name(life_scene(), i)->account == account;
	}
	return n;
}

static void judge_account(size_t account)
{
	for (size_t i = 0; i < SCENE_RECORDS; i++)
		if (f.list[i].present && scene_name(life_scene(), i)->account == account)
			f.accounts[account].proven |= f.list[i].known;
	if (count_denied(account) >= DENIED_MOST && !f.accounts[account].barred &&
	    !f.accounts[account].proven) {
		f.accounts[account].barred = true;
		report_add(REPORT_BARRED);
	}
	if (f.accounts[account].proven)
		f.accounts[account].barred = false;
}

bool facts_barred(size_t record)
{
	return f.accounts[scene_name(life_scene(), record)->account].barred &&
	       !f.list[record].retried;
}

bool facts_held(size_t record)
{
	return f.list[record].held || (facts_barred(record) && !courier_with(record));
}

size_t facts_most_jobs(size_t account)
{
	size_t denied = count_denied(account);

	if (f.accounts[account].proven)
		return COURIER_JOBS;
	return denied + 1 < DENIED_MOST && !f.accounts[account].barred ? DENIED_MOST - denied : 1;
}

static int64_t doubled(int64_t wait, unsigned in_row, int64_t most)
{
	while (in_row-- > 1 && wait < most)
		wait *= 2;
	return wait < most ? wait : most;
}

int64_t facts_backoff(const struct fact *fact)
{
	if (fact->verdict == VERDICT_NO_NETWORK)
		return doubled(1 * SECOND, fact->in_row, 30 * SECOND);
	return doubled(30 * SECOND, fact->in_row, 1 * HOUR);
}

int64_t facts_cooldown(const struct fact *fact, int64_t min_interval_ms)
{
	if (fact->asked_ms > 0)
		return fact->asked_ms;
	return min_interval_ms > 1 * MINUTE ? min_interval_ms : 1 * MINUTE;
}

static void throttle(const struct scene *scene, size_t record, int64_t ended_at)
{
	const struct scene_name *name = scene_name(scene, record);
	const struct fact *fact = &f.list[record];
	int64_t wait = facts_cooldown(fact, name->min_interval_ms), until = ended_at + wait;
	int64_t late = ended_at > fact->late_from ? ended_at : fact->late_from;

	if (!fact->throttled)
		return;
	if (until > f.throttled_until[name->account])
		f.throttled_until[name->account] = until;
	late += (wait > 1 * HOUR ? wait : 1 * HOUR) * 17 / 16;
	if (late > f.late_until[name->account])
		f.late_until[name->account] = late;
}

void facts_send(const struct courier_job *job)
{
	if (job->request.purpose == PURPOSE_VERIFY)
		return;
	for (size_t i = 0; i < job->request.n; i++) {
		struct fact *fact = &f.list[job->request.records[i]];
		bool same = content_equal(&fact->sent, &job->request.contents[i]);

		/* Another address is another way, however late its event came. */
		if (!same && fact->verdict == VERDICT_NO_NETWORK)
			fact->in_row = 0;
		if (!same && !fact->forced) {
			memmove(&fact->changes[1], &fact->changes[0], 7 * sizeof(int64_t));
			fact->changes[0] = vtime_now();
		}
		fact->sent = job->request.contents[i];
		fact->sent_at = vtime_now();
		fact->forced = false;
	}
}

static void succeed(struct fact *fact, const struct content *content)
{
	fact->known = true;
	fact->confirmed = *content;
	fact->confirmed_at = vtime_now();
	fact->confirmed_wall = NEVER;
	fact->doubtful = false;
	fact->others = 0;
	fact->misled = false;
}

static void doubt(struct fact *fact, const struct content *content)
{
	if (!content_equal(&fact->confirmed, content))
		fact->doubtful = true;
}

bool facts_new_way(size_t record, int64_t since)
{
	const struct scene_source *source = scene_source(life_scene(), record);
	int64_t calm = since - source->failback_ms - source->settle_max_ms - 2 * MINUTE;

	return kernel_changed_at() >= calm || rules_begun_at() >= calm;
}

/* For how long a throttled look may keep the account waiting. */
static void throttle_look(const struct scene *scene, size_t record)
{
	const struct fact *fact = &f.list[record];
	size_t account = scene_name(scene, record)->account;
	int64_t late = fact->look_at > fact->late_from ? fact->look_at : fact->late_from;

	if (fact->look_at == NEVER)
		return;
	late += (fact->look_wait_ms > 24 * HOUR ? fact->look_wait_ms : 24 * HOUR) * 17 / 16;
	if (late > f.late_until[account])
		f.late_until[account] = late;
}

static int64_t asked(const struct outcome *outcome)
{
	return outcome->wait_ms < ASKED_MOST ? outcome->wait_ms : ASKED_MOST;
}

/* A look changes nothing but what is believed. */
static void look(size_t record, const struct courier_job *job, size_t i)
{
	const struct outcome *outcome = &job->reply.outcomes[i];
	const struct scene_name *name = scene_name(life_scene(), record);
	struct fact *fact = &f.list[record];
	int64_t until = vtime_now() + asked(outcome);

	if (outcome->verdict == VERDICT_DONE || outcome->verdict == VERDICT_UNCHANGED)
		fact->others = outcome->truth == TRUTH_OTHER ? fact->others + 1 : 0;
	if (fact->others == 2)
		report_add(REPORT_FOUND);
	if (fact->others >= 2)
		fact->doubtful = true;
	if (outcome->verdict == VERDICT_THROTTLED && until > f.throttled_until[name->account])
		f.throttled_until[name->account] = until;
	fact->look_at = outcome->verdict == VERDICT_THROTTLED ? vtime_now() : NEVER;
	fact->look_wait_ms = asked(outcome);
	throttle_look(life_scene(), record);
}

static void answer(size_t record, const struct courier_job *job, size_t i)
{
	struct fact *fact = &f.list[record];
	const struct outcome *outcome = &job->reply.outcomes[i];
	const struct content *content = &job->request.contents[i];
	bool well = outcome->verdict == VERDICT_DONE || outcome->verdict == VERDICT_UNCHANGED;

	fact->in_row = fact->verdict == outcome->verdict ? fact->in_row + 1 : 1;
	if (outcome->verdict == VERDICT_NO_NETWORK && facts_new_way(record, fact->begun_at))
		fact->in_row = 1;
	fact->verdict = outcome->verdict;
	fact->begun_at = job->sent_at;
	fact->ended_at = vtime_now();
	fact->asked_ms = asked(outcome);
	fact->aborted = 0;
	fact->held = is_refusal(outcome->verdict);
	fact->throttled = outcome->verdict == VERDICT_THROTTLED;
	fact->failed = !well && !fact->held;
	fact->retried &= fact->failed;
	if (outcome->verdict != VERDICT_NO_NETWORK)
		fact->floor_from = job->sent_at;
	if (well)
		succeed(fact, content);
	else if (outcome->verdict == VERDICT_NO_NETWORK || outcome->verdict == VERDICT_RETRY)
		doubt(fact, content);
}

void facts_answer(const struct courier_job *job)
{
	for (size_t i = 0; i < job->request.n; i++) {
		size_t record = job->request.records[i];

		if (job->request.purpose == PURPOSE_VERIFY) {
			look(record, job, i);
			continue;
		}
		answer(record, job, i);
		throttle(life_scene(), record, vtime_now());
	}
	if (job->request.purpose == PURPOSE_UPDATE)
		judge_account(job->request.account);
	if (f.unsaved_since == NEVER)
		f.unsaved_since = vtime_now();
}

void facts_abort(const struct courier_job *job)
{
	if (job->request.purpose == PURPOSE_VERIFY)
		return;
	for (size_t i = 0; i < job->request.n; i++) {
		struct fact *fact = &f.list[job->request.records[i]];

		/* The first in a row is free. */
		if (fact->aborted++ > 0)
			fact->floor_from = job->sent_at;
		doubt(fact, &job->request.contents[i]);
	}
}

void facts_lose(const struct courier_job *job)
{
	if (job->request.purpose == PURPOSE_VERIFY)
		return;
	for (size_t i = 0; i < job->request.n; i++) {
		struct fact *fact = &f.list[job->request.records[i]];

		doubt(fact, &job->request.contents[i]);
		/* From the second time on it counts as a failure. */
		fact->failed = false;
		fact->in_row = 0;
		fact->aborted = 0;
	}
}

void facts_user(size_t record, bool retry)
{
	struct fact *fact = &f.list[record];

	fact->forced = true;
	fact->aborted = 0;
	if (retry)
		fact->held = false;
	fact->retried |= retry;
	if (fact->throttled || (!retry && fact->asked_ms > 0))
		return;
	fact->failed = false;
	fact->in_row = 0;
}

/* Another secret, another chance. */
static void follow_account(const struct scene *scene, size_t account)
{
	uint64_t identity = account < scene->n_accounts ? scene->accounts[account].secret + 1u : 0;

	if (identity != f.accounts[account].identity)
		f.accounts[account].proven = f.accounts[account].barred = false;
	f.accounts[account].identity = identity;
}

void facts_follow(const struct scene *scene)
{
	for (size_t i = 0; i < SCENE_ACCOUNTS; i++)
		follow_account(scene, i);
	for (size_t i = 0; i < SCENE_RECORDS; i++) {
		struct fact *fact = &f.list[i];
		bool present = scene_has(scene, i);
		uint64_t identity = present ? scene_identity(scene, i) : 0;

		if (present != fact->present || identity != fact->identity)
			forget(fact);
		fact->present = present;
		fact->identity = identity;
	}
}

void facts_save(void)
{
	f.older = f.saved;
	memcpy(f.saved.list, f.list, sizeof(f.list));
	f.saved.wall_offset = vtime_wall_offset();
	f.saved.at = vtime_now();
	f.saved.rolled_back = false;
	f.saved.odd = f.saved.wall_offset < VTIME_SANE;
	f.unsaved_since = NEVER;
}

void facts_forget(void)
{
	for (size_t i = 0; i < SCENE_RECORDS; i++)
		forget(&f.saved.list[i]);
}

void facts_remember_older(void)
{
	for (size_t i = 0; i < SCENE_RECORDS; i++)
		f.older.list[i].misled |=
			f.saved.list[i].misled || f.saved.list[i].sent_at > f.older.list[i].sent_at;
	f.saved = f.older;
	f.saved.rolled_back = true;
	/* It may have been written just before something was sent. */
	facts_kill();
}

/* By a wall clock that has been set since, it may have been longer ago. */
static void shift(int64_t *moment, int64_t by)
{
	if (*moment != NEVER && by > 0)
		*moment -= by;
}

/* What is saved or read by it cannot be told from what has not been. */
static bool is_wall_odd(void)
{
	return vtime_now() + vtime_wall_offset() < VTIME_SANE || f.saved.odd;
}

static void restart(struct fact *fact, struct fact *saved, int64_t jump)
{
	/* What it was about to be told, it is not. */
	bool unsaved = disk_failed_at() >= f.saved.at;
	bool doubtful = saved->doubtful || unsaved || fact->sent_at > saved->sent_at ||
			!content_equal(&saved->sent, &saved->confirmed);

	bool misled = fact->sent_at > saved->sent_at && (f.saved.rolled_back || unsaved);

	saved->doubtful = doubtful;
	saved->misled |= misled;
	*fact = *saved;
	fact->forced = fact->retried = false;
	if (jump < 0 || is_wall_odd() || fact->confirmed_wall > vtime_now() + vtime_wall_offset())
		fact->late_from = vtime_now();
	if (jump < 0 && fact->known && fact->confirmed_wall == NEVER)
		fact->confirmed_wall = fact->confirmed_at + f.saved.wall_offset;
	shift(&fact->confirmed_at, jump);
	shift(&fact->floor_from, jump);
	shift(&fact->ended_at, jump);
	for (size_t i = 0; i < 8; i++)
		fact->changes[i] = NEVER;
}

void facts_kill(void)
{
	for (size_t i = 0; i < SCENE_RECORDS; i++)
		f.saved.list[i].doubtful = true;
}

void facts_set_wall(void)
{
	int64_t wall = vtime_now() + vtime_wall_offset();

	f.wall_is_true = false;
	/* A wall clock that is wrong may cost a refresh. */
	for (size_t i = 0; i < SCENE_RECORDS; i++) {
		struct fact *fact = &f.list[i];

		if (fact->confirmed_wall == NEVER || wall < fact->confirmed_wall)
			continue;
		fact->confirmed_wall = NEVER;
		fact->confirmed_at = NEVER;
		fact->late_from = vtime_now();
	}
}

bool facts_wall_is_true(void)
{
	return f.wall_is_true;
}

void facts_start(const struct scene *scene)
{
	int64_t jump = vtime_wall_offset() - f.saved.wall_offset;

	for (size_t i = 0; i < SCENE_ACCOUNTS; i++)
		f.throttled_until[i] = f.late_until[i] = NEVER;
	memset(f.accounts, 0, sizeof(f.accounts));
	for (size_t i = 0; i < SCENE_RECORDS; i++)
		restart(&f.list[i], &f.saved.list[i], jump);
	facts_follow(scene);
	for (size_t i = 0; i < SCENE_RECORDS; i++)
		if (scene_has(scene, i)) {
			throttle(scene, i, f.list[i].ended_at);
			throttle_look(scene, i);
		}
	for (size_t i = 0; i < SCENE_ACCOUNTS; i++)
		judge_account(i);
	f.unsaved_since = NEVER;
}
