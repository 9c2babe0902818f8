/* SPDX-License-Identifier: MIT */
#include "update/daemon/logbook.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/addrs_room.h"
#include "tests/unit/tempdir.h"

static struct news redial(void)
{
	struct news news = {
		.kind = NEWS_CONFIRMED,
		.name = "home.example.org",
		.type = RECORD_TYPE_A,
		.account = "acc",
		.provider = "dyndns2",
		.source = "wan",
		.interface = "wan0",
		.event_at = 1000,
		.settled_at = 1050,
		.sent_at = 1052,
		.answered_at = 1180,
		.reaction_ms = 180,
		.attempts = 2,
		.verdict = "done",
		.why = "good",
	};

	assert_int_equal(addrs_parse("192.0.2.10", addrs_room(), &news.before), 0);
	assert_int_equal(addrs_parse("192.0.2.20", addrs_room(), &news.after), 0);
	return news;
}

/* All that was written, without the moments, and whether all of those are there. */
static char *written(void)
{
	json_t *list = NULL, *change;
	char *text;
	size_t i;

	assert_int_equal(changes_read(tempdir, &list), 0);
	json_array_foreach(list, i, change)
	{
		const char *at = json_string_value(json_object_get(change, "at"));

		assert_true(at && strlen(at) == strlen("2026-11-22T10:00:00.000Z"));
		json_object_del(change, "at");
	}
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text;
}

static void a_change_is_a_line(void **state)
{
	struct logbook *logbook = logbook_new(tempdir);
	struct news news = redial();
	char *text;

	(void)state;
	logbook_tell(logbook, &news);
	logbook_write(logbook);
	text = written();
	assert_string_equal(
		text,
		"[{\"name\":\"home.example.org\",\"type\":\"A\",\"provider\":\"dyndns2\","
		"\"account\":\"acc\",\"interface\":\"wan0\",\"old\":[\"192.0.2.10\"],"
		"\"new\":[\"192.0.2.20\"],\"attempts\":2,\"verdict\":\"done\",\"settle_ms\":50,"
		"\"queue_ms\":2,\"provider_ms\":128,\"took_ms\":180}]");
	free(text);
	logbook_free(logbook);
}

static void what_is_unknown_is_null(void **state)
{
	struct logbook *logbook = logbook_new(tempdir);
	struct news news = redial();
	char *text;

	(void)state;
	news.event_at = news.settled_at = -1;
	news.verdict = NULL;
	news.interface = "l\xff";
	news.before.n = 0;
	logbook_tell(logbook, &news);
	logbook_write(logbook);
	text = written();
	assert_non_null(strstr(text, "\"old\":[]"));
	assert_non_null(strstr(text, "\"verdict\":null,\"settle_ms\":null,\"queue_ms\":null,"
				     "\"provider_ms\":128,\"took_ms\":null"));
	assert_non_null(strstr(text, "l\xef\xbf\xbd"));
	free(text);
	logbook_free(logbook);
}

static void only_what_is_confirmed(void **state)
{
	struct logbook *logbook = logbook_new(tempdir);
	struct news news = redial();

	(void)state;
	for (enum news_kind kind = NEWS_CHANGED; kind < NEWS_COUNT; kind++) {
		news.kind = kind;
		if (kind != NEWS_CONFIRMED)
			logbook_tell(logbook, &news);
	}
	assert_int_equal(logbook->lines.len, 0);
	logbook_write(logbook);
	assert_int_equal(access(tempdir_path("history"), F_OK), -1);
	logbook_free(logbook);
}

/* Thousands in one turn. */
static void a_crowd_is_written_in_pieces(void **state)
{
	struct logbook *logbook = logbook_new(tempdir);
	struct news news = redial();
	json_t *list = NULL;
	struct stat st;

	(void)state;
	for (unsigned i = 1; i <= 1500; i++) {
		news.attempts = i;
		logbook_tell(logbook, &news);
	}
	logbook_write(logbook);
	assert_int_equal(stat(tempdir_path("history"), &st), 0);
	assert_true(st.st_size <= CHANGES_SIZE_MAX);
	assert_int_equal(changes_read(tempdir, &list), 0);
	assert_true(json_array_size(list) > 900);
	for (size_t i = 0, n = json_array_size(list); i < n; i++)
		assert_int_equal(
			json_integer_value(json_object_get(json_array_get(list, i), "attempts")),
			1500 - n + 1 + i);
	json_decref(list);
	logbook_free(logbook);
}

static void what_comes_together_is_written_together(void **state)
{
	struct logbook *logbook = logbook_new(tempdir);
	struct news news = redial();

	(void)state;
	assert_int_equal(logbook_due(logbook), -1);
	logbook_turn(logbook, false, 5000);
	logbook_tell(logbook, &news);
	logbook_turn(logbook, false, 10000);
	assert_int_equal(access(tempdir_path("history"), R_OK), 0);
	assert_int_equal(logbook_due(logbook), -1);
	/* More is to come, and it is not time yet. */
	logbook_tell(logbook, &news);
	assert_int_equal(logbook_due(logbook), 10000 + LOGBOOK_EVERY_MS);
	logbook_turn(logbook, true, 10999);
	assert_int_not_equal(logbook->lines.len, 0);
	logbook_turn(logbook, true, 11000);
	assert_int_equal(logbook->lines.len, 0);
	for (int i = 0; i < 100; i++) {
		logbook_tell(logbook, &news);
		logbook_turn(logbook, true, 11001);
		assert_true(logbook->lines.len < PIECE);
	}
	logbook_free(logbook);
}

static void a_folder_that_is_not_there_is_no_obstacle(void **state)
{
	struct logbook *logbook = logbook_new(tempdir_path("a/b"));
	struct news news = redial();

	(void)state;
	for (int i = 0; i < 2; i++) {
		logbook_tell(logbook, &news);
		logbook_write(logbook);
		assert_true(logbook->failed);
		assert_int_equal(logbook->lines.len, 0);
	}
	assert_int_equal(mkdir(tempdir_path("a"), 0700), 0);
	logbook_tell(logbook, &news);
	logbook_write(logbook);
	assert_false(logbook->failed);
	assert_int_equal(access(tempdir_path("a/b/history"), R_OK), 0);
	logbook_free(logbook);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, tempdir_setup, tempdir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_change_is_a_line),
		CASE(what_is_unknown_is_null),
		CASE(only_what_is_confirmed),
		CASE(a_crowd_is_written_in_pieces),
		CASE(what_comes_together_is_written_together),
		CASE(a_folder_that_is_not_there_is_no_obstacle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
