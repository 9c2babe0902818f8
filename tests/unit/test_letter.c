/* SPDX-License-Identifier: MIT */
#include "update/daemon/letter.c"

#include "tests/unit/newsitem.h"

#define WALL INT64_C(1795305600000)

static void a_confirmation_is_written_whole(void **state)
{
	struct news news =
		newsitem(NEWS_CONFIRMED, "a.example.org", "203.0.113.5", "203.0.113.6,203.0.113.7");
	struct letter *letter;

	(void)state;
	news.reaction_ms = 217;
	news.verdict = "done";
	news.why = "said \"good\" \xff";
	letter = letter_new(&news, 5000, WALL);
	assert_non_null(letter);
	assert_string_equal(letter->text,
			    "{\"event\":\"confirmed\",\"name\":\"a.example.org\",\"type\":\"A\","
			    "\"provider\":\"dyndns2\",\"interface\":\"ppp0\","
			    "\"old\":[\"203.0.113.5\"],"
			    "\"new\":[\"203.0.113.6\",\"203.0.113.7\"],\"latency_ms\":217,"
			    "\"verdict\":\"done\",\"why\":\"said \\\"good\\\" \xef\xbf\xbd\","
			    "\"at\":\"2026-11-22T00:00:00Z\"}");
	assert_string_equal(letter->label, "a.example.org A");
	assert_string_equal(letter->event, "confirmed");
	assert_int_equal(letter->born, 5000);
	letter_free(letter);
}

static void what_is_not_known_is_null(void **state)
{
	struct news news = newsitem(NEWS_CHANGED, "a.example.org", "none", "none");
	struct letter *letter = letter_new(&news, 0, WALL);

	(void)state;
	assert_non_null(letter);
	assert_non_null(strstr(letter->text, "\"old\":[],\"new\":[],\"latency_ms\":null,"
					     "\"verdict\":null,"));
	letter_free(letter);
	letter_free(NULL);
}

static void only_the_host_is_shown(void **state)
{
	static const char *const rows[][2] = {
		{"https://a.example/S3CRET", "https://a.example"},
		{"https://a.example:8443?S3CRET", "https://a.example:8443"},
		{"http://[2001:db8::1]:80/S3CRET/x", "http://[2001:db8::1]:80"},
		{"https://a.example", "https://a.example"},
	};
	char host[LETTER_HOST_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		letter_host(rows[i][0], host);
		assert_string_equal(host, rows[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_confirmation_is_written_whole),
		cmocka_unit_test(what_is_not_known_is_null),
		cmocka_unit_test(only_the_host_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
