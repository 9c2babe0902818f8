/* SPDX-License-Identifier: MIT */
#include "update/daemon/exporter.c"

#include <signal.h>
#include <sys/resource.h>

#include "tests/unit/openmetrics.h"
#include "tests/unit/stage.h"
#include "tests/unit/tempdir.h"

static struct stage *stage;
static struct tally tally;
static struct metrics metrics;

static int setup(void **state)
{
	stage = stage_new(provider_find("dyndns2"));
	memset(&tally, 0, sizeof(tally));
	metrics = (struct metrics){.engine = stage->engine, .tally = &tally};
	return tempdir_setup(state);
}

static int teardown(void **state)
{
	stage_free(stage);
	return tempdir_teardown(state);
}

static void write_at(struct exporter *exporter, int64_t now, bool last)
{
	metrics.clock.now = now;
	exporter_write(exporter, tempdir_path("nlddns.prom"), &metrics, last);
}

/* The attempts that the file tells of, which are those of a verdict each; then it is gone. -1:
 * there was none. */
static int written(void)
{
	static char text[16384];
	const char *path = tempdir_path("nlddns.prom");
	FILE *file = fopen(path, "r");
	int n = 0;

	if (!file)
		return -1;
	text[fread(text, 1, sizeof(text) - 1, file)] = 0;
	(void)fclose(file);
	assert_null(openmetrics_fault(text));
	for (const char *at = text; (at = strstr(at, "verdict=\"done\"} ")); at++)
		n += (int)strtol(at + 16, NULL, 10);
	assert_int_equal(unlink(path), 0);
	return n;
}

static int64_t due_at(const struct exporter *exporter, int64_t now)
{
	metrics.clock.now = now;
	return exporter_due(exporter, &metrics);
}

static void written_when_something_changed_once_a_second(void **state)
{
	struct exporter exporter = {0};

	(void)state;
	assert_int_equal(due_at(&exporter, 50), 50);
	write_at(&exporter, 50, false);
	assert_int_equal(written(), 0);
	assert_int_equal(due_at(&exporter, 60), -1);
	write_at(&exporter, 5000, false);
	write_at(&exporter, 6000, true);
	assert_int_equal(written(), -1);
	tally_attempt(&tally, "x", VERDICT_DONE);
	assert_int_equal(due_at(&exporter, 60), 1050);
	write_at(&exporter, 1049, false);
	assert_int_equal(written(), -1);
	write_at(&exporter, 1050, false);
	assert_int_equal(written(), 1);
	/* What comes long after is not kept waiting; nor is the last. */
	tally_attempt(&tally, "x", VERDICT_DONE);
	assert_int_equal(due_at(&exporter, 9000), 9000);
	write_at(&exporter, 9000, false);
	assert_int_equal(written(), 2);
	tally_attempt(&tally, "x", VERDICT_DONE);
	write_at(&exporter, 9001, true);
	assert_int_equal(written(), 3);
}

static void each_thing_that_changes_counts(void **state)
{
	uint64_t *const counts[] = {&tally.moves, &metrics.events.messages,
				    &metrics.events.overruns, &metrics.updater.starts,
				    &metrics.updater.crashes};
	struct exporter exporter = {0};

	(void)state;
	write_at(&exporter, 0, false);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		int64_t now = 5000 * (int64_t)(i + 1);

		assert_int_equal(due_at(&exporter, now), -1);
		(*counts[i])++;
		assert_int_equal(due_at(&exporter, now), now);
		write_at(&exporter, now, false);
	}
}

static void everybody_may_read_it(void **state)
{
	struct exporter exporter = {0};
	struct stat st;
	mode_t usual = umask(077);

	(void)state;
	tempdir_text("nlddns.prom", "old");
	tempdir_text("nlddns.prom.new", "left by a crash");
	write_at(&exporter, 0, false);
	(void)umask(usual);
	assert_int_equal(stat(tempdir_path("nlddns.prom"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(access(tempdir_path("nlddns.prom.new"), F_OK), -1);
	assert_int_equal(written(), 0);
}

static void no_place_is_tried_at_each_change_only(void **state)
{
	struct exporter exporter = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		tally_attempt(&tally, "x", VERDICT_DONE);
		metrics.clock.now = i * 5000;
		exporter_write(&exporter, tempdir_path("no/where"), &metrics, false);
		assert_true(exporter.failed);
		assert_int_equal(due_at(&exporter, i * 5000 + 3000), -1);
	}
	tally_attempt(&tally, "x", VERDICT_DONE);
	write_at(&exporter, 20000, false);
	assert_false(exporter.failed);
	assert_int_equal(written(), 3);
}

/* As a full disk does: only the first bytes can be written. */
static void half_a_file_takes_nobodys_place(void **state)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct exporter exporter = {0};
	struct rlimit usual, small;

	(void)state;
	write_at(&exporter, 0, false);
	tally_attempt(&tally, "x", VERDICT_DONE);
	assert_int_equal(sigaction(SIGXFSZ, &ignore, NULL), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
	small = (struct rlimit){.rlim_cur = 100, .rlim_max = usual.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	write_at(&exporter, 5000, false);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
	assert_true(exporter.failed);
	assert_int_equal(access(tempdir_path("nlddns.prom.new"), F_OK), -1);
	assert_int_equal(written(), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(written_when_something_changed_once_a_second),
		CASE(each_thing_that_changes_counts),
		CASE(everybody_may_read_it),
		CASE(no_place_is_tried_at_each_change_only),
		CASE(half_a_file_takes_nobodys_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
