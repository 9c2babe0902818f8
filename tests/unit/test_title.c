/* SPDX-License-Identifier: MIT */
#include "cfg/title.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void titles_are_told_apart(void **state)
{
	static const struct {
		const char *title;
		enum title_kind kind;
		const char *name;
	} rows[] = {
		{"nlddns", TITLE_DAEMON, NULL},
		{"defaults", TITLE_DEFAULTS, NULL},
		{"account cf", TITLE_ACCOUNT, "cf"},
		{"source wan", TITLE_SOURCE, "wan"},
		{"Home.Example.org.", TITLE_RECORD, "home.example.org"},
		{"*.example.org", TITLE_RECORD, "*.example.org"},
	};
	char name[DNS_NAME_MAX], why[TITLE_WHY_MAX];
	enum title_kind kind;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(title_parse(rows[i].title, &kind, name, why), 0);
		assert_int_equal(kind, rows[i].kind);
		if (rows[i].name)
			assert_string_equal(name, rows[i].name);
	}
}

static void what_is_none_says_why(void **state)
{
	static const char *const rows[] = {"account",        "source", "acount cf",
					   "two words here", "a..b",   ""};
	char name[DNS_NAME_MAX], why[TITLE_WHY_MAX];
	enum title_kind kind;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		why[0] = '\0';
		assert_int_equal(title_parse(rows[i], &kind, name, why), -EINVAL);
		assert_true(why[0]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(titles_are_told_apart),
		cmocka_unit_test(what_is_none_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
