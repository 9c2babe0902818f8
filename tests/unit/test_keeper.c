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
	keeper_save(&keeper, tempdir, stage->engine, 1000);
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
	keeper_save(&keeper, tempdir, stage->engine, 1000);
	assert_int_equal(access(path, F_OK), -1);
	stage_free(stage);
}

static void what_failed_is_tried_again(void **state)
{
	struct stage *stage = stage_new(&local);
	struct keeper keeper = {.failed = false};
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/in/the/way", tempdir);
	stage->engine->unsaved = true;
	keeper_save(&keeper, path, stage->engine, 1000);
	assert_true(keeper.failed);
	assert_true(stage->engine->unsaved);
	/* Not at every turn, nor by a turn of its own. */
	assert_int_equal(keeper_due(&keeper, stage->engine), -1);
	keeper_save(&keeper, tempdir, stage->engine, keeper.not_before - 1);
	assert_true(keeper.failed);
	keeper_save(&keeper, tempdir, stage->engine, keeper.not_before);
	assert_false(keeper.failed);
	assert_false(stage->engine->unsaved);
	stage_free(stage);
}

/* DIR/NAME is there. */
static bool exists(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", tempdir, name);
	return access(path, F_OK) == 0;
}

static void write_file(const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/" STATE_NAME, tempdir);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void what_cannot_be_used_is_kept_aside(void **state)
{
	/* Its checksum is right. */
	static const char other[] = "nlddns-state 2\nchecksum 351602893f544544\n";
	struct keeper keeper = {.failed = false};
	struct stage *stage = stage_new(&local);

	(void)state;
	write_file("nlddns-state 1\nchecksum 0000000000000000\n");
	keeper_load(tempdir, stage->engine);
	assert_false(record_of(stage, 0)->history.known);
	assert_true(exists("state.bad") && !exists("state") && !exists("state.unknown"));
	write_file(other);
	keeper_load(tempdir, stage->engine);
	assert_true(exists("state.unknown") && !exists("state"));
	stage->engine->unsaved = true;
	keeper_save(&keeper, tempdir, stage->engine, 1000);
	assert_true(exists("state.unknown") && exists("state"));
	stage_free(stage);
}

static void a_folder_that_is_missing_is_made(void **state)
{
	struct stage *stage = stage_new(&local);
	struct keeper keeper = {.failed = false};
	char path[128];
	struct stat st;

	(void)state;
	snprintf(path, sizeof(path), "%s/folder", tempdir);
	keeper_load(path, stage->engine);
	stage->engine->unsaved = true;
	keeper_save(&keeper, path, stage->engine, 1000);
	assert_false(keeper.failed);
	snprintf(path, sizeof(path), "%s/folder/" STATE_NAME, tempdir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	stage_free(stage);
}

/* The file's number, which changes with each write. */
static ino_t inode(void)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/" STATE_NAME, tempdir);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

static void is_not_written_too_often(void **state)
{
	struct stage *stage = stage_new(&local);
	struct keeper keeper = {.failed = false};
	int64_t before = clock_now(), next;
	ino_t first;

	(void)state;
	queue_add(stage->engine->queue, record_of(stage, 0), PURPOSE_UPDATE);
	assert_non_null(queue_next(stage->engine->queue, stage->engine->records, 0));
	stage->engine->unsaved = true;
	assert_int_equal(keeper_due(&keeper, stage->engine), 0);
	keeper_save(&keeper, tempdir, stage->engine, 0);
	assert_int_equal(keeper_due(&keeper, stage->engine), -1);
	first = inode();
	assert_int_not_equal(first, 0);
	next = keeper.not_before;
	assert_in_range(next, before + KEEPER_EVERY_MS, clock_now() + KEEPER_EVERY_MS);
	stage->engine->unsaved = true;
	assert_int_equal(keeper_due(&keeper, stage->engine), next);
	keeper_save(&keeper, tempdir, stage->engine, next - 1);
	assert_true(stage->engine->unsaved);
	assert_int_equal(inode(), first);
	keeper_save(&keeper, tempdir, stage->engine, next);
	assert_false(stage->engine->unsaved);
	/* With nothing under way there is nothing to wait for. */
	queue_end(stage->engine->queue, queue_any(stage->engine->queue));
	stage->engine->unsaved = true;
	keeper_save(&keeper, tempdir, stage->engine, next + 1);
	assert_false(stage->engine->unsaved);
	stage_free(stage);
}

static void what_is_large_is_written_once_a_second(void **state)
{
	struct stage *stage = stage_new(&local);
	struct keeper keeper = {.large = true, .not_before = 1000};

	(void)state;
	stage->engine->unsaved = true;
	assert_int_equal(keeper_due(&keeper, stage->engine), 1000);
	keeper_save(&keeper, tempdir, stage->engine, 999);
	assert_false(exists("state"));
	keeper_save(&keeper, tempdir, stage->engine, 1000);
	assert_true(exists("state"));
	/* It was not, after all. */
	assert_false(keeper.large);
	stage_free(stage);
}

static void a_write_knows_whether_it_was_large(void **state)
{
	static const struct {
		size_t n;
		bool large;
	} rows[] = {{100, false}, {1000, true}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct stage *stage = stage_new(&local);
		struct keeper keeper = {.failed = false};
		struct records *records = stage->engine->records, whole = *records;
		struct record *many = calloc(rows[i].n, sizeof(*many));

		assert_non_null(many);
		for (size_t j = 0; j < rows[i].n; j++)
			many[j] = whole.list[0];
		records->list = many;
		records->n = rows[i].n;
		stage->engine->unsaved = true;
		keeper_flush(&keeper, tempdir, stage->engine);
		assert_int_equal(keeper.large, rows[i].large);
		*records = whole;
		free(many);
		stage_free(stage);
	}
}

static void the_last_is_always_written(void **state)
{
	struct stage *stage = stage_new(&local);
	struct keeper keeper = {.failed = false, .not_before = INT64_MAX};

	(void)state;
	keeper_flush(&keeper, tempdir, stage->engine);
	assert_false(exists("state"));
	stage->engine->unsaved = true;
	keeper_flush(&keeper, tempdir, stage->engine);
	assert_true(exists("state"));
	stage_free(stage);
}

/* In two steps: to be found by the next process, then by the next boot. */
static void what_is_placed_is_found_before_it_is_synced(void **state)
{
	struct stage *stage = stage_new(&local), *next = stage_new(&local);
	struct keeper keeper = {.failed = false};

	(void)state;
	local_verdict = VERDICT_DONE;
	dial(stage, 5, clock_now());
	settle(stage, clock_now() + SETTLE_MS);
	for (int i = 0; i < 2; i++) {
		stage->engine->unsaved = true;
		keeper_place(&keeper, tempdir, stage->engine);
		assert_non_null(keeper.placed);
		assert_false(stage->engine->unsaved || keeper.failed || exists("state.new"));
	}
	/* it is synced by whoever finds it, lest the old one stays until it is too old */
	assert_true(exists("state.old"));
	keeper_load(tempdir, next->engine);
	assert_true(record_of(next, 1)->history.known);
	assert_true(next->engine->unsaved);
	keeper_save(&keeper, tempdir, stage->engine, 0);
	assert_null(keeper.placed);
	assert_false(exists("state.old"));
	assert_false(keeper.failed);
	assert_true(exists("state"));
	stage_free(stage);
	stage_free(next);
}

/* The machine died before it was synced: the one that was is used. */
static void before_a_torn_one_there_was_a_whole_one(void **state)
{
	static const char *const torn[] = {"", "nlddns-state 1\n", "\0\0\0\0\0\0\0\0"};

	(void)state;
	local_verdict = VERDICT_DONE;
	for (size_t i = 0; i < sizeof(torn) / sizeof(torn[0]); i++) {
		struct stage *stage = stage_new(&local), *next = stage_new(&local);
		struct keeper keeper = {.failed = false};

		dial(stage, 5, clock_now());
		settle(stage, clock_now() + SETTLE_MS);
		stage->engine->unsaved = true;
		keeper_flush(&keeper, tempdir, stage->engine);
		assert_false(exists("state.old"));
		for (int placed = 0; placed < 2; placed++)
			keeper_place(&keeper, tempdir, stage->engine);
		tempdir_write("state", torn[i], i == 2 ? 8 : strlen(torn[i]), 0600);
		keeper_load(tempdir, next->engine);
		assert_true(record_of(next, 1)->history.known);
		assert_true(next->engine->unsaved);
		assert_false(exists("state.bad"));
		keeper_flush(&keeper, tempdir, next->engine);
		assert_false(exists("state.old"));
		stage_free(stage);
		stage_free(next);
	}
}

static void what_cannot_be_placed_is_a_failure(void **state)
{
	struct stage *stage = stage_new(&local);
	struct keeper keeper = {.failed = false};
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/in/the/way", tempdir);
	keeper_place(&keeper, path, stage->engine);
	assert_true(keeper.failed && stage->engine->unsaved);
	keeper_flush(&keeper, tempdir, stage->engine);
	assert_false(keeper.failed || stage->engine->unsaved);
	stage_free(stage);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, tempdir_setup, tempdir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_kept_comes_back),
		CASE(nothing_new_is_not_written),
		CASE(what_failed_is_tried_again),
		CASE(what_cannot_be_used_is_kept_aside),
		CASE(a_folder_that_is_missing_is_made),
		CASE(is_not_written_too_often),
		CASE(what_is_large_is_written_once_a_second),
		CASE(a_write_knows_whether_it_was_large),
		CASE(the_last_is_always_written),
		CASE(what_is_placed_is_found_before_it_is_synced),
		CASE(before_a_torn_one_there_was_a_whole_one),
		CASE(what_cannot_be_placed_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
