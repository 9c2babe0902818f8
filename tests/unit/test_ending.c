/* SPDX-License-Identifier: MIT */
#include "update/daemon/ending.c"

#include "tests/unit/stage.h"

static size_t n_addrs(const struct stage *stage, size_t i)
{
	return record_of(stage, i)->attempt.addrs.n;
}

/* Both confirmed, the first to be deleted. */
static struct stage *stage_to_end(void)
{
	struct stage *stage = stage_new(remote());

	stage->records[0].on_stop = CFG_STOP_DELETE;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	answer(stage, 0, VERDICT_DONE, 60);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	return stage;
}

static void what_is_to_go_is_deleted_once(void **state)
{
	struct stage *stage = stage_to_end();

	(void)state;
	assert_true(ending_begin(stage->engine, 100));
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_CONFIRMED);
	assert_int_equal(n_addrs(stage, 0), 0);
	assert_true(ending_busy(stage->engine, 5100));
	/* The kernel has no say any more. */
	dial(stage, 6, 110);
	settle(stage, 160);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_CONFIRMED);
	answer(stage, 0, VERDICT_DONE, 200);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	assert_int_equal(record_of(stage, 0)->history.confirmed.n, 0);
	assert_false(ending_busy(stage->engine, 5100));
	stage_free(stage);
}

static void the_next_start_publishes_it_anew(void **state)
{
	struct stage *stage = stage_to_end(), *next = stage_new(remote());

	(void)state;
	assert_true(ending_begin(stage->engine, 100));
	answer(stage, 0, VERDICT_DONE, 200);
	restart(stage, next);
	dial(next, 5, 300);
	settle(next, 350);
	expect(next, PLAN_STATE_SENDING, PLAN_STATE_CONFIRMED);
	assert_int_equal(n_addrs(next, 0), 1);
	stage_free(stage);
	stage_free(next);
}

/* The same when nobody heard the answer. */
static void a_deletion_without_answer_is_not_forgotten(void **state)
{
	struct stage *stage = stage_to_end(), *next = stage_new(remote());

	(void)state;
	assert_true(ending_begin(stage->engine, 100));
	restart(stage, next);
	dial(next, 5, 300);
	settle(next, 350);
	expect(next, PLAN_STATE_SENDING, PLAN_STATE_CONFIRMED);
	stage_free(stage);
	stage_free(next);
}

static void any_answer_ends_the_wait(void **state)
{
	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++) {
		enum verdict verdict = (enum verdict)v;
		struct stage *stage = stage_to_end();

		assert_true(ending_begin(stage->engine, 100));
		answer(stage, 0, verdict, 200);
		assert_int_equal(record_of(stage, 0)->job, 0);
		/* But what the network failed may be tried again in time. */
		assert_int_equal(ending_busy(stage->engine, 5100), verdict == VERDICT_NO_NETWORK);
		stage_free(stage);
	}
}

static void what_is_under_way_is_given_up(void **state)
{
	struct stage *stage = stage_to_end();

	(void)state;
	dial(stage, 6, 100);
	settle(stage, 150);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	assert_true(ending_begin(stage->engine, 200));
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_PENDING);
	assert_int_equal(n_addrs(stage, 0), 0);
	stage_free(stage);
}

static void there_may_be_nothing_to_do(void **state)
{
	struct stage *stage = stage_to_end();

	(void)state;
	stage->records[0].on_stop = CFG_STOP_KEEP;
	assert_false(ending_begin(stage->engine, 100));
	stage->records[0].on_stop = CFG_STOP_DELETE;
	record_of(stage, 0)->history.verdict = VERDICT_REFUSED_AUTH;
	assert_false(ending_begin(stage->engine, 100));
	assert_false(stage->engine->stopping);
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_to_go_is_deleted_once),
		cmocka_unit_test(the_next_start_publishes_it_anew),
		cmocka_unit_test(a_deletion_without_answer_is_not_forgotten),
		cmocka_unit_test(any_answer_ends_the_wait),
		cmocka_unit_test(what_is_under_way_is_given_up),
		cmocka_unit_test(there_may_be_nothing_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
