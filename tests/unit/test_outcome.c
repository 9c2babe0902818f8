/* SPDX-License-Identifier: MIT */
#include "providers/outcome.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct wanted home = {.name = "home.example.org"};

static void a_refusal_says_how_to_end_it(void **state)
{
	(void)state;
	for (unsigned verdict = 0; verdict < VERDICT_COUNT; verdict++) {
		struct outcome outcome = {.wait_ms = 7};

		outcome_say(&outcome, &home, verdict, "why %d", 1);
		assert_int_equal(outcome.verdict, verdict);
		assert_int_equal(outcome.wait_ms, 0);
		if (verdict >= VERDICT_REFUSED_AUTH)
			assert_string_equal(outcome.why,
					    "why 1, then `nlddns retry home.example.org`");
		else
			assert_string_equal(outcome.why, "why 1");
	}
}

static void what_does_not_fit_is_cut(void **state)
{
	struct outcome outcome;
	char text[300], name[254];
	struct wanted wanted = {.name = name};

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	outcome_say(&outcome, &home, VERDICT_REFUSED_AUTH, "%s", text);
	assert_int_equal(strlen(outcome.why), OUTCOME_WHY_MAX - 1);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	outcome_say(&outcome, &wanted, VERDICT_REFUSED_AUTH, "why");
	assert_string_equal(outcome.why, "why");
}

static void only_printable_bytes_get_out(void **state)
{
	struct outcome outcome;

	(void)state;
	outcome_say(&outcome, &home, VERDICT_RETRY, "a\033[1m\n\xc3\xa4~ \x7f");
	assert_string_equal(outcome.why, "a?[1m???~ ?");
}

static void says_the_same_of_all(void **state)
{
	const struct wanted wanted[] = {{.name = "a"}, {.name = "b"}};
	const struct job job = {.wanted = wanted, .n_wanted = 2};
	struct outcome outcomes[2];

	(void)state;
	outcome_all(outcomes, &job, VERDICT_REFUSED_NAME, "100%s");
	assert_string_equal(outcomes[0].why, "100%s, then `nlddns retry a`");
	assert_string_equal(outcomes[1].why, "100%s, then `nlddns retry b`");
}

static void ends_only_what_is_open(void **state)
{
	const struct wanted wanted[] = {{.name = "a"}, {.name = "b"}};
	const struct job job = {.wanted = wanted, .n_wanted = 2};
	struct outcome outcomes[2] = {{.verdict = VERDICT_DONE, .why = "done"}, {.why = ""}};

	(void)state;
	assert_false(outcome_is_open(&outcomes[0]));
	assert_true(outcome_is_open(&outcomes[1]));
	outcome_rest(outcomes, &job, VERDICT_RETRY, "left");
	assert_int_equal(outcomes[0].verdict, VERDICT_DONE);
	assert_string_equal(outcomes[0].why, "done");
	assert_int_equal(outcomes[1].verdict, VERDICT_RETRY);
	assert_string_equal(outcomes[1].why, "left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refusal_says_how_to_end_it),
		cmocka_unit_test(what_does_not_fit_is_cut),
		cmocka_unit_test(only_printable_bytes_get_out),
		cmocka_unit_test(says_the_same_of_all),
		cmocka_unit_test(ends_only_what_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
