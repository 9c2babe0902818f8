/* SPDX-License-Identifier: MIT */
#include "providers/buf.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void grows_to_its_cap_and_no_further(void **state)
{
	struct buf buf;

	(void)state;
	for (size_t cap = 0; cap < 300; cap++) {
		buf_init(&buf, cap);
		for (size_t i = 0; i < cap; i++)
			buf_add(&buf, "x", 1);
		assert_false(buf.failed);
		assert_int_equal(buf.len, cap);
		assert_true(buf.size <= cap + 1);
		buf_add(&buf, "x", 1);
		assert_true(buf.failed);
		assert_int_equal(buf.len, cap);
		if (cap > 0)
			assert_int_equal(strlen(buf.text), cap);
		else
			assert_null(buf.text);
		buf_done(&buf);
	}
}

static void adds_all_or_nothing(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 8);
	buf_text(&buf, "12345");
	buf_text(&buf, "6789");
	assert_true(buf.failed);
	assert_string_equal(buf.text, "12345");
	buf_text(&buf, "6"); /* would fit, but the text has a hole by now */
	assert_string_equal(buf.text, "12345");
	buf_printf(&buf, "%d", 6);
	assert_string_equal(buf.text, "12345");
	buf_done(&buf);
	buf_init(&buf, 8);
	buf_text(&buf, "12345");
	buf_printf(&buf, "%04d", 6);
	assert_true(buf.failed);
	assert_string_equal(buf.text, "12345");
	buf_done(&buf);
	buf_init(&buf, 4);
	buf_text(&buf, "a");
	buf_urlencode(&buf, "b/");
	assert_true(buf.failed);
	assert_string_equal(buf.text, "a");
	buf_done(&buf);
}

static void keeps_any_byte(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 100);
	buf_add(&buf, "a\0b", 3);
	buf_text(&buf, "");
	buf_printf(&buf, "%s", "");
	buf_printf(&buf, "-%s-%d", "c", 12);
	assert_int_equal(buf.len, 8);
	assert_memory_equal(buf.text, "a\0b-c-12", 9);
	buf_done(&buf);
	assert_null(buf.text);
	assert_int_equal(buf.len, 0);
}

static void a_zeroed_one_takes_nothing(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_text(&buf, "");
	assert_false(buf.failed);
	buf_text(&buf, "x");
	assert_true(buf.failed);
	assert_null(buf.text);
	buf_done(&buf);
}

static void encodes_for_a_query(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"AZaz09-._~", "AZaz09-._~"},
		{"2001:db8::1", "2001%3Adb8%3A%3A1"},
		{"*.a b&c+d=e#%", "%2A.a%20b%26c%2Bd%3De%23%25"},
		{"\xc3\xa4\xff\n", "%C3%A4%FF%0A"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf buf;

		buf_init(&buf, 100);
		buf_urlencode(&buf, rows[i].in);
		assert_string_equal(buf.text, rows[i].out);
		buf_done(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_to_its_cap_and_no_further),
		cmocka_unit_test(adds_all_or_nothing),
		cmocka_unit_test(keeps_any_byte),
		cmocka_unit_test(a_zeroed_one_takes_nothing),
		cmocka_unit_test(encodes_for_a_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
