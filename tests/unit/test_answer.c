/* SPDX-License-Identifier: MIT */
#include "update/daemon/answer.c"

#include <unistd.h>

#include "tests/unit/stage.h"

static json_t *ask(struct daemon *daemon, enum verb_kind kind, const char *name)
{
	struct verb verb = {.kind = kind};
	json_t *json = NULL;

	snprintf(verb.name, sizeof(verb.name), "%s", name);
	answer_verb(daemon, &verb, &json);
	assert_non_null(json);
	return json;
}

static bool is_error(json_t *json)
{
	bool error = json_is_string(json_object_get(json, "error"));

	assert_int_equal(error, !json_is_true(json_object_get(json, "ok")));
	json_decref(json);
	return error;
}

static void update_asks_for_what_is_confirmed(void **state)
{
	struct stage *stage = stage_new(&local);
	struct daemon daemon = {.engine = stage->engine, .cfg = &stage->cfg};

	(void)state;
	local_verdict = VERDICT_DONE;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	assert_false(is_error(ask(&daemon, VERB_UPDATE, "a.example.org")));
	assert_true(daemon.look);
	assert_true(record_of(stage, 0)->forced);
	assert_false(record_of(stage, 1)->forced);
	engine_review(stage->engine, 1000);
	assert_int_equal(record_of(stage, 0)->history.confirmed_at, 1000);
	assert_int_equal(record_of(stage, 1)->history.confirmed_at, SETTLE_MS);
	stage_free(stage);
}

static void only_retry_releases_a_hold(void **state)
{
	struct stage *stage = stage_new(&local);
	struct daemon daemon = {.engine = stage->engine, .cfg = &stage->cfg};

	(void)state;
	local_verdict = VERDICT_REFUSED_CONFIG;
	dial(stage, 5, 0);
	settle(stage, SETTLE_MS);
	assert_true(is_error(ask(&daemon, VERB_UPDATE, "a.example.org")));
	stage->engine->unsaved = false;
	assert_false(is_error(ask(&daemon, VERB_RETRY, "a.example.org")));
	assert_true(stage->engine->unsaved);
	local_verdict = VERDICT_DONE;
	engine_review(stage->engine, 1000);
	assert_int_equal(record_of(stage, 0)->state, PLAN_STATE_CONFIRMED);
	assert_int_equal(record_of(stage, 1)->state, PLAN_STATE_HELD);
	stage_free(stage);
}

static void update_touches_all_of_a_name_or_none(void **state)
{
	struct stage *stage = stage_new(&local);
	struct daemon daemon = {.engine = stage->engine, .cfg = &stage->cfg};

	(void)state;
	stage->records[1].name = names[0];
	record_of(stage, 1)->history.answered = true;
	record_of(stage, 1)->history.verdict = VERDICT_REFUSED_NAME;
	assert_true(is_error(ask(&daemon, VERB_UPDATE, "a.example.org")));
	assert_false(record_of(stage, 0)->forced || record_of(stage, 1)->forced);
	assert_false(is_error(ask(&daemon, VERB_RETRY, "a.example.org")));
	assert_true(record_of(stage, 0)->forced && record_of(stage, 1)->forced);
	stage_free(stage);
}

static void retry_says_when_a_provider_throttles(void **state)
{
	struct stage *stage = stage_new(&local);
	struct daemon daemon = {.engine = stage->engine, .cfg = &stage->cfg};
	const char *line;
	json_t *json;

	(void)state;
	queue_throttle(stage->engine->queue, 0, clock_now() + 7200000);
	json = ask(&daemon, VERB_RETRY, "a.example.org");
	line = json_string_value(json_array_get(json_object_get(json, "warnings"), 0));
	assert_non_null(line);
	assert_non_null(strstr(line, "throttles this account; sent in "));
	assert_false(is_error(json));
	stage_free(stage);
}

static void unknown_names_are_errors(void **state)
{
	struct stage *stage = stage_new(&local);
	struct daemon daemon = {.engine = stage->engine, .cfg = &stage->cfg};

	(void)state;
	assert_true(is_error(ask(&daemon, VERB_UPDATE, "c.example.org")));
	assert_true(is_error(ask(&daemon, VERB_RETRY, "example.org")));
	stage_free(stage);
}

static void a_bad_reload_names_every_error(void **state)
{
	struct stage *stage = stage_new(&local);
	struct daemon daemon = {.engine = stage->engine, .cfg = &stage->cfg};
	json_t *json;

	(void)state;
	daemon.path = "/nonexistent/nlddns.conf";
	json = ask(&daemon, VERB_RELOAD, "");
	assert_int_equal(json_array_size(json_object_get(json, "errors")), 1);
	assert_true(is_error(json));
	assert_ptr_equal(daemon.engine, stage->engine);
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(update_asks_for_what_is_confirmed),
		cmocka_unit_test(only_retry_releases_a_hold),
		cmocka_unit_test(update_touches_all_of_a_name_or_none),
		cmocka_unit_test(retry_says_when_a_provider_throttles),
		cmocka_unit_test(unknown_names_are_errors),
		cmocka_unit_test(a_bad_reload_names_every_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
