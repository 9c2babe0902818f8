/* SPDX-License-Identifier: MIT */
#include "providers/span.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void assert_span(struct span span, const char *text)
{
	assert_int_equal(span.len, strlen(text));
	assert_memory_equal(span.text, text, span.len);
}

static void takes_lines(void **state)
{
	struct span rest = {"a\n\nb\r\nc!", 7};

	(void)state;
	assert_span(span_take_line(&rest), "a");
	assert_span(span_take_line(&rest), "");
	assert_span(span_take_line(&rest), "b\r");
	assert_span(span_take_line(&rest), "c");
	assert_int_equal(rest.len, 0);
}

static void takes_words(void **state)
{
	struct span rest = {"  a,b\0c \t", 9}, word;

	(void)state;
	assert_span(span_take_word(&rest, " \t,"), "a");
	word = span_take_word(&rest, " \t,");
	assert_int_equal(word.len, 3); /* a NUL byte separates nothing */
	assert_memory_equal(word.text, "b\0c", 3);
	assert_int_equal(span_take_word(&rest, " \t,").len, 0);
	assert_int_equal(rest.len, 0);
}

static void trims_and_compares(void **state)
{
	struct span span = span_trim((struct span){" \ta b\r ", 7});

	(void)state;
	assert_span(span, "a b");
	assert_true(span_is(span, "a b"));
	assert_false(span_is(span, "A b"));
	assert_true(span_is_nocase(span, "A B"));
	assert_false(span_is_nocase(span, "a"));
	assert_false(span_is_nocase(span, "a bc"));
	assert_int_equal(span_trim((struct span){" \r\t", 3}).len, 0);
}

static void reads_addresses(void **state)
{
	static const struct {
		const char *text;
		int type;
	} rows[] = {
		{"192.0.2.1", RECORD_TYPE_A},
		{"2001:db8::1", RECORD_TYPE_AAAA},
		{"::ffff:192.0.2.1", RECORD_TYPE_AAAA},
		{"", -EINVAL},
		{"192.0.2", -EINVAL},
		{"192.0.2.1.", -EINVAL},
		{"192.0.2.256", -EINVAL},
		{"2001:db8::1%eth0", -EINVAL},
		{"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", -EINVAL},
	};
	unsigned char bytes[16];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span span = {rows[i].text, strlen(rows[i].text)};

		assert_int_equal(span_address(span, bytes), rows[i].type);
	}
	assert_int_equal(span_address((struct span){"192.0.2.1\0x", 11}, bytes), -EINVAL);
	assert_int_equal(span_address((struct span){"192.0.2.123", 9}, bytes), RECORD_TYPE_A);
	assert_int_equal(bytes[3], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_lines),
		cmocka_unit_test(takes_words),
		cmocka_unit_test(trims_and_compares),
		cmocka_unit_test(reads_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
