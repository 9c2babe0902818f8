/* SPDX-License-Identifier: MIT */
#include "update/daemon/errand.c"

#include <string.h>

#include "tests/unit/newsitem.h"

static char program[] = "/bin/true", one[] = "one", *words[] = {program, one};
static const struct cfg_told told = {.hook = words, .n_hook = 2, .hook_timeout_ms = 5000};

/* The list as one text. */
static const char *joined(char *const *list)
{
	static char text[4096];

	text[0] = '\0';
	for (size_t len = 0; *list; list++, len = strlen(text))
		snprintf(text + len, sizeof(text) - len, "%s|", *list);
	return text;
}

static void a_confirmation_is_told_whole(void **state)
{
	struct news news =
		newsitem(NEWS_CONFIRMED, "a.example.org", "203.0.113.5", "203.0.113.6,203.0.113.7");
	struct errand *errand;

	(void)state;
	unsetenv("TZ");
	setenv("PATH", "/bin", 1);
	setenv("LANG", "C.UTF-8", 1);
	setenv("NLDDNS_A_TOKEN", "S3CRET", 1);
	setenv("CREDENTIALS_DIRECTORY", "/run/S3CRET", 1);
	news.told = &told;
	news.reaction_ms = 217;
	news.verdict = "done";
	errand = errand_new(&news);
	assert_non_null(errand);
	assert_string_equal(errand->label, "a.example.org A");
	assert_int_equal(errand->timeout_ms, 5000);
	assert_string_equal(joined(errand->argv), "/bin/true|one|");
	assert_string_equal(joined(errand->env),
			    "PATH=/bin|LANG=C.UTF-8|NLDDNS_EVENT=confirmed|"
			    "NLDDNS_NAME=a.example.org|NLDDNS_TYPE=A|NLDDNS_PROVIDER=dyndns2|"
			    "NLDDNS_INTERFACE=ppp0|NLDDNS_OLD=203.0.113.5|"
			    "NLDDNS_NEW=203.0.113.6 203.0.113.7|NLDDNS_LATENCY_MS=217|"
			    "NLDDNS_VERDICT=done|NLDDNS_WHY=because it is so|");
	errand_free(errand);
}

static void what_is_not_known_is_empty(void **state)
{
	struct news news = newsitem(NEWS_CHANGED, "a.example.org", "none", "none");
	struct errand *errand;

	(void)state;
	unsetenv("PATH");
	unsetenv("LANG");
	setenv("TZ", "UTC", 1);
	news.told = &told;
	errand = errand_new(&news);
	assert_non_null(errand);
	assert_string_equal(joined(errand->env),
			    "PATH=" DEFAULT_PATH "|TZ=UTC|NLDDNS_EVENT=changed|"
			    "NLDDNS_NAME=a.example.org|NLDDNS_TYPE=A|NLDDNS_PROVIDER=dyndns2|"
			    "NLDDNS_INTERFACE=ppp0|NLDDNS_OLD=|NLDDNS_NEW=|NLDDNS_LATENCY_MS=|"
			    "NLDDNS_VERDICT=|NLDDNS_WHY=because it is so|");
	errand_free(errand);
	errand_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_confirmation_is_told_whole),
		cmocka_unit_test(what_is_not_known_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
