/* SPDX-License-Identifier: MIT */
#include "update/daemon/trust.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct history history_of(bool known, int verdict)
{
	struct history history;

	history_init(&history);
	history.known = known;
	history.answered = verdict >= 0;
	history.verdict = verdict >= 0 ? (enum verdict)verdict : VERDICT_DONE;
	return history;
}

static void three_refused_credentials_hold(void **state)
{
	static const struct {
		const char *name;
		struct {
			bool known;
			int verdict; /* -1: none */
		} records[4];
		bool held, proven;
	} rows[] = {
		{"three of them",
		 {{false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_ABUSE},
		  {false, VERDICT_REFUSED_AUTH},
		  {false, -1}},
		 true,
		 false},
		{"two of them",
		 {{false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_RETRY},
		  {false, VERDICT_THROTTLED}},
		 false,
		 false},
		{"names are none",
		 {{false, VERDICT_REFUSED_NAME},
		  {false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_CONFIG},
		  {false, VERDICT_REFUSED_AUTH}},
		 false,
		 false},
		{"others in between",
		 {{false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_NO_NETWORK},
		  {false, VERDICT_REFUSED_AUTH}},
		 true,
		 false},
		{"one is confirmed before",
		 {{true, VERDICT_DONE},
		  {false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_AUTH}},
		 false,
		 true},
		{"one is confirmed after",
		 {{false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_AUTH},
		  {true, VERDICT_UNCHANGED}},
		 false,
		 true},
		{"one was confirmed, and is refused now",
		 {{true, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_AUTH},
		  {false, VERDICT_REFUSED_AUTH}},
		 false,
		 true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct trust trust = {.refused = 0};

		for (size_t j = 0; j < 4; j++) {
			struct history history =
				history_of(rows[i].records[j].known, rows[i].records[j].verdict);

			trust_learn(&trust, &history);
		}
		if (trust.held != rows[i].held || trust.proven != rows[i].proven)
			fail_msg("%s: held %d, proven %d", rows[i].name, trust.held, trust.proven);
	}
}

static void retrying_one_three_times_holds_nothing(void **state)
{
	struct history history = history_of(false, VERDICT_REFUSED_AUTH);
	struct trust trust = {.refused = 0};

	(void)state;
	for (size_t i = 0; i < 2 * TRUST_REFUSALS; i++) {
		trust_learn(&trust, &history);
		trust_forgive(&trust, &history);
	}
	assert_int_equal(trust.refused, 0);
	assert_false(trust.held);
	history.verdict = VERDICT_REFUSED_NAME;
	trust.refused = 1;
	trust_forgive(&trust, &history);
	assert_int_equal(trust.refused, 1);
}

static void retrying_does_not_release_the_account(void **state)
{
	struct history history = history_of(false, VERDICT_REFUSED_AUTH);
	struct trust trust = {.refused = TRUST_REFUSALS, .held = true};

	(void)state;
	trust_forgive(&trust, &history);
	assert_true(trust.held);
	history.verdict = VERDICT_RETRY;
	trust_learn(&trust, &history);
	assert_true(trust.held);
}

static void allows_no_more_than_asked_for(void **state)
{
	struct trust trust = {.refused = 0};

	(void)state;
	assert_int_equal(trust_parallel(&trust, 1), 1);
	assert_int_equal(trust_parallel(&trust, 64), TRUST_REFUSALS);
	trust.proven = true;
	assert_int_equal(trust_parallel(&trust, 64), 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_refused_credentials_hold),
		cmocka_unit_test(retrying_one_three_times_holds_nothing),
		cmocka_unit_test(retrying_does_not_release_the_account),
		cmocka_unit_test(allows_no_more_than_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
