/* SPDX-License-Identifier: MIT */
#include "update/ctl/wording.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

static void spans(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows[] = {
		{-5, "0 s"},
		{0, "0 s"},
		{59, "59 s"},
		{60, "1 min"},
		{119, "1 min"},
		{3599, "59 min"},
		{3600, "1 h"},
		{3660, "1 h 1 min"},
		{86399, "23 h 59 min"},
		{86400, "1 d"},
		{90000, "1 d 1 h"},
		{86400 * 400 + 7200, "400 d 2 h"},
		{INT64_MAX, "106751991167300 d 15 h"},
	};
	char out[WORDING_SPAN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(wording_span(rows[i].seconds, out), rows[i].text);
}

static void moments(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} rows[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"2026-11-22T07:00:00Z", 1795330800},
		{"2026-11-22T07:00:00.123456Z", 1795330800},
		{"2026-11-22T09:00:00+02:00", 1795330800},
		{"2026-11-22T02:30:00.5-04:30", 1795330800},
	};
	int64_t seconds;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(wording_moment(rows[i].text, &seconds), 0);
		assert_int_equal(seconds, rows[i].seconds);
	}
}

static void what_is_no_moment(void **state)
{
	static const char *const texts[] = {
		"",
		"never",
		"2026-11-22",
		"2026-11-22T07:00:00",
		"2026-11-22T07:00:00+2",
		"2026-11-22T07:00:00Zx",
		"2026-13-22T07:00:00Z",
	};
	int64_t seconds = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(wording_moment(texts[i], &seconds), -EINVAL);
	assert_int_equal(seconds, 42);
}

static void printed_text_is_harmless(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	(void)state;
	wording_print(to, "a\033]0;b\007\n\xc3\xa4");
	(void)fclose(to);
	assert_string_equal(text, "a?]0;b??\xc3\xa4");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans),
		cmocka_unit_test(moments),
		cmocka_unit_test(what_is_no_moment),
		cmocka_unit_test(printed_text_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
