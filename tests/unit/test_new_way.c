/* SPDX-License-Identifier: MIT */
/* The way out is another one, though the kernel has said nothing of it. */
#include "update/daemon/engine.c"

#include <poll.h>

#include "tests/unit/stage.h"

/* Fails, or ends well, at once. */
static void fail_with(struct stage *stage, enum verdict verdict)
{
	local_verdict = verdict;
	dial(stage, 5, 0);
	sources_tick(stage->engine->sources, SETTLE_MS);
	engine_review(stage->engine, SETTLE_MS);
	local_verdict = VERDICT_DONE;
}

static void what_the_network_failed_is_sent_at_once(void **state)
{
	struct stage *stage = stage_new(&local);

	(void)state;
	fail_with(stage, VERDICT_NO_NETWORK);
	assert_true(engine_due(stage->engine, 60) > 100);
	assert_int_equal(engine_new_way(stage->engine, "the way is new"), 2);
	assert_int_equal(record_of(stage, 0)->state, PLAN_STATE_PENDING);
	engine_review(stage->engine, 60);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(record_of(stage, i)->state, PLAN_STATE_CONFIRMED);
		assert_int_equal(record_of(stage, i)->history.confirmed_at, 60);
	}
	assert_int_equal(engine_new_way(stage->engine, "the way is new"), 0);
	stage_free(stage);
}

static void what_the_provider_failed_waits_on(void **state)
{
	static const enum verdict verdicts[] = {VERDICT_RETRY, VERDICT_THROTTLED,
						VERDICT_REFUSED_AUTH};

	(void)state;
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		struct stage *stage = stage_new(&local);
		enum plan_state before;

		fail_with(stage, verdicts[i]);
		before = record_of(stage, 0)->state;
		assert_int_equal(engine_new_way(stage->engine, "the way is new"), 0);
		engine_review(stage->engine, 60);
		assert_int_equal(record_of(stage, 0)->state, before);
		stage_free(stage);
	}
}

/* The reason is the way where it is one, not where there is nothing to send. */
static void says_why(void **state)
{
	struct stage *stage = stage_new(provider_find("dyndns2"));
	struct outcome outcomes[2] = {{.verdict = VERDICT_NO_NETWORK},
				      {.verdict = VERDICT_NO_NETWORK}};

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	engine_result(stage->engine, record_of(stage, 0)->job, outcomes, 2, 60);
	engine_review(stage->engine, 60);
	engine_new_way(stage->engine, "the way is new");
	engine_review(stage->engine, 70);
	assert_int_equal(record_of(stage, 0)->state, PLAN_STATE_SENDING);
	assert_string_equal(record_of(stage, 0)->why, "the way is new");
	/* The updater was asked before the way changed, too. */
	engine_new_way(stage->engine, "the way is newer");
	engine_result(stage->engine, record_of(stage, 0)->job, outcomes, 2, 80);
	engine_review(stage->engine, 80);
	assert_int_equal(record_of(stage, 0)->state, PLAN_STATE_SENDING);
	assert_string_equal(record_of(stage, 0)->why, "the way is newer");
	engine_new_way(stage->engine, "the way is newest");
	dial(stage, 0, 90);
	settle(stage, 90 + SETTLE_MS);
	assert_int_equal(record_of(stage, 0)->state, PLAN_STATE_WAITING);
	assert_null(strstr(record_of(stage, 0)->why, "the way"));
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_network_failed_is_sent_at_once),
		cmocka_unit_test(what_the_provider_failed_waits_on),
		cmocka_unit_test(says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
