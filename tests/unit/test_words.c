/* SPDX-License-Identifier: MIT */
#include "providers/words.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct answer read_text(const char *text, size_t len)
{
	struct answer answer;

	memset(&answer, 0x5a, sizeof(answer));
	words_read((struct span){text, len}, &answer);
	return answer;
}

/* The table of return codes, from the word to the verdict. */
static void every_word_has_its_verdict(void **state)
{
	static const struct {
		const char *word;
		enum verdict verdict;
		int32_t wait_s;
		bool ends_all;
	} rows[] = {
		{"good", VERDICT_DONE, 0, false},
		{"successfully_changed", VERDICT_DONE, 0, false},
		{"nochg", VERDICT_UNCHANGED, 0, false},
		{"no_change", VERDICT_UNCHANGED, 0, false},
		{"badauth", VERDICT_REFUSED_AUTH, 0, true},
		{"badsys", VERDICT_REFUSED_CONFIG, 0, true},
		{"badysys", VERDICT_REFUSED_CONFIG, 0, true},
		{"notfqdn", VERDICT_REFUSED_NAME, 0, false},
		{"nofqdn", VERDICT_REFUSED_NAME, 0, false},
		{"nohost", VERDICT_REFUSED_NAME, 0, false},
		{"!yours", VERDICT_REFUSED_AUTH, 0, false},
		{"!donator", VERDICT_REFUSED_CONFIG, 0, false},
		{"!active", VERDICT_REFUSED_NAME, 0, false},
		{"abuse", VERDICT_REFUSED_ABUSE, 0, false},
		{"numhost", VERDICT_REFUSED_CONFIG, 0, false},
		{"badagent", VERDICT_REFUSED_CONFIG, 0, true},
		{"dnserr", VERDICT_RETRY, 0, false},
		{"911", VERDICT_RETRY, 1800, true},
		{"servererror", VERDICT_RETRY, 0, true},
		{"interval", VERDICT_THROTTLED, 120, true},
		{"badrequest", VERDICT_REFUSED_CONFIG, 0, false},
		{"fatal", VERDICT_REFUSED_NAME, 0, false},
		{"w0s", VERDICT_THROTTLED, 0, true},
		{"w30s", VERDICT_THROTTLED, 30, true},
		{"W5M", VERDICT_THROTTLED, 300, true},
		{"w12h", VERDICT_THROTTLED, 43200, true},
		{"w999999h", VERDICT_THROTTLED, WAIT_MAX_S, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct answer answer = read_text(rows[i].word, strlen(rows[i].word));
		struct wanted wanted = {.name = "a.example"};
		struct outcome outcome;
		char shown[64];

		words_say(&answer, &wanted, NULL, &outcome);
		assert_int_equal(outcome.verdict, rows[i].verdict);
		assert_int_equal(outcome.wait_ms, rows[i].wait_s * 1000LL);
		assert_int_equal(words_end_all(answer.word), rows[i].ends_all);
		snprintf(shown, sizeof(shown), " (%s)", rows[i].word);
		assert_non_null(strstr(outcome.why, shown));
	}
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		bool tested = false;

		for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
			tested |= strcmp(spellings[i].text, rows[k].word) == 0;
		assert_true(tested);
	}
}

static void reads_the_first_word_exactly(void **state)
{
	static const struct {
		const char *line;
		enum word word;
		const char *detail;
	} rows[] = {
		{"good 192.0.2.1", WORD_GOOD, "good"},
		{"GOOD\t192.0.2.1", WORD_GOOD, "GOOD"},
		{"good\r", WORD_GOOD, "good"},
		{"[200 OK] nohost", WORD_NOHOST, "nohost"},
		{"[200 OK] good 192.0.2.1", WORD_GOOD, "good"},
		{"[200] good", WORD_GOOD, "good"},
		{"[500 No] 911", WORD_911, "911"},
		{"[500 No] good", WORD_FOREIGN, "good"},
		{"[401 No] good", WORD_FOREIGN, "good"},
		{"[2xx OK] good", WORD_FOREIGN, ""},
		{"[2000] good", WORD_FOREIGN, ""},
		{"[200OK] good", WORD_FOREIGN, ""},
		{"[200 OK good", WORD_FOREIGN, ""},
		{"[200 OK]", WORD_FOREIGN, ""},
		{"x[200 OK] good", WORD_FOREIGN, ""},
		{"goodness", WORD_FOREIGN, "goodness"},
		{"good,192.0.2.1", WORD_FOREIGN, ""},
		{"not good", WORD_FOREIGN, "not"},
		{"good.", WORD_FOREIGN, ""},
		{"goo", WORD_FOREIGN, "goo"},
		{"<html>good</html>", WORD_FOREIGN, ""},
		{"{\"good\":1}", WORD_FOREIGN, ""},
		{"abcdefghijklmnopqrstu", WORD_FOREIGN, ""},
		{"w", WORD_FOREIGN, "w"},
		{"ws", WORD_FOREIGN, "ws"},
		{"w5", WORD_FOREIGN, "w5"},
		{"w5d", WORD_FOREIGN, "w5d"},
		{"w-5s", WORD_FOREIGN, "w-5s"},
		{"w5 s", WORD_FOREIGN, "w5"},
		{"w1234567s", WORD_FOREIGN, "w1234567s"},
		{"", WORD_FOREIGN, ""},
		{" ", WORD_FOREIGN, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct answer answer = read_text(rows[i].line, strlen(rows[i].line));

		assert_int_equal(answer.word, rows[i].word);
		assert_string_equal(answer.detail, rows[i].detail);
	}
	assert_int_equal(read_text("good\0", 5).word, WORD_FOREIGN);
	assert_int_equal(read_text("\0good", 5).word, WORD_FOREIGN);
	assert_int_equal(read_text("goodx", 4).word, WORD_GOOD);
}

static void statuses_have_meanings(void **state)
{
	static const struct {
		int status;
		int64_t retry_after_ms;
		enum verdict verdict;
		int32_t wait_s;
	} rows[] = {
		{100, -1, VERDICT_RETRY, 0},
		{301, -1, VERDICT_RETRY, 0},
		{302, 5000, VERDICT_RETRY, 0},
		{400, -1, VERDICT_REFUSED_CONFIG, 0},
		{401, -1, VERDICT_REFUSED_AUTH, 0},
		{403, -1, VERDICT_REFUSED_AUTH, 0},
		{404, -1, VERDICT_REFUSED_CONFIG, 0},
		{405, -1, VERDICT_REFUSED_CONFIG, 0},
		{408, -1, VERDICT_RETRY, 0},
		{422, -1, VERDICT_REFUSED_CONFIG, 0},
		{425, -1, VERDICT_RETRY, 0},
		{429, -1, VERDICT_THROTTLED, 120},
		{429, 0, VERDICT_THROTTLED, 0},
		{429, 1, VERDICT_THROTTLED, 1},
		{429, 90000, VERDICT_THROTTLED, 90},
		{429, INT64_MAX, VERDICT_THROTTLED, WAIT_MAX_S},
		{500, -1, VERDICT_RETRY, 0},
		{503, 60000, VERDICT_RETRY, 60},
		{599, -1, VERDICT_RETRY, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wanted wanted = {.name = "a.example"};
		struct answer answer;
		struct outcome outcome;
		char shown[16];

		words_read_status(rows[i].status, rows[i].retry_after_ms, &answer);
		words_say(&answer, &wanted, NULL, &outcome);
		assert_int_equal(outcome.verdict, rows[i].verdict);
		assert_int_equal(outcome.wait_ms, rows[i].wait_s * 1000LL);
		snprintf(shown, sizeof(shown), "(HTTP %d)", rows[i].status);
		assert_non_null(strstr(outcome.why, shown));
	}
}

static void a_hold_says_what_to_do(void **state)
{
	struct wanted wanted = {.name = "home.example.org"};

	(void)state;
	for (unsigned word = 0; word < WORD_COUNT; word++) {
		struct answer answer = words_make(word);
		struct outcome outcome;

		words_say(&answer, &wanted, NULL, &outcome);
		if (outcome.verdict < VERDICT_REFUSED_AUTH)
			continue;
		assert_non_null(meanings[word].todo);
		assert_non_null(strstr(outcome.why, ", then `nlddns retry home.example.org`"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_has_its_verdict),
		cmocka_unit_test(reads_the_first_word_exactly),
		cmocka_unit_test(statuses_have_meanings),
		cmocka_unit_test(a_hold_says_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
