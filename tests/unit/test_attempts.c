/* SPDX-License-Identifier: MIT */
/* What becomes of attempts under way: overtaken, lost, late, failed, answered in part. */
#include "update/daemon/engine.c"

#include "tests/unit/stage.h"

static void overtaken_attempts_are_given_up_at_once(void **state)
{
	struct stage *stage = stage_new(remote());
	struct outcome late[2] = {{.verdict = VERDICT_DONE, .why = "late"}};
	uint32_t old;

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	old = record_of(stage, 0)->job;
	/* Before the new address has settled. */
	dial(stage, 6, 60);
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	engine_result(stage->engine, old, late, 2, 65);
	assert_int_equal(confirmed_byte(stage, 0), 0);
	settle(stage, 110);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	assert_int_not_equal(record_of(stage, 0)->job, old);
	answer(stage, 0, VERDICT_DONE, 120);
	assert_int_equal(confirmed_byte(stage, 0), 6);
	stage_free(stage);
}

struct ledger {
	const struct stage *stage;
	int saves;
	bool uncertain, sent; /* of the first record, at the last */
};

static void keep_ledger(void *arg)
{
	struct ledger *ledger = arg;
	const struct record *record = record_of(ledger->stage, 0);

	ledger->saves++;
	ledger->uncertain = records_entry(record).history.uncertain;
	ledger->sent = record->job != 0;
}

/* A crash right after it must not forget that the provider may hold the new address. */
static void a_change_is_written_down_before_it_is_sent(void **state)
{
	struct stage *stage = stage_new(remote());
	struct ledger ledger = {.stage = stage};

	(void)state;
	stage->engine->keep = (struct engine_keep){keep_ledger, &ledger};
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	assert_int_equal(ledger.saves, 1);
	assert_true(ledger.uncertain && !ledger.sent);
	answer(stage, 0, VERDICT_DONE, 60);
	dial(stage, 6, 100);
	settle(stage, 150);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	assert_int_equal(ledger.saves, 2);
	assert_true(ledger.uncertain && !ledger.sent);
	/* Once is enough. */
	dial(stage, 7, 200);
	settle(stage, 250);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	assert_int_equal(ledger.saves, 2);
	stage_free(stage);
}

/* The server may have done it before we hung up. */
static bool is_written_uncertain(const struct stage *stage)
{
	return records_entry(record_of(stage, 0)).history.uncertain;
}

static void what_was_not_sent_is_not_written_down_as_sent(void **state)
{
	struct stage *stage = stage_new(remote());
	struct updater *missing = NULL;

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	answer(stage, 0, VERDICT_DONE, 60);
	assert_int_equal(updater_new("/nonexistent", 0, false, &missing), 0);
	stage->engine->updater = missing;
	dial(stage, 6, 100);
	settle(stage, 150);
	assert_true(is_written_uncertain(stage));
	stage->engine->unsaved = false;
	dial(stage, 5, 200);
	settle(stage, 250);
	assert_true(stage->engine->unsaved);
	assert_false(is_written_uncertain(stage));
	dial(stage, 6, 300);
	settle(stage, 350);
	assert_true(is_written_uncertain(stage));
	stage->engine->unsaved = false;
	engine_rest(stage->engine);
	assert_true(stage->engine->unsaved);
	assert_false(is_written_uncertain(stage));
	stage_free(stage);
	updater_free(missing);
}

static void back_to_the_old_address_is_said_again(void **state)
{
	struct stage *stage = stage_new(remote()), *next = stage_new(remote());

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	answer(stage, 0, VERDICT_DONE, 60);
	stage->engine->unsaved = false;
	dial(stage, 6, 100);
	settle(stage, 150);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	/* Even if we die in between. */
	assert_true(stage->engine->unsaved);
	restart(stage, next);
	dial(next, 5, 200);
	settle(next, 250);
	expect(next, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	dial(stage, 5, 200);
	settle(stage, 250);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	assert_string_equal(record_of(stage, 0)->why,
			    "the last attempt to change it had no answer");
	answer(stage, 0, VERDICT_UNCHANGED, 260);
	expect(stage, PLAN_STATE_CONFIRMED, PLAN_STATE_CONFIRMED);
	assert_int_equal(record_of(stage, 0)->history.unchanged, 0);
	stage_free(stage);
	stage_free(next);
}

/* The answer is read before the kernel tells of the next address. */
static void a_late_answer_confirms_what_was_sent(void **state)
{
	struct stage *stage = stage_new(remote());
	struct outcome late[2] = {{.verdict = VERDICT_DONE, .why = "late"},
				  {.verdict = VERDICT_DONE, .why = "late"}};

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	stage->address.addr.bytes[3] = 6;
	sources_feed(stage->engine->sources, &stage->snapshot, 60);
	sources_tick(stage->engine->sources, 110);
	engine_result(stage->engine, record_of(stage, 0)->job, late, 2, 110);
	engine_review(stage->engine, 110);
	assert_int_equal(confirmed_byte(stage, 0), 5);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	assert_int_equal(record_of(stage, 0)->attempt.addrs.list[0].bytes[3], 6);
	answer(stage, 0, VERDICT_DONE, 120);
	assert_int_equal(confirmed_byte(stage, 1), 6);
	stage_free(stage);
}

static void what_failed_together_goes_together_again(void **state)
{
	struct stage *stage = stage_new(remote());
	int64_t now = 60;

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	for (int i = 0; i < 10; i++) {
		answer(stage, 0, VERDICT_RETRY, now);
		expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
		now = engine_due(stage->engine, now);
		engine_review(stage->engine, now);
		expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
		assert_int_equal(record_of(stage, 0)->job, record_of(stage, 1)->job);
	}
	stage_free(stage);
}

static void one_refused_does_not_hold_the_others(void **state)
{
	struct stage *stage = stage_new(remote());
	struct outcome outcomes[2] = {{.verdict = VERDICT_REFUSED_NAME, .why = "nohost"},
				      {.verdict = VERDICT_DONE, .why = "good"}};

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	engine_result(stage->engine, record_of(stage, 0)->job, outcomes, 2, 60);
	engine_review(stage->engine, 60);
	expect(stage, PLAN_STATE_HELD, PLAN_STATE_CONFIRMED);
	dial(stage, 6, 100);
	settle(stage, 150);
	expect(stage, PLAN_STATE_HELD, PLAN_STATE_SENDING);
	stage_free(stage);
}

static void a_lost_way_gives_up_too(void **state)
{
	struct stage *stage = stage_new(remote());

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	stage->link->routes[FAMILY_IPV4] = (struct route){.error = -ENETUNREACH};
	dial(stage, 5, 60);
	settle(stage, 110);
	expect(stage, PLAN_STATE_WAITING, PLAN_STATE_WAITING);
	stage->link->routes[FAMILY_IPV4] = (struct route){.ifindex = 3};
	dial(stage, 5, 200);
	settle(stage, 250);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	stage_free(stage);
}

/* As when its link becomes a port of a bridge. */
static void an_address_that_moves_gives_up_too(void **state)
{
	struct stage *stage = stage_new(remote());
	uint32_t job;

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	job = record_of(stage, 0)->job;
	stage->link->ifindex = 7;
	stage->link->routes[FAMILY_IPV4].ifindex = 7;
	dial(stage, 5, 60);
	settle(stage, 110);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	assert_int_not_equal(record_of(stage, 0)->job, job);
	stage_free(stage);
}

static void a_new_way_ends_the_wait_for_the_network(void **state)
{
	struct stage *stage = stage_new(remote());

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	answer(stage, 0, VERDICT_NO_NETWORK, 60);
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	dial(stage, 6, 70);
	settle(stage, 120);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	stage_free(stage);
}

/* Too short to settle on anything, and yet the route is another one perhaps. */
static void a_way_that_is_back_at_once_ends_the_wait_too(void **state)
{
	struct stage *stage = stage_new(remote());

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	answer(stage, 0, VERDICT_NO_NETWORK, 60);
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	for (int unreachable = 1; unreachable >= 0; unreachable--) {
		stage->link->routes[FAMILY_IPV4].error = unreachable ? -ENETUNREACH : 0;
		dial(stage, 5, 71 - unreachable);
	}
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	answer(stage, 0, VERDICT_NO_NETWORK, 80);
	dial(stage, 5, 90);
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	stage_free(stage);
}

static void what_dies_with_the_updater_is_sent_again(void **state)
{
	struct stage *stage = stage_new(remote());

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	engine_lost(stage->engine, 60);
	engine_review(stage->engine, 60);
	expect(stage, PLAN_STATE_SENDING, PLAN_STATE_SENDING);
	engine_lost(stage->engine, 70);
	engine_review(stage->engine, 70);
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	assert_true(engine_due(stage->engine, 70) > 500);
	stage_free(stage);
}

static void half_an_answer_is_none(void **state)
{
	struct stage *stage = stage_new(remote());
	struct outcome outcome = {.verdict = VERDICT_DONE, .why = "half"};

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	for (int64_t now = 60; now <= 70; now += 10) {
		engine_result(stage->engine, record_of(stage, 0)->job, &outcome, 1, now);
		engine_review(stage->engine, now);
	}
	expect(stage, PLAN_STATE_PENDING, PLAN_STATE_PENDING);
	assert_int_equal(confirmed_byte(stage, 0), 0);
	stage_free(stage);
}

static void an_updater_that_hangs_is_ended(void **state)
{
	struct stage *stage = stage_new(remote());
	struct pollfd end = {.events = POLLIN};
	int64_t overdue;

	(void)state;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	overdue = engine_due(stage->engine, SETTLE_MS);
	assert_int_equal(overdue, SETTLE_MS + QUEUE_DEADLINE_MS + QUEUE_SLACK_MS);
	end.fd = updater_fd(stage->updater);
	engine_review(stage->engine, overdue);
	assert_int_equal(poll(&end, 1, 5000), 1);
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overtaken_attempts_are_given_up_at_once),
		cmocka_unit_test(a_change_is_written_down_before_it_is_sent),
		cmocka_unit_test(what_was_not_sent_is_not_written_down_as_sent),
		cmocka_unit_test(back_to_the_old_address_is_said_again),
		cmocka_unit_test(a_late_answer_confirms_what_was_sent),
		cmocka_unit_test(what_failed_together_goes_together_again),
		cmocka_unit_test(one_refused_does_not_hold_the_others),
		cmocka_unit_test(a_lost_way_gives_up_too),
		cmocka_unit_test(an_address_that_moves_gives_up_too),
		cmocka_unit_test(a_new_way_ends_the_wait_for_the_network),
		cmocka_unit_test(a_way_that_is_back_at_once_ends_the_wait_too),
		cmocka_unit_test(what_dies_with_the_updater_is_sent_again),
		cmocka_unit_test(half_an_answer_is_none),
		cmocka_unit_test(an_updater_that_hangs_is_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
