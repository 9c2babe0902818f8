/* SPDX-License-Identifier: MIT */
/* What the engine makes of `verify = slow`. */
#include "update/daemon/engine.c"

#include "tests/unit/stage.h"

#define HOUR INT64_C(3600000)

static enum step never(const struct job *job, void *state, const struct reply *reply,
		       struct request *request, struct outcome *outcomes)
{
	(void)job;
	(void)state;
	(void)reply;
	(void)request;
	(void)outcomes;
	fail();
	return STEP_END;
}

/* One name a job, one job at a time. */
static const struct provider readable = {
	.name = "readable", .caps = PROVIDER_CAN_READ, .limits = {.parallel = 1}, .step = never};

/* Both names confirmed at 100, the second by an account of its own; returns when to look. */
static struct stage *confirmed_stage_new(int64_t *ret_due)
{
	struct stage *stage = stage_new(&readable);

	stage->records[0].verify = CFG_VERIFY_SLOW;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	answer(stage, 0, VERDICT_DONE, 90);
	answer(stage, 1, VERDICT_DONE, 100);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	*ret_due = engine_due(stage->engine, 100);
	assert_in_range(*ret_due, 4 * HOUR, 7 * HOUR);
	return stage;
}

static const struct queue_job *job_of(const struct stage *stage, size_t i)
{
	return queue_find(stage->engine->queue, record_of(stage, i)->job);
}

static void tell(struct stage *stage, enum verdict verdict, enum truth truth, int64_t now)
{
	struct outcome outcome = {.verdict = verdict, .truth = truth, .why = "seen"};

	assert_non_null(job_of(stage, 0));
	assert_int_equal(job_of(stage, 0)->purpose, PURPOSE_VERIFY);
	engine_result(stage->engine, record_of(stage, 0)->job, &outcome, 1, now);
	engine_review(stage->engine, now);
}

static void a_look_leaves_the_record_confirmed(void **state)
{
	int64_t due, next;
	struct stage *stage = confirmed_stage_new(&due);

	(void)state;
	engine_review(stage->engine, due - 1);
	assert_null(job_of(stage, 0));
	engine_review(stage->engine, due);
	assert_int_equal(job_of(stage, 0)->purpose, PURPOSE_VERIFY);
	assert_null(job_of(stage, 1));
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	stage->engine->unsaved = false;
	tell(stage, VERDICT_DONE, TRUTH_SAME, due + 50);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	assert_null(job_of(stage, 0));
	assert_true(stage->engine->unsaved);
	next = engine_due(stage->engine, due + 50);
	assert_in_range(next - due, 4 * HOUR, 7 * HOUR);
	stage_free(stage);
}

static void what_persists_is_sent_again(void **state)
{
	int64_t due;
	struct stage *stage = confirmed_stage_new(&due);

	(void)state;
	engine_review(stage->engine, due);
	tell(stage, VERDICT_DONE, TRUTH_OTHER, due);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	assert_int_equal(engine_due(stage->engine, due), due + 300000);
	due += 300000;
	engine_review(stage->engine, due);
	tell(stage, VERDICT_DONE, TRUTH_OTHER, due);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_CONFIRMED);
	assert_string_equal(record_of(stage, 0)->why, "the zone holds something else");
	assert_int_equal(job_of(stage, 0)->purpose, PURPOSE_UPDATE);
	answer(stage, 0, VERDICT_DONE, due + 50);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	assert_int_equal(record_of(stage, 0)->history.verify.others, 0);
	stage_free(stage);
}

static void failing_to_look_delays_no_update(void **state)
{
	int64_t due;
	struct stage *stage = confirmed_stage_new(&due);

	(void)state;
	engine_review(stage->engine, due);
	tell(stage, VERDICT_REFUSED_AUTH, TRUTH_UNKNOWN, due);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	assert_int_equal(record_of(stage, 0)->history.failures, 0);
	assert_in_range(engine_due(stage->engine, due) - due, 900000, 960000);
	dial(stage, 6, due + 10);
	settle(stage, due + 60);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_PENDING);
	stage_free(stage);
}

static void a_throttled_look_throttles_the_account(void **state)
{
	struct outcome outcome = {.verdict = VERDICT_THROTTLED, .wait_ms = HOUR, .why = "429"};
	int64_t due;
	struct stage *stage = confirmed_stage_new(&due), *next = stage_new(&readable);

	(void)state;
	engine_review(stage->engine, due);
	engine_result(stage->engine, record_of(stage, 0)->job, &outcome, 1, due);
	dial(stage, 6, due + 10);
	settle(stage, due + 60);
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	assert_true(record_of(stage, 1)->next >= due + HOUR);
	restart(stage, next);
	assert_true(queue_throttled(next->engine->queue, 0, due + 100) >= due + HOUR);
	stage_free(stage);
	stage_free(next);
}

static void a_new_address_ends_the_look(void **state)
{
	struct outcome late = {.verdict = VERDICT_DONE, .truth = TRUTH_OTHER, .why = "late"};
	int64_t due;
	struct stage *stage = confirmed_stage_new(&due);
	uint32_t job;

	(void)state;
	engine_review(stage->engine, due);
	job = record_of(stage, 0)->job;
	dial(stage, 6, due + 10);
	assert_int_equal(record_of(stage, 0)->job, 0);
	assert_int_equal(record_of(stage, 0)->history.aborted, 0);
	engine_result(stage->engine, job, &late, 1, due + 20);
	assert_int_equal(record_of(stage, 0)->history.verify.others, 0);
	settle(stage, due + 60);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_PENDING);
	stage_free(stage);
}

static void an_update_of_the_account_goes_first(void **state)
{
	int64_t due;
	struct stage *stage = confirmed_stage_new(&due);

	(void)state;
	engine_review(stage->engine, due);
	assert_int_equal(job_of(stage, 0)->purpose, PURPOSE_VERIFY);
	record_of(stage, 1)->forced = true;
	records_touch(stage->engine->records, record_of(stage, 1));
	engine_review(stage->engine, due + 10);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_SENDING);
	assert_null(job_of(stage, 0));
	answer(stage, 1, VERDICT_DONE, due + 50);
	assert_int_equal(job_of(stage, 0)->purpose, PURPOSE_VERIFY);
	stage_free(stage);
}

static void a_look_lost_with_the_updater_waits(void **state)
{
	int64_t due;
	struct stage *stage = confirmed_stage_new(&due);

	(void)state;
	engine_review(stage->engine, due);
	engine_lost(stage->engine, due + 10);
	engine_review(stage->engine, due + 10);
	assert_null(job_of(stage, 0));
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	assert_true(engine_due(stage->engine, due + 10) >= due + 900000);
	assert_false(record_of(stage, 0)->lost_once);
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_look_leaves_the_record_confirmed),
		cmocka_unit_test(what_persists_is_sent_again),
		cmocka_unit_test(failing_to_look_delays_no_update),
		cmocka_unit_test(a_throttled_look_throttles_the_account),
		cmocka_unit_test(a_new_address_ends_the_look),
		cmocka_unit_test(an_update_of_the_account_goes_first),
		cmocka_unit_test(a_look_lost_with_the_updater_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
