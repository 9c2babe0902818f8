/* SPDX-License-Identifier: MIT */
#include "providers/echo.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define V4 "192.0.2.1"
#define V6 "2001:db8::1"

static void compares_what_was_set_with_what_was_sent(void **state)
{
	static const struct {
		const char *line, *v4, *v6;
		enum record_type type;
		enum word word;
	} rows[] = {
		{"good", V4, NULL, RECORD_TYPE_A, WORD_GOOD},
		{"good 192.0.2.1", V4, NULL, RECORD_TYPE_A, WORD_GOOD},
		{"nochg 192.0.2.1", V4, NULL, RECORD_TYPE_A, WORD_NOCHG},
		{"good 192.000.002.001", V4, NULL, RECORD_TYPE_A, WORD_GOOD},
		{"good 192.000.002.009", V4, NULL, RECORD_TYPE_A, WORD_OTHER_ADDRESS},
		{"good 192.0.2.9", V4, NULL, RECORD_TYPE_A, WORD_OTHER_ADDRESS},
		{"nochg 192.0.2.9", V4, NULL, RECORD_TYPE_A, WORD_OTHER_ADDRESS},
		{"[200 OK] good 192.0.2.9", V4, NULL, RECORD_TYPE_A, WORD_OTHER_ADDRESS},
		/* another family says nothing about ours */
		{"good 192.0.2.9", NULL, V6, RECORD_TYPE_AAAA, WORD_GOOD},
		{"good 2001:db8::9", V4, NULL, RECORD_TYPE_A, WORD_GOOD},
		{"good 2001:DB8:0::1", NULL, V6, RECORD_TYPE_AAAA, WORD_GOOD},
		{"good 2001:db8::2", NULL, V6, RECORD_TYPE_AAAA, WORD_OTHER_ADDRESS},
		{"good 192.0.2.1,2001:db8::1", V4, V6, RECORD_TYPE_A, WORD_GOOD},
		{"good 192.0.2.1,2001:db8::1", V4, V6, RECORD_TYPE_AAAA, WORD_GOOD},
		{"good 192.0.2.1,2001:db8::2", V4, V6, RECORD_TYPE_A, WORD_GOOD},
		{"good 192.0.2.1,2001:db8::2", V4, V6, RECORD_TYPE_AAAA, WORD_OTHER_ADDRESS},
		{"good 192.0.2.9; 2001:db8::1", V4, V6, RECORD_TYPE_A, WORD_OTHER_ADDRESS},
		{"good 192.0.2.1 192.0.2.9", V4, NULL, RECORD_TYPE_A, WORD_GOOD},
		/* not an address */
		{"good update for 10 hosts", V4, NULL, RECORD_TYPE_A, WORD_GOOD},
		{"good 192.0.2", V4, NULL, RECORD_TYPE_A, WORD_GOOD},
		{"good 1234567890123456789012345678901234567890123456789", V4, NULL, RECORD_TYPE_A,
		 WORD_GOOD},
		/* the server's way to say that it did nothing */
		{"good 127.0.0.1", V4, NULL, RECORD_TYPE_A, WORD_IGNORED},
		{"good 127.0.0.1", V4, V6, RECORD_TYPE_AAAA, WORD_IGNORED},
		{"good 127.0.0.1", NULL, V6, RECORD_TYPE_AAAA, WORD_IGNORED},
		{"good 127.0.0.1", "127.0.0.1", NULL, RECORD_TYPE_A, WORD_GOOD},
		{"nochg 127.0.0.1", V4, NULL, RECORD_TYPE_A, WORD_OTHER_ADDRESS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *const sent[] = {rows[i].v4, rows[i].v6};
		struct span line = {rows[i].line, strlen(rows[i].line)};
		struct answer answer;

		words_read(line, &answer);
		echo_check(line, sent, rows[i].type, &answer);
		if (answer.word != rows[i].word)
			print_message("# row %zu: %s\n", i, rows[i].line);
		assert_int_equal(answer.word, rows[i].word);
	}
}

static void shows_the_other_address(void **state)
{
	const char *const sent[] = {V4, V6};
	struct span line = {"good 192.0.2.009,2001:DB8::0:2", 30};
	struct answer answer = words_make(WORD_GOOD);

	(void)state;
	echo_check(line, sent, RECORD_TYPE_A, &answer);
	assert_string_equal(answer.detail, "192.0.2.9");
	answer = words_make(WORD_GOOD);
	echo_check(line, sent, RECORD_TYPE_AAAA, &answer);
	assert_string_equal(answer.detail, "2001:db8::2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_what_was_set_with_what_was_sent),
		cmocka_unit_test(shows_the_other_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
