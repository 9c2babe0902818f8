/* SPDX-License-Identifier: MIT */
#include "cfg/nearest.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void distance_counts_edits(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} rows[] = {
		{"token", "token", 0}, {"tokn", "token", 1},  {"tokken", "token", 1},
		{"tokan", "token", 1}, {"tokne", "token", 1}, {"TOKEN", "token", 0},
		{"", "token", 5},      {"url", "token", 5},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(nearest_distance(rows[i].a, rows[i].b), rows[i].distance);
		assert_int_equal(nearest_distance(rows[i].b, rows[i].a), rows[i].distance);
	}
}

static const char *hint_for(const char *word, char out[static NEAREST_HINT_MAX])
{
	static const char *const known[] = {"interface", "provider", "password", "settle",
					    "settle-max"};
	struct nearest nearest;

	nearest_init(&nearest, word);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		nearest_offer(&nearest, known[i]);
	return nearest_hint(&nearest, out);
}

static void the_nearest_is_hinted_and_nothing_far(void **state)
{
	char out[NEAREST_HINT_MAX];

	(void)state;
	assert_string_equal(hint_for("pasword", out), "; did you mean `password`?");
	assert_string_equal(hint_for("setle", out), "; did you mean `settle`?");
	assert_string_equal(hint_for("zebra", out), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(distance_counts_edits),
		cmocka_unit_test(the_nearest_is_hinted_and_nothing_far),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
