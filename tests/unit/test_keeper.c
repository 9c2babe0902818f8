/* SPDX-License-Identifier: MIT */
#include "update/daemon/keeper.c"

#include <sys/stat.h>

#include "tests/unit/tempdir.h"
#include "tests/unit/stage.h"

static void what_is_kept_comes_back(void **state)
{
	struct stage *stage = stage_new(&local), *next = stage_new(&local);
	struct keeper keeper = {.failed = false};

	(void)state;
	local_verdict = VERDICT_DONE;
	dial(stage, 5, clock_now());
	settle(stage, clock_now() + SETTLE_MS);
	keeper_save(&keeper, tempdir, stage->engine);
	assert_false(stage->engine->unsaved || keeper.failed);
	keeper_load(tempdir, next->engine);
	assert_true(record_of(next, 1)->history.known);
	assert_true(addrs_equal(&record_of(next, 1)->history.confirmed,
				&record_of(stage, 1)->history.confirmed));
	stage_free(stage);
	stage_free(next);
}

static void nothing_new_is_not_written(void **state)
{
	struct stage *stage = stage_new(&local);
	struct keeper keeper = {.failed = false};
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/" STATE_NAME, tempdir);
	keeper_save(&keeper, tempdir, stage->engine);
	assert_int_equal(access(path, F_OK), -1);
	stage_free(stage);
}

static void a_failure_is_remembered_until_it_is_over(void **state)
{
	struct stage *stage = stage_new(&local);
	struct keeper keeper = {.failed = false};
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/in/the/way", tempdir);
	stage->engine->unsaved = true;
	keeper_save(&keeper, path, stage->engine);
	assert_true(keeper.failed);
	stage->engine->unsaved = true;
	keeper_save(&keeper, tempdir, stage->engine);
	assert_false(keeper.failed);
	stage_free(stage);
}

static void damage_is_survived(void **state)
{
	struct stage *stage = stage_new(&local);
	char path[128];
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/" STATE_NAME, tempdir);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs("nlddns-state 1\nchecksum 0000000000000000\n", file);
	fclose(file);
	keeper_load(tempdir, stage->engine);
	assert_false(record_of(stage, 0)->history.known);
	stage_free(stage);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, tempdir_setup, tempdir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_kept_comes_back),
		CASE(nothing_new_is_not_written),
		CASE(a_failure_is_remembered_until_it_is_over),
		CASE(damage_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
