/* SPDX-License-Identifier: MIT */
#include "update/log.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <cmocka.h>

static int saved = -1, file = -1;

/* stderr becomes a temporary file, so that what is written can be read. */
static int setup(void **unused)
{
	char name[] = "/tmp/nlddns-log-XXXXXX";

	(void)unused;
	saved = dup(STDERR_FILENO);
	file = mkostemp(name, O_CLOEXEC);
	assert_true(file >= 0);
	unlink(name);
	dup2(file, STDERR_FILENO);
	unsetenv("JOURNAL_STREAM");
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(file);
	unsetenv("JOURNAL_STREAM");
	return 0;
}

static const char *written(void)
{
	static char text[2 * HELD_MAX];
	ssize_t len = pread(file, text, sizeof(text) - 1, 0);

	assert_true(len >= 0);
	text[len] = '\0';
	return text;
}

static void on_journal(void)
{
	char stream[64];
	struct stat st;

	fstat(STDERR_FILENO, &st);
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
}

static void journal_lines_carry_their_priority(void **unused)
{
	(void)unused;
	on_journal();
	log_init("prog", LOG_LEVEL_DEBUG);
	log_error("a %d", 1);
	log_warn("b");
	log_info("c");
	log_debug("d");
	assert_string_equal(written(), "<3>a 1\n<4>b\n<6>c\n<7>d\n");
}

static void other_lines_carry_time_and_program(void **unused)
{
	int h, m, s, ms;
	char rest[32];

	(void)unused;
	log_init("prog", LOG_LEVEL_INFO);
	log_warn("hello");
	assert_int_equal(sscanf(written(), "%2d:%2d:%2d.%3d %31[^\n]", &h, &m, &s, &ms, rest), 5);
	assert_in_range(h, 0, 23);
	assert_string_equal(rest, "prog: hello");
}

static void foreign_journal_stream_is_not_ours(void **unused)
{
	static const char *const streams[] = {"1:2", "", ":", "1", "1:", "1:x", "x:1"};

	(void)unused;
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		assert_false(is_journal(streams[i], STDERR_FILENO));
	assert_false(is_journal(NULL, STDERR_FILENO));
}

static void lower_levels_are_silent(void **unused)
{
	(void)unused;
	on_journal();
	log_init("prog", LOG_LEVEL_WARN);
	log_info("no");
	log_debug("no");
	assert_string_equal(written(), "");
	log_set_level(LOG_LEVEL_INFO);
	assert_int_equal(log_level(), LOG_LEVEL_INFO);
	log_info("yes");
	assert_string_equal(written(), "<6>yes\n");
}

static void errno_survives_and_is_named(void **unused)
{
	(void)unused;
	on_journal();
	log_init("prog", LOG_LEVEL_INFO);
	errno = ENOENT;
	log_warn("open: %m");
	assert_int_equal(errno, ENOENT);
	assert_string_equal(written(), "<4>open: No such file or directory\n");
}

static void a_message_is_one_line_and_bounded(void **unused)
{
	char big[3000];
	size_t len;

	(void)unused;
	on_journal();
	log_init("prog", LOG_LEVEL_INFO);
	log_warn("%s", "a\nb\r\x1b[31m\x7f");
	assert_string_equal(written(), "<4>a b  [31m \n");
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	log_warn("%s", big);
	len = strlen(written());
	assert_in_range(len, LINE_MAX_BYTES - 2, LINE_MAX_BYTES + 20);
	assert_int_equal(written()[len - 1], '\n');
}

static void held_lines_wait_for_a_flush_a_warning_or_many(void **unused)
{
	(void)unused;
	on_journal();
	log_init("prog", LOG_LEVEL_INFO);
	log_hold(true);
	log_info("a");
	log_info("b");
	assert_string_equal(written(), "");
	errno = ENOENT;
	log_flush();
	assert_int_equal(errno, ENOENT);
	assert_string_equal(written(), "<6>a\n<6>b\n");
	log_info("c");
	log_warn("d");
	assert_string_equal(written(), "<6>a\n<6>b\n<6>c\n<4>d\n");
	for (int i = 0; i < HELD_MAX / 5; i++)
		log_info("e");
	assert_in_range(strlen(written()), HELD_MAX - LINE_MAX_BYTES, HELD_MAX);
	log_hold(false);
	log_info("f");
	assert_non_null(strstr(written(), "<6>e\n<6>f\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(journal_lines_carry_their_priority, setup,
						teardown),
		cmocka_unit_test_setup_teardown(other_lines_carry_time_and_program, setup,
						teardown),
		cmocka_unit_test_setup_teardown(foreign_journal_stream_is_not_ours, setup,
						teardown),
		cmocka_unit_test_setup_teardown(lower_levels_are_silent, setup, teardown),
		cmocka_unit_test_setup_teardown(errno_survives_and_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(a_message_is_one_line_and_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(held_lines_wait_for_a_flush_a_warning_or_many,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
