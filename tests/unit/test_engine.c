/* SPDX-License-Identifier: MIT */
#include "update/daemon/engine.c"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/stage.h"

/* Something was done to the record that it is to be looked at for. */
static void touch(const struct stage *stage, size_t record)
{
	records_touch(stage->engine->records, record_of(stage, record));
}

static void local_jobs_are_done_in_the_same_review(void **state)
{
	struct stage *stage = stage_new(&local);

	(void)state;
	local_verdict = VERDICT_DONE;
	expect(stage, PLAN_STATE_WAITING, PLAN_STATE_WAITING);
	dial(stage, 5, 0);
	expect(stage, PLAN_STATE_WAITING, PLAN_STATE_WAITING);
	assert_int_equal(engine_due(stage->engine, 0), SETTLE_MS);
	settle(stage, SETTLE_MS);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	assert_true(stage->engine->unsaved);
	assert_int_equal(record_of(stage, 0)->reaction_ms, SETTLE_MS);
	assert_int_equal(engine_due(stage->engine, SETTLE_MS), -1);
	stage_free(stage);
}

static void local_failures_wait(void **state)
{
	struct stage *stage = stage_new(&local);

	(void)state;
	local_verdict = VERDICT_RETRY;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	assert_int_equal(record_of(stage, 0)->history.failures, 1);
	assert_true(engine_due(stage->engine, SETTLE_MS) > SETTLE_MS + 20000);
	stage_free(stage);
}

static void remote_jobs_are_answered_later(void **state)
{
	struct stage *stage = stage_new(remote());

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	assert_int_equal(record_of(stage, 0)->job, record_of(stage, 1)->job);
	assert_true(stage->engine->unsaved);
	answer(stage, 0, VERDICT_DONE, 70);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	assert_int_equal(confirmed_byte(stage, 1), 5);
	stage_free(stage);
}

static void a_throttled_record_throttles_its_account(void **state)
{
	struct stage *stage = stage_new(remote());
	struct outcome outcome = {.verdict = VERDICT_THROTTLED, .wait_ms = 600000, .why = "429"};

	(void)state;
	record_of(stage, 1)->history.answered = true;
	record_of(stage, 1)->history.verdict = VERDICT_REFUSED_NAME;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_HELD);
	engine_result(stage->engine, record_of(stage, 0)->job, &outcome, 1, 100);
	history_release(&record_of(stage, 1)->history);
	touch(stage, 1);
	engine_review(stage->engine, 100);
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	assert_true(record_of(stage, 1)->next >= 600100);
	stage_free(stage);
}

static void a_refused_record_is_held_until_released(void **state)
{
	struct stage *stage = stage_new(remote());

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	answer(stage, 0, VERDICT_REFUSED_AUTH, 60);
	expect(stage, PLAN_STATE_HELD, PLAN_STATE_HELD);
	dial(stage, 6, 1000);
	settle(stage, 1050);
	expect(stage, PLAN_STATE_HELD, PLAN_STATE_HELD);
	assert_int_equal(engine_due(stage->engine, 1050), -1);
	history_release(&record_of(stage, 0)->history);
	touch(stage, 0);
	engine_review(stage->engine, 100000);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_HELD);
	stage_free(stage);
}

static void a_reload_keeps_what_is_unchanged(void **state)
{
	struct stage *stage = stage_new(&local), *next = stage_new(&local);

	(void)state;
	local_verdict = VERDICT_DONE;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	next->records[1].fingerprint++;
	engine_adopt(next->engine, stage->engine);
	assert_int_equal(confirmed_byte(next, 0), 5);
	assert_int_equal(confirmed_byte(next, 1), 0);
	assert_string_equal(next->engine->sources->list[0].published.interface, "wan0");
	local_verdict = VERDICT_RETRY;
	dial(next, 5, 100);
	settle(next, 150);
	expect(next, PLAN_STATE_CONFIRMED, PLAN_STATE_PENDING);
	stage_free(stage);
	stage_free(next);
}

static size_t n_sent, n_published; /* requests; addresses in the last */

static enum step count(const struct job *job, void *state, const struct reply *reply,
		       struct request *request, struct outcome *outcomes)
{
	n_sent++;
	n_published = job->wanted[0].n_addrs;
	return perform_local(job, state, reply, request, outcomes);
}

static char previous[128]; /* of the last request, a blank behind each */

static enum step keep_previous(const struct job *job, void *state, const struct reply *reply,
			       struct request *request, struct outcome *outcomes)
{
	const struct wanted *wanted = &job->wanted[0];
	size_t len = 0;

	previous[0] = '\0';
	for (size_t i = 0; i < wanted->n_previous; i++)
		len += (size_t)snprintf(previous + len, sizeof(previous) - len, "%s ",
					wanted->previous[i]);
	return perform_local(job, state, reply, request, outcomes);
}

static const struct provider asking = {
	.name = "asking", .caps = PROVIDER_LOCAL, .step = keep_previous};

/* What was confirmed, and what an attempt without an answer may have left. */
static void a_provider_is_told_what_is_ours(void **state)
{
	static const enum verdict verdicts[] = {VERDICT_DONE, VERDICT_RETRY, VERDICT_DONE,
						VERDICT_DONE};
	static const char *const expected[] = {"", "203.0.113.5 ", "203.0.113.5 203.0.113.6 ",
					       "203.0.113.7 "};
	struct stage *stage = stage_new(&asking);

	(void)state;
	for (uint8_t i = 0; i < 4; i++) {
		int64_t now = i * INT64_C(7200000);

		local_verdict = verdicts[i];
		previous[0] = '?';
		dial(stage, (uint8_t)(5 + i), now);
		settle(stage, now + SETTLE_MS);
		assert_string_equal(previous, expected[i]);
	}
	stage_free(stage);
}

static const struct provider deleting = {
	.name = "deleting", .caps = PROVIDER_LOCAL | PROVIDER_CAN_DELETE, .step = count};

/* Of its two names only the first is to be deleted. */
static struct stage *deleting_stage_new(void)
{
	struct stage *stage = stage_new(&deleting);

	delete_on_loss(stage, 0, 1000);
	n_sent = 0;
	local_verdict = VERDICT_DONE;
	return stage;
}

static void a_reload_during_a_loss_deletes_once(void **state)
{
	struct stage *stage = deleting_stage_new(), *next = deleting_stage_new();

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	assert_int_equal(n_sent, 2);
	engine_adopt(next->engine, stage->engine);
	dial(next, 0, 100);
	expect(next, PLAN_STATE_WAITING, PLAN_STATE_WAITING);
	assert_int_equal(record_of(next, 0)->wanted.n, 0);
	assert_int_equal(engine_due(next->engine, 100), 1100);
	engine_review(next->engine, 1100);
	assert_int_equal(n_sent, 3);
	assert_int_equal(n_published, 0);
	for (int64_t now = 1100; now < 4100; now += 100)
		dial(next, 0, now);
	assert_int_equal(n_sent, 3);
	assert_int_equal(engine_due(next->engine, 4100), -1);
	stage_free(stage);
	stage_free(next);
}

/* The time counts while something shows that the machine is online, and begins anew after that. */
static void a_machine_cut_off_deletes_nothing(void **state)
{
	struct stage *stage = deleting_stage_new();
	int64_t now;

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	n_sent = 0;
	for (now = 100; now < 10000; now += 500) {
		/* lte0 comes and goes. */
		stage->snapshot.n_links = now / 500 % 2 ? 1 : 2;
		dial(stage, 0, now);
		engine_review(stage->engine, now);
	}
	stage->snapshot.n_links = 1;
	dial(stage, 0, now);
	assert_int_equal(engine_due(stage->engine, now), -1);
	assert_string_equal(record_of(stage, 0)->why,
			    "no address, and nothing shows that this machine is online: kept");
	assert_string_equal(record_of(stage, 1)->why, "wan0 has no IPv4 address");
	stage->snapshot.n_links = 2;
	dial(stage, 0, now);
	assert_int_equal(engine_due(stage->engine, now), now + 1000);
	assert_int_equal(n_sent, 0);
	engine_review(stage->engine, now + 1000);
	assert_int_equal(n_sent, 1);
	assert_int_equal(n_published, 0);
	assert_null(record_of(stage, 0)->bind);
	stage_free(stage);
}

/* Whatever a record came to want, and whoever asks. */
static void a_deletion_never_publishes(void **state)
{
	(void)state;
	for (uint8_t last = 0; last < 8; last++)
		for (int forced = 0; forced < 2; forced++) {
			struct stage *stage = deleting_stage_new();
			struct record *record = record_of(stage, 0);
			struct ipaddr addr = {AF_INET, {203, 0, 113, last}};

			dial(stage, 5, 0);
			settle(stage, SETTLE_MS);
			dial(stage, 0, 100);
			settle(stage, 150);
			record->wanted = (struct addrs){&addr, last > 0};
			record->forced = forced;
			touch(stage, 0);
			n_sent = 0;
			for (int64_t now = 150; now < 4000; now += 50)
				engine_review(stage->engine, now);
			assert_int_equal(n_sent, 1);
			assert_int_equal(n_published, 0);
			assert_true(record->history.known);
			assert_int_equal(record->history.confirmed.n, 0);
			stage_free(stage);
		}
}

static void a_throttle_outlives_retry_and_restart(void **state)
{
	struct stage *stage = stage_new(remote()), *next = stage_new(remote());
	struct stage *reloaded = stage_new(remote());
	struct outcome outcomes[2] = {
		{.verdict = VERDICT_THROTTLED, .wait_ms = 600000, .why = "429"},
		{.verdict = VERDICT_THROTTLED, .wait_ms = 600000, .why = "429"}};

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	engine_result(stage->engine, record_of(stage, 0)->job, outcomes, 2, 100);
	for (size_t i = 0; i < 2; i++) {
		history_release(&record_of(stage, i)->history);
		record_of(stage, i)->forced = true;
		touch(stage, i);
	}
	engine_review(stage->engine, 200);
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	assert_true(record_of(stage, 0)->next >= 600100);
	restart(stage, next);
	assert_true(queue_throttled(next->engine->queue, 0, 300) >= 600100);
	dial(next, 6, 300);
	settle(next, 350);
	expect(next, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	/* Of new records the account knows, too. */
	reloaded->records[0].fingerprint++;
	reloaded->records[1].fingerprint++;
	engine_adopt(reloaded->engine, stage->engine);
	dial(reloaded, 6, 300);
	settle(reloaded, 350);
	expect(reloaded, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	stage_free(stage);
	stage_free(next);
	stage_free(reloaded);
}

static void a_restart_sends_nothing_that_is_confirmed(void **state)
{
	struct stage *stage = stage_new(&local), *next = stage_new(&local);

	(void)state;
	local_verdict = VERDICT_DONE;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	restart(stage, next);
	local_verdict = VERDICT_RETRY;
	dial(next, 5, 100);
	settle(next, 150);
	expect(next, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	stage_free(stage);
	stage_free(next);
}

/* The address changes at each tenth of a second, and each change settles. */
static void what_changes_too_often_waits(void **state)
{
	struct stage *stage = stage_new(remote());
	int64_t now = 0;

	(void)state;
	stage->records[0].hold_down_ms = 5000;
	for (uint8_t last = 5; last < 8; last++, now += 100) {
		dial(stage, last, now);
		settle(stage, now + SETTLE_MS);
		expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
		answer(stage, 0, VERDICT_DONE, now + 60);
	}
	dial(stage, 8, now);
	settle(stage, now + SETTLE_MS);
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_SENDING);
	assert_string_equal(record_of(stage, 0)->why, "changes too often: waits 1 s");
	answer(stage, 1, VERDICT_DONE, now + 60);
	/* Back to what is confirmed, and again to what is not. */
	dial(stage, 7, now + 100);
	settle(stage, now + 100 + SETTLE_MS);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_SENDING);
	dial(stage, 9, now + 200);
	settle(stage, now + 200 + SETTLE_MS);
	answer(stage, 1, VERDICT_DONE, now + 260);
	assert_int_equal(record_of(stage, 0)->next, 250 + 1000);
	engine_review(stage->engine, 250 + 1000);
	answer(stage, 0, VERDICT_DONE, 1300);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	assert_int_equal(confirmed_byte(stage, 0), 9);
	stage_free(stage);
}

static void binds_where_the_source_names_a_link(void **state)
{
	static char other[] = "eth9";
	struct stage *stage = stage_new(remote());

	(void)state;
	stage->records[1].bind = CFG_BIND_LINK;
	stage->records[1].bind_link = other;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	assert_string_equal(record_of(stage, 0)->bind, "wan0");
	assert_string_equal(record_of(stage, 1)->bind, "eth9");
	stage->records[0].bind = CFG_BIND_NONE;
	touch(stage, 0);
	engine_review(stage->engine, 60);
	assert_null(record_of(stage, 0)->bind);
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_jobs_are_done_in_the_same_review),
		cmocka_unit_test(local_failures_wait),
		cmocka_unit_test(remote_jobs_are_answered_later),
		cmocka_unit_test(a_throttled_record_throttles_its_account),
		cmocka_unit_test(a_refused_record_is_held_until_released),
		cmocka_unit_test(a_reload_keeps_what_is_unchanged),
		cmocka_unit_test(a_provider_is_told_what_is_ours),
		cmocka_unit_test(a_reload_during_a_loss_deletes_once),
		cmocka_unit_test(a_machine_cut_off_deletes_nothing),
		cmocka_unit_test(a_deletion_never_publishes),
		cmocka_unit_test(a_throttle_outlives_retry_and_restart),
		cmocka_unit_test(a_restart_sends_nothing_that_is_confirmed),
		cmocka_unit_test(what_changes_too_often_waits),
		cmocka_unit_test(binds_where_the_source_names_a_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
