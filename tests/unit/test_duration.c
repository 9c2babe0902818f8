/* SPDX-License-Identifier: MIT */
#include "cfg/duration.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void durations_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{"0", 0},        {"5", 5000},         {"50ms", 50},      {"5m", 300000},
		{"1h", 3600000}, {"1h 30m", 5400000}, {"2d", 172800000}, {"1w", 604800000},
	};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ms = -1;
		assert_int_equal(duration_parse(rows[i].text, &ms), 0);
		assert_int_equal(ms, rows[i].ms);
	}
}

static void what_is_none_is_refused(void **state)
{
	static const char *const rows[] = {
		"", "m", "-5", "5x", "1.5h", "5 5m", "101 y", "1000000000000h", "5m oops"};
	int64_t ms = 77;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(duration_parse(rows[i], &ms), -EINVAL);
		assert_int_equal(ms, 77);
	}
}

/* What is written for people can be read again. */
static void text_reads_back(void **state)
{
	static const int64_t rows[] = {1, 50, 1000, 1500, 60000, 90000, 3600000, 86400000};
	char text[DURATION_TEXT_MAX];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(duration_parse(duration_text(rows[i], text), &ms), 0);
		assert_int_equal(ms, rows[i]);
	}
	assert_string_equal(duration_text(3600000, text), "1h");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_are_read),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(text_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
