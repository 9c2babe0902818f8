/* SPDX-License-Identifier: MIT */
#include "update/daemon/clock.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void the_sooner_moment_wins(void **state)
{
	(void)state;
	assert_int_equal(clock_sooner(-1, -1), -1);
	assert_int_equal(clock_sooner(-1, 5), 5);
	assert_int_equal(clock_sooner(5, -1), 5);
	assert_int_equal(clock_sooner(7, 5), 5);
	assert_int_equal(clock_sooner(0, 5), 0);
}

static void our_clock_does_not_go_back(void **state)
{
	int64_t last = clock_now();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int64_t now = clock_now();

		assert_true(now >= last);
		last = now;
	}
	assert_true(clock_wall() > INT64_C(1600000000000));
}

static void moments_are_written_as_rfc_3339(void **state)
{
	char text[CLOCK_TEXT_MAX];

	(void)state;
	assert_string_equal(clock_text(0, text), "1970-01-01T00:00:00Z");
	assert_string_equal(clock_text(INT64_C(1795305600999), text), "2026-11-22T00:00:00Z");
}

static void spans_are_written_for_people(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{0, "0 ms"},       {999, "999 ms"},    {1000, "1 s"},       {30000, "30 s"},
		{119499, "119 s"}, {120000, "2 min"},  {1800000, "30 min"}, {7199999, "120 min"},
		{7200000, "2 h"},  {86400000, "24 h"},
	};
	char text[CLOCK_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(clock_span(rows[i].ms, text), rows[i].text);
}

static void stamps_have_milliseconds(void **state)
{
	char text[CLOCK_TEXT_MAX];

	(void)state;
	assert_string_equal(clock_stamp(0, text), "1970-01-01T00:00:00.000Z");
	assert_string_equal(clock_stamp(1000000007042, text), "2001-09-09T01:46:47.042Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_have_milliseconds),
		cmocka_unit_test(the_sooner_moment_wins),
		cmocka_unit_test(our_clock_does_not_go_back),
		cmocka_unit_test(moments_are_written_as_rfc_3339),
		cmocka_unit_test(spans_are_written_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
