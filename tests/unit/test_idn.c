/* SPDX-License-Identifier: MIT */
#include "providers/idn.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void names_in_unicode_are_told_apart(void **state)
{
	static const struct {
		const char *found, *name;
		bool same;
	} rows[] = {
		{"a.example.org", "a.example.org", true},
		{"A.Example.ORG", "a.example.org", true},
		{"", "", true},
		{"", "a", false},
		{"a", "", false},
		{"a", "a.b", false},
		{"a.b", "a", false},
		{"xn--bcher-kva.example", "xn--bcher-kva.example", true},
		{"b\303\274cher.example", "xn--bcher-kva.example", true},
		{"m\303\274nchen.example", "xn--mnchen-3ya.example", true},
		{"m\303\274nchen.example", "xn--bcher-kva.example", false},
		{"b\303\274cher", "xn--bcher-kva.example", false},
		{"stra\303\237e.b\303\274cher", "xn--strae-oqa.xn--bcher-kva", true},
		/* RFC 3492, section 7.1 (L, B); an emoji */
		{"3\345\271\264b\347\265\204\351\207\221\345\205\253\345\205\210\347\224\237",
		 "xn--3b-ww4c5e180e575a65lsy2b", true},
		{"\344\273\226\344\273\254\344\270\272\344\273\200\344\271\210\344\270\215\350\257"
		 "\264"
		 "\344\270\255\346\226\207",
		 "xn--ihqwcrb4cv8a8dqg056pqjye", true},
		{"\360\237\222\251", "xn--ls8h", true},
		{"\303\274", "xn--", false},
		{"\303\274", "xn--99999999999", false},
		{"\303\274", "xn--zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", false},
		{"\303\274", "xn--\303", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (idn_is_same((struct span){rows[i].found, strlen(rows[i].found)},
				rows[i].name) != rows[i].same)
			fail_msg("row %zu: %s", i, rows[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_in_unicode_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
