/* SPDX-License-Identifier: MIT */
#include "update/changes.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/tempdir.h"

/* The numbers of the changes kept, "1 2 3". */
static const char *kept(void)
{
	static char text[65536];
	json_t *list = NULL, *change;
	size_t i, len = 0;

	assert_int_equal(changes_read(tempdir, &list), 0);
	text[0] = 0;
	json_array_foreach(list, i, change) len +=
		(size_t)snprintf(text + len, sizeof(text) - len, "%s%d", i ? " " : "",
				 (int)json_integer_value(json_object_get(change, "n")));
	json_decref(list);
	return text;
}

static void append(const char *text)
{
	assert_int_equal(changes_append(tempdir, text, strlen(text)), 0);
}

static void what_is_appended_is_read(void **state)
{
	(void)state;
	assert_string_equal(kept(), "");
	append("{\"n\":1}\n");
	append("{\"n\":2}\n{\"n\":3}\n");
	assert_string_equal(kept(), "1 2 3");
}

static void torn_lines_are_left_out(void **state)
{
	static const char bytes[] = "\0\0\n{\"n\":4}\n[5]\n7\n\n{\"n\":6}";

	(void)state;
	append("{\"n\":1}\n{\"n\":2,\"na");
	assert_string_equal(kept(), "1");
	append("{\"n\":3}\n");
	assert_string_equal(kept(), "1 3");
	tempdir_write("history", bytes, sizeof(bytes) - 1, 0600);
	assert_string_equal(kept(), "4 6");
}

/* Never more than twice the cap on disk, and no line lost between the two. */
static void a_full_file_is_kept_once(void **state)
{
	char line[1100], first[16] = "";
	struct stat st;
	int n = 0;

	(void)state;
	memset(line, ' ', sizeof(line));
	line[999] = '\n';
	line[1000] = 0;
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 250; i++) {
			int len = snprintf(line, 900, "{\"n\":%d}", ++n);

			line[len] = ' ';
			append(line);
			assert_int_equal(stat(tempdir_path("history"), &st), 0);
			assert_true(st.st_size <= CHANGES_SIZE_MAX);
		}
	assert_int_equal(stat(tempdir_path("history.1"), &st), 0);
	assert_true(st.st_size <= CHANGES_SIZE_MAX && st.st_size > CHANGES_SIZE_MAX - 2000);
	snprintf(first, sizeof(first), "%s", kept());
	assert_int_equal(strtol(first, NULL, 10), 750 - 226 - 262 + 1);
	assert_string_equal(strrchr(kept(), ' '), " 750");
}

static void a_missing_folder_is_made_a_missing_parent_is_not(void **state)
{
	char path[128];
	json_t *list = NULL;

	(void)state;
	snprintf(path, sizeof(path), "%s", tempdir_path("a"));
	assert_int_equal(changes_read(path, &list), 0);
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	assert_int_equal(changes_append(path, "{}\n", 3), 0);
	assert_int_equal(changes_append(tempdir_path("b/c"), "{}\n", 3), -ENOENT);
}

static void what_is_no_file_is_refused(void **state)
{
	static char large[CHANGES_SIZE_MAX + 1];
	json_t *list = NULL;

	(void)state;
	assert_int_equal(changes_append(tempdir, large, sizeof(large)), -EFBIG);
	assert_int_equal(mkfifo(tempdir_path("history"), 0600), 0);
	assert_int_equal(changes_append(tempdir, "{}\n", 3), -EINVAL);
	assert_true(changes_read(tempdir, &list) < 0);
	assert_null(list);
	assert_int_equal(unlink(tempdir_path("history")), 0);
	assert_int_equal(symlink("elsewhere", tempdir_path("history")), 0);
	assert_int_equal(changes_append(tempdir, "{}\n", 3), -ELOOP);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, tempdir_setup, tempdir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_appended_is_read),
		CASE(torn_lines_are_left_out),
		CASE(a_full_file_is_kept_once),
		CASE(a_missing_folder_is_made_a_missing_parent_is_not),
		CASE(what_is_no_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
