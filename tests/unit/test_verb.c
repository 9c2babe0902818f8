/* SPDX-License-Identifier: MIT */
#include "update/daemon/verb.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void understands_requests(void **state)
{
	static const struct {
		const char *line;
		int result;
		enum verb_kind kind;
		const char *name;
	} rows[] = {
		{"status", 0, VERB_STATUS, ""},
		{"status\r", 0, VERB_STATUS, ""},
		{"snapshot", 0, VERB_SNAPSHOT, ""},
		{"history", 0, VERB_HISTORY, ""},
		{"metrics", 0, VERB_METRICS, ""},
		{"watch", 0, VERB_WATCH, ""},
		{"watch home.example.org", -EINVAL, 0, NULL},
		{"reload", 0, VERB_RELOAD, ""},
		{"update home.example.org", 0, VERB_UPDATE, "home.example.org"},
		{"retry Home.Example.ORG.", 0, VERB_RETRY, "home.example.org"},
		{"update *.example.org", 0, VERB_UPDATE, "*.example.org"},
		{"", -EINVAL, 0, NULL},
		{" ", -EINVAL, 0, NULL},
		{"stat", -EINVAL, 0, NULL},
		{"statuses", -EINVAL, 0, NULL},
		{"status now", -EINVAL, 0, NULL},
		{"update", -EINVAL, 0, NULL},
		{"update ", -EINVAL, 0, NULL},
		{"update .", -EINVAL, 0, NULL},
		{"update a b", -EINVAL, 0, NULL},
		{"update a\tb", -EINVAL, 0, NULL},
		{"update h\xc3\xa4", -EINVAL, 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct verb verb = {.name = "untouched"};
		const char *error = NULL;
		int result = verb_parse(rows[i].line, strlen(rows[i].line), &verb, &error);

		assert_int_equal(result, rows[i].result);
		if (result < 0) {
			assert_non_null(error);
			assert_string_equal(verb.name, "untouched");
			continue;
		}
		assert_int_equal(verb.kind, rows[i].kind);
		assert_string_equal(verb.name, rows[i].name);
	}
}

static void caps_names(void **state)
{
	char line[DNS_NAME_MAX + 16] = "update ";
	struct verb verb;
	const char *error;

	(void)state;
	memset(line + 7, 'a', DNS_NAME_MAX);
	assert_int_equal(verb_parse(line, 7 + DNS_NAME_MAX, &verb, &error), -EINVAL);
	assert_int_equal(verb_parse(line, 7 + DNS_NAME_MAX - 1, &verb, &error), 0);
	assert_int_equal(strlen(verb.name), DNS_NAME_MAX - 1);
}

static void knows_who_only_reads(void **state)
{
	static const bool reads[] = {
		[VERB_STATUS] = true,  [VERB_SNAPSHOT] = true, [VERB_UPDATE] = false,
		[VERB_RETRY] = false,  [VERB_RELOAD] = false,  [VERB_WATCH] = true,
		[VERB_HISTORY] = true, [VERB_METRICS] = true,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		struct verb verb = {.kind = (enum verb_kind)i};

		assert_int_equal(verb_reads(&verb), reads[i]);
	}
}

static void survives_noise(void **state)
{
	char line[64];
	struct verb verb;
	const char *error;

	(void)state;
	srandom(1);
	for (int i = 0; i < 20000; i++) {
		size_t len = (size_t)random() % sizeof(line);

		for (size_t j = 0; j < len; j++)
			line[j] = (char)random();
		memcpy(line, "retry ", 6);
		if (len > 6 && verb_parse(line, len, &verb, &error) == 0)
			assert_true(strlen(verb.name) > 0 && strlen(verb.name) <= len - 6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(understands_requests),
		cmocka_unit_test(caps_names),
		cmocka_unit_test(knows_who_only_reads),
		cmocka_unit_test(survives_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
