/* SPDX-License-Identifier: MIT */
#include "cfg/dnsname.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define LABEL_63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg"

static void names_become_canonical(void **state)
{
	static const char *const rows[][2] = {
		{"Home.Example.ORG", "home.example.org"},
		{"home.example.org.", "home.example.org"},
		{"*.example.org", "*.example.org"},
		{"_acme.example.org", "_acme.example.org"},
		{"host", "host"},
		{LABEL_63 ".example", LABEL_63 ".example"},
	};
	char name[DNS_NAME_MAX];
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(dnsname_parse(rows[i][0], name, &why), 0);
		assert_string_equal(name, rows[i][1]);
	}
}

static void what_is_none_is_refused_with_words(void **state)
{
	static const char *const rows[] = {
		"",
		".",
		"a..b",
		".a",
		"a.*.b",
		"a b",
		"caf\xc3\xa9.example",
		LABEL_63 "x.example",
		LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63 ".x",
	};
	char name[DNS_NAME_MAX] = "untouched";
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		why = NULL;
		assert_int_equal(dnsname_parse(rows[i], name, &why), -EINVAL);
		assert_non_null(why);
		assert_true(*why);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_canonical),
		cmocka_unit_test(what_is_none_is_refused_with_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
