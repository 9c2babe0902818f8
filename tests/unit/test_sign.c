/* SPDX-License-Identifier: MIT */
#include "providers/sign.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void a_row_names_a_scheme_and_its_words(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"ovh {application-key} {application-secret} {consumer-key}", NULL},
		{"ovh  {a}\t{b} {c} {session}", NULL},
		{"ovh a<{b}> c d", NULL},
		{"ovh {a} {b}", "is written ovh APPLICATION-KEY"},
		{"ovh a b c d e", "is written ovh APPLICATION-KEY"},
		{"ovhh a b c", "begins with the name"},
		{"", "begins with the name"},
	};
	char why[SIGN_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int rc = sign_check(rows[i].text, why);

		assert_int_equal(rc, rows[i].why ? -EINVAL : 0);
		if (rows[i].why)
			assert_non_null(strstr(why, rows[i].why));
	}
}

static void every_scheme_has_a_row(void **state)
{
	struct span rest;
	enum http_scheme scheme;

	(void)state;
	for (unsigned i = HTTP_SCHEME_NONE + 1; i < HTTP_SCHEME_COUNT; i++) {
		assert_int_equal(sign_scheme(sign_name((enum http_scheme)i), &scheme, &rest), 0);
		assert_int_equal(scheme, i);
		assert_true(schemes[i].max <= SIGN_WORDS_MAX);
		assert_true(schemes[i].min <= schemes[i].max && schemes[i].words[0]);
	}
}

static void words_are_told_apart(void **state)
{
	struct http_sign sign = {.scheme = HTTP_SCHEME_OVH};

	(void)state;
	assert_string_equal(sign_word(&sign, 0), "");
	buf_init(&sign.words, 100);
	buf_add(&sign.words, "a b\0\0c", 7);
	assert_string_equal(sign_word(&sign, 0), "a b");
	assert_string_equal(sign_word(&sign, 1), "");
	assert_string_equal(sign_word(&sign, 2), "c");
	assert_string_equal(sign_word(&sign, 3), "");
	assert_string_equal(sign_word(&sign, 9), "");
	buf_done(&sign.words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_names_a_scheme_and_its_words),
		cmocka_unit_test(every_scheme_has_a_row),
		cmocka_unit_test(words_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
