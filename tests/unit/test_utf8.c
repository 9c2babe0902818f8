/* SPDX-License-Identifier: MIT */
#include "update/utf8.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define BAD REPLACEMENT

static void replaces_only_what_is_no_utf8(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{"", ""},
		{"ppp0", "ppp0"},
		{"gr\xc3\xbcn", "gr\xc3\xbcn"},
		{"\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf",
		 "\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf"},
		{"wan\xff", "wan" BAD},
		{"a\xc3", "a" BAD},
		{"a\xe2\x82", "a" BAD BAD},
		{"\x80z", BAD "z"},
		{"\xc0\xaf", BAD BAD},
		{"\xed\xa0\x80", BAD BAD BAD},
		{"\xf4\x90\x80\x80", BAD BAD BAD BAD},
		{"\xf0\x80\x80\x80", BAD BAD BAD BAD},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *json = utf8_json(rows[i].text);

		assert_non_null(json);
		assert_string_equal(json_string_value(json), rows[i].expected);
		json_decref(json);
	}
}

static void always_makes_a_string(void **state)
{
	char text[3] = "";

	(void)state;
	for (int a = 1; a < 256; a++)
		for (int b = 0; b < 256; b++) {
			json_t *json;

			text[0] = (char)a;
			text[1] = (char)b;
			json = utf8_json(text);
			assert_non_null(json);
			json_decref(json);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces_only_what_is_no_utf8),
		cmocka_unit_test(always_makes_a_string),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
