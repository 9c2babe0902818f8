/* SPDX-License-Identifier: MIT */
#include "update/updater/sign/params.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static void queries_are_sorted_and_encoded_in_one_way(void **state)
{
	static const struct {
		const char *text, *joined;
	} rows[] = {
		{"", ""},
		{"b=2&a=1", "a=1&b=2"},
		{"a=2&a=1&a=10", "a=1&a=10&a=2"},
		/* by name, although - and . and digits are before = */
		{"a-b=1&a=2&a.b=3&a1=4&A=5", "A=5&a=2&a-b=1&a.b=3&a1=4"},
		{"a=*.x&b=%2a.x&c=a%20b&d=~-_.", "a=%2A.x&b=%2A.x&c=a%20b&d=~-_."},
		{"a&b=&=c&&", "=c&a=&b="},
		{"a=b=c", "a=b%3Dc"},
		{"a=%&b=%4&c=%zz&d=%41", "a=%25&b=%254&c=%25zz&d=A"},
		{"a=1+1", "a=1%2B1"},
		{"\xc3\xa4=%C3%A4", "%C3%A4=%C3%A4"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct params params;
		struct buf to;

		params_init(&params);
		params_parse(&params, (struct span){rows[i].text, strlen(rows[i].text)});
		buf_init(&to, 1000);
		params_join(&params, &to);
		assert_false(to.failed);
		assert_string_equal(to.text ? to.text : "", rows[i].joined);
		buf_done(&to);
		params_done(&params);
	}
}

static void what_is_added_is_meant_as_it_is(void **state)
{
	struct params params;
	struct buf to;

	(void)state;
	params_init(&params);
	params_parse(&params, (struct span){"b=%20", 5});
	params_add(&params, "a", "%20&=");
	buf_init(&to, 1000);
	params_join(&params, &to);
	assert_string_equal(to.text, "a=%2520%26%3D&b=%20");
	buf_done(&to);
	params_done(&params);
}

static void too_many_fail(void **state)
{
	struct params params;
	struct buf to;

	(void)state;
	params_init(&params);
	for (int i = 0; i < PARAMS_MAX + 3; i++)
		params_add(&params, "a", "b");
	buf_init(&to, 1000);
	params_join(&params, &to);
	assert_true(to.failed);
	buf_done(&to);
	params_done(&params);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries_are_sorted_and_encoded_in_one_way),
		cmocka_unit_test(what_is_added_is_meant_as_it_is),
		cmocka_unit_test(too_many_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
