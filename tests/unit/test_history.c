/* SPDX-License-Identifier: MIT */
#include "update/daemon/history.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/addrs_room.h"

static struct attempt attempt_of(const char *text, int64_t started_at)
{
	struct attempt attempt = {.started_at = started_at};

	assert_int_equal(addrs_parse(text, addrs_room(), &attempt.addrs), 0);
	return attempt;
}

static void end(struct history *history, const struct attempt *attempt, enum verdict verdict,
		int64_t now)
{
	static struct outcome outcome;

	outcome = (struct outcome){.verdict = verdict, .why = "said"};
	history_add(history, attempt, &outcome, now);
}

static void begins_knowing_nothing(void **state)
{
	struct history history;

	(void)state;
	history_init(&history);
	assert_false(history.known);
	assert_false(history_held(&history));
	assert_false(history_failed(&history));
	assert_true(history.confirmed_at == CLOCK_NEVER && history.sent_at == CLOCK_NEVER);
}

static void confirms_what_was_sent(void **state)
{
	struct attempt first = attempt_of("203.0.113.1", 100);
	struct attempt again = attempt_of("203.0.113.1", 300);
	struct history history;

	(void)state;
	history_init(&history);
	end(&history, &first, VERDICT_DONE, 150);
	assert_true(history.known && addrs_equal(&history.confirmed, &first.addrs));
	assert_int_equal(history.confirmed_at, 150);
	assert_int_equal(history.changed_at, 150);
	assert_int_equal(history.sent_at, 100);
	assert_string_equal(history.why, "said");
	again.refresh = true;
	end(&history, &again, VERDICT_UNCHANGED, 350);
	assert_int_equal(history.confirmed_at, 350);
	assert_int_equal(history.changed_at, 150);
	assert_int_equal(history.unchanged, 0);
}

static void only_success_confirms(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);

	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++) {
		enum verdict verdict = (enum verdict)v;
		bool good = verdict == VERDICT_DONE || verdict == VERDICT_UNCHANGED;
		bool held = verdict >= VERDICT_REFUSED_AUTH;
		struct history history;

		history_init(&history);
		end(&history, &attempt, verdict, 150);
		assert_int_equal(history.known, good);
		assert_int_equal(history_held(&history), held);
		assert_int_equal(history_failed(&history), !good && !held);
		assert_int_equal(history.failures, good ? 0 : 1);
		assert_true((history.sent_at == CLOCK_NEVER) == (verdict == VERDICT_NO_NETWORK));
	}
}

/* Whatever an attempt for something else came to, short of an answer that settles it. */
static void what_had_no_answer_may_have_had_effect(void **state)
{
	struct addrs old = attempt_of("203.0.113.1", 0).addrs;

	(void)state;
	for (int v = -1; v < VERDICT_COUNT; v++) {
		enum verdict verdict = (enum verdict)v;
		bool declined = verdict >= VERDICT_THROTTLED && v >= 0;
		bool done = verdict == VERDICT_DONE || verdict == VERDICT_UNCHANGED;
		struct attempt first = attempt_of("203.0.113.1", 100);
		struct attempt other = attempt_of("203.0.113.2", 200);
		struct history history;

		history_init(&history);
		assert_true(history_unsure(&history));
		history_begin(&history, &first);
		assert_true(first.unsure);
		assert_false(first.refresh);
		end(&history, &first, VERDICT_DONE, 150);
		history_begin(&history, &first);
		assert_true(first.refresh);
		assert_true(history_holds(&history, &old));
		history_begin(&history, &other);
		assert_false(other.unsure);
		assert_false(history_holds(&history, &old));
		if (v < 0)
			history_abort(&history, &other);
		else
			end(&history, &other, verdict, 250);
		assert_int_equal(history_holds(&history, &old), declined);
		assert_int_equal(history_holds(&history, &other.addrs), done);
		assert_int_equal(history_unsure(&history), !declined && !done);
		/* A refusal of the next does not settle what the last has done. */
		if (!done && !declined) {
			history_begin(&history, &other);
			end(&history, &other, VERDICT_THROTTLED, 350);
			assert_true(history_unsure(&history));
		}
	}
}

/* What is read while an update may be under way can be older than that. */
static void nothing_is_read_behind_an_update(void **state)
{
	struct attempt first = attempt_of("203.0.113.1", 100);
	struct attempt other = attempt_of("203.0.113.2", 200);
	struct history history;

	(void)state;
	history_init(&history);
	assert_true(history_may_read(&history));
	/* an answer came, or none for so long that none is under way */
	history_begin(&history, &first);
	end(&history, &first, VERDICT_NO_NETWORK, 150);
	assert_true(history_may_read(&history));
	history_begin(&history, &first);
	history_abort(&history, &first);
	assert_false(history_may_read(&history));
	history_begin(&history, &other);
	end(&history, &other, VERDICT_DONE, 250);
	assert_false(history_may_read(&history));
	history_begin(&history, &first);
	assert_false(history_may_read(&history));
	history_init(&history);
	history_begin(&history, &first);
	history_forsake(&history);
	assert_false(history_may_read(&history));
	end(&history, &first, VERDICT_NO_NETWORK, 350);
	assert_false(history_may_read(&history));
}

static void unsure_updates_are_not_needless(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);
	struct history history;

	(void)state;
	history_init(&history);
	history_begin(&history, &attempt);
	end(&history, &attempt, VERDICT_UNCHANGED, 1);
	assert_int_equal(history.unchanged, 0);
}

static void look(struct history *history, enum verdict verdict, enum truth truth, int64_t now)
{
	struct outcome outcome = {.verdict = verdict, .truth = truth, .ttl = 77, .why = "seen"};

	history_verified(history, &outcome, now);
}

static void something_else_must_be_found_twice_in_a_row(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);
	struct history history;

	(void)state;
	history_init(&history);
	history_begin(&history, &attempt);
	end(&history, &attempt, VERDICT_DONE, 100);
	look(&history, VERDICT_DONE, TRUTH_OTHER, 200);
	look(&history, VERDICT_DONE, TRUTH_SAME, 300);
	look(&history, VERDICT_DONE, TRUTH_OTHER, 400);
	look(&history, VERDICT_DONE, TRUTH_UNKNOWN, 500);
	look(&history, VERDICT_DONE, TRUTH_OTHER, 600);
	look(&history, VERDICT_NO_NETWORK, TRUTH_OTHER, 700);
	assert_true(history_holds(&history, &attempt.addrs));
	look(&history, VERDICT_DONE, TRUTH_OTHER, 800);
	assert_false(history_holds(&history, &attempt.addrs));
	assert_int_equal(history.verify.at, 800);
	assert_int_equal(history.verify.ttl, 77);
	history_begin(&history, &attempt);
	end(&history, &attempt, VERDICT_UNCHANGED, 900);
	assert_true(history_holds(&history, &attempt.addrs));
	assert_int_equal(history.verify.others, 0);
	/* That the provider sees no difference is to be remembered. */
	assert_int_equal(history.unchanged, 1);
}

static void looking_counts_for_nothing_else(void **state)
{
	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++) {
		enum verdict verdict = (enum verdict)v;
		struct attempt attempt = attempt_of("203.0.113.1", 100);
		struct history history, before;

		history_init(&history);
		end(&history, &attempt, VERDICT_DONE, 100);
		before = history;
		look(&history, verdict, TRUTH_UNKNOWN, 200);
		assert_int_equal(history.verify.failures, succeeded(verdict) ? 0 : 1);
		assert_int_equal(history.verify.throttled, verdict == VERDICT_THROTTLED);
		history.verify = before.verify;
		assert_memory_equal(&history, &before, sizeof(before));
	}
}

static void counts_failures_and_the_same_in_a_row(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);
	struct history history;

	(void)state;
	history_init(&history);
	end(&history, &attempt, VERDICT_NO_NETWORK, 1);
	end(&history, &attempt, VERDICT_NO_NETWORK, 2);
	assert_int_equal(history.in_row, 2);
	end(&history, &attempt, VERDICT_RETRY, 3);
	assert_int_equal(history.in_row, 1);
	assert_int_equal(history.failures, 3);
	end(&history, &attempt, VERDICT_DONE, 4);
	assert_int_equal(history.failures, 0);
}

static void counts_needless_updates(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);
	struct history history;

	(void)state;
	history_init(&history);
	end(&history, &attempt, VERDICT_UNCHANGED, 1);
	end(&history, &attempt, VERDICT_UNCHANGED, 2);
	assert_int_equal(history.unchanged, 2);
	end(&history, &attempt, VERDICT_DONE, 3);
	assert_int_equal(history.unchanged, 0);
}

static void gives_one_abort_free(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);
	struct history history;

	(void)state;
	history_init(&history);
	history_abort(&history, &attempt);
	assert_true(history.sent_at == CLOCK_NEVER);
	attempt.started_at = 200;
	history_abort(&history, &attempt);
	assert_int_equal(history.sent_at, 200);
	end(&history, &attempt, VERDICT_DONE, 300);
	assert_int_equal(history.aborted, 0);
}

static void a_new_way_forgets_only_the_network(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);

	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++) {
		struct history history;

		history_init(&history);
		end(&history, &attempt, (enum verdict)v, 150);
		history_new_way(&history);
		assert_int_equal(history.answered, v != VERDICT_NO_NETWORK);
	}
}

static void release_forgets_hold_and_waits(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);
	struct history history;

	(void)state;
	history_init(&history);
	end(&history, &attempt, VERDICT_DONE, 100);
	history_release(&history);
	assert_true(history.answered && history.known);
	end(&history, &attempt, VERDICT_REFUSED_AUTH, 150);
	history_release(&history);
	assert_false(history_held(&history));
	assert_int_equal(history.failures, 0);
	assert_true(history.known);
}

static void release_keeps_the_wait_of_who_throttles(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);

	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++) {
		bool kept = v == VERDICT_THROTTLED || v == VERDICT_DONE || v == VERDICT_UNCHANGED;
		struct outcome outcome = {
			.verdict = (enum verdict)v, .wait_ms = 600000, .why = "x"};
		struct history history;

		history_init(&history);
		history_add(&history, &attempt, &outcome, 150);
		history_release(&history);
		assert_int_equal(history.answered, kept);
		assert_int_equal(history.wait_ms, 600000);
	}
}

static void insisting_does_not_outwit_the_provider(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);

	(void)state;
	for (int v = 0; v < VERDICT_COUNT; v++)
		for (int64_t wait = 0; wait <= 1000; wait += 1000) {
			struct outcome outcome = {
				.verdict = (enum verdict)v, .wait_ms = wait, .why = "x"};
			bool forgets = wait == 0 && (v == VERDICT_NO_NETWORK || v == VERDICT_RETRY);
			struct history history;

			history_init(&history);
			history_add(&history, &attempt, &outcome, 150);
			history_insist(&history);
			assert_int_equal(history.answered, !forgets);
		}
}

static void a_negative_wait_is_none(void **state)
{
	struct attempt attempt = attempt_of("203.0.113.1", 100);
	struct outcome outcome = {.verdict = VERDICT_RETRY, .wait_ms = -5, .why = "x"};
	struct history history;

	(void)state;
	history_init(&history);
	history_add(&history, &attempt, &outcome, 1);
	assert_int_equal(history.wait_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_knowing_nothing),
		cmocka_unit_test(confirms_what_was_sent),
		cmocka_unit_test(only_success_confirms),
		cmocka_unit_test(what_had_no_answer_may_have_had_effect),
		cmocka_unit_test(nothing_is_read_behind_an_update),
		cmocka_unit_test(unsure_updates_are_not_needless),
		cmocka_unit_test(something_else_must_be_found_twice_in_a_row),
		cmocka_unit_test(looking_counts_for_nothing_else),
		cmocka_unit_test(counts_failures_and_the_same_in_a_row),
		cmocka_unit_test(counts_needless_updates),
		cmocka_unit_test(gives_one_abort_free),
		cmocka_unit_test(a_new_way_forgets_only_the_network),
		cmocka_unit_test(release_forgets_hold_and_waits),
		cmocka_unit_test(release_keeps_the_wait_of_who_throttles),
		cmocka_unit_test(insisting_does_not_outwit_the_provider),
		cmocka_unit_test(a_negative_wait_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
