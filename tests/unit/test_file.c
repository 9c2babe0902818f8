/* SPDX-License-Identifier: MIT */
#include "update/daemon/file.c"

#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "tests/unit/tempdir.h"

static char path[128];

static int setup(void **state)
{
	int err = tempdir_setup(state);

	snprintf(path, sizeof(path), "%s/file", tempdir);
	return err;
}

static void put(const char *name, const char *text, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void expect(const char *name, const char *text)
{
	char *bytes = NULL;
	size_t len = 0;

	assert_int_equal(file_read(name, 1000, &bytes, &len), 0);
	assert_int_equal(len, strlen(text));
	assert_string_equal(bytes, text);
	free(bytes);
}

static void reads_within_the_cap(void **state)
{
	char *bytes = NULL;
	size_t len = 0;

	(void)state;
	assert_int_equal(file_read(path, 5, &bytes, &len), -ENOENT);
	put(path, "12345", 0600);
	assert_int_equal(file_read(path, 4, &bytes, &len), -EFBIG);
	assert_null(bytes);
	assert_int_equal(file_read(path, 5, &bytes, &len), 0);
	assert_int_equal(len, 5);
	free(bytes);
	put(path, "", 0600);
	expect(path, "");
}

static void reads_regular_files_only(void **state)
{
	char *bytes = NULL;
	size_t len = 0;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(file_read(path, 5, &bytes, &len), -EINVAL);
	assert_int_equal(file_read(tempdir, 5, &bytes, &len), -EINVAL);
	assert_null(bytes);
}

static void creates_and_replaces(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(file_replace(path, "one", 3, 0640), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	expect(path, "one");
	assert_int_equal(file_replace(path, "", 0, 0600), 0);
	expect(path, "");
}

static void may_be_in_place_before_it_is_synced(void **state)
{
	struct file *file = NULL;
	char old[sizeof(path) + 4];

	(void)state;
	(void)snprintf(old, sizeof(old), "%s.old", path);
	put(path, "old", 0600);
	for (int placed = 0; placed < 2; placed++) {
		assert_int_equal(file_begin(path, old, 0600, &file), 0);
		assert_int_equal(file_add(file, "new", 3), 0);
		expect(path, "old");
		if (placed)
			assert_int_equal(file_place(file), 0);
		file_drop(file);
		expect(path, placed ? "new" : "old");
		assert_int_equal(access(old, F_OK), placed ? 0 : -1);
	}
	/* what was synced last stays until the next is */
	expect(old, "old");
	assert_int_equal(file_begin(path, old, 0600, &file), 0);
	assert_int_equal(file_add(file, "newer", 5), 0);
	assert_int_equal(file_place(file), 0);
	expect(path, "newer");
	expect(old, "old");
	assert_int_equal(file_commit(file), 0);
	expect(path, "newer");
	assert_int_equal(access(old, F_OK), -1);
}

/* Somebody's hosts.old is beside hosts. */
static void leaves_alone_what_is_beside_it(void **state)
{
	struct file *file = NULL;
	char old[sizeof(path) + 4];

	(void)state;
	(void)snprintf(old, sizeof(old), "%s.old", path);
	put(old, "theirs", 0600);
	assert_int_equal(file_replace(path, "one", 3, 0600), 0);
	assert_int_equal(file_begin(path, NULL, 0600, &file), 0);
	assert_int_equal(file_add(file, "two", 3), 0);
	assert_int_equal(file_place(file), 0);
	assert_int_equal(file_commit(file), 0);
	expect(path, "two");
	expect(old, "theirs");
}

static void keeps_mode_and_owner(void **state)
{
	struct stat st;
	bool given;

	(void)state;
	put(path, "old", 0604);
	/* Only root can, and not of a namespace without these ids. */
	given = chown(path, 1, 2) == 0;
	assert_int_equal(chmod(path, 0604), 0);
	assert_int_equal(file_replace(path, "new", 3, 0600), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0604);
	if (given)
		assert_true(st.st_uid == 1 && st.st_gid == 2);
	expect(path, "new");
}

static void follows_links(void **state)
{
	char target[160];
	struct stat st;

	(void)state;
	snprintf(target, sizeof(target), "%s/target", tempdir);
	put(target, "old", 0600);
	assert_int_equal(symlink("target", path), 0);
	assert_int_equal(file_replace(path, "new", 3, 0600), 0);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	expect(target, "new");
}

/* A link put in the way of the new file is not followed. */
static void is_not_led_astray(void **state)
{
	char new[160], victim[160];

	(void)state;
	snprintf(new, sizeof(new), "%s.new", path);
	snprintf(victim, sizeof(victim), "%s/victim", tempdir);
	put(victim, "victim", 0600);
	assert_int_equal(symlink(victim, new), 0);
	assert_int_equal(file_replace(path, "mine", 4, 0600), 0);
	expect(victim, "victim");
	expect(path, "mine");
	assert_int_equal(access(new, F_OK), -1);
}

static void fails_without_a_trace(void **state)
{
	char name[160];

	(void)state;
	snprintf(name, sizeof(name), "%s/absent/file", tempdir);
	assert_int_equal(file_replace(name, "x", 1, 0600), -ENOENT);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_true(file_replace(path, "x", 1, 0600) < 0);
	snprintf(name, sizeof(name), "%s.new", path);
	assert_int_equal(access(name, F_OK), -1);
}

/* Whoever reads at any moment, and whenever the writer dies, the file is whole. */
static void is_never_seen_half(void **state)
{
	static char a[20000], b[30000];
	pid_t child;

	(void)state;
	memset(a, 'a', sizeof(a));
	memset(b, 'b', sizeof(b));
	assert_int_equal(file_replace(path, a, sizeof(a), 0600), 0);
	child = fork();
	if (child == 0)
		for (;;) {
			file_replace(path, b, sizeof(b), 0600);
			file_replace(path, a, sizeof(a), 0600);
		}
	assert_true(child > 0);
	for (int i = 0; i < 500; i++) {
		char *bytes = NULL;
		size_t len = 0;

		if (i == 400)
			kill(child, SIGKILL);
		assert_int_equal(file_read(path, sizeof(b), &bytes, &len), 0);
		assert_true(len == sizeof(a) || len == sizeof(b));
		assert_memory_equal(bytes, bytes[0] == 'a' ? a : b, len);
		free(bytes);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, tempdir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(reads_within_the_cap),  CASE(reads_regular_files_only),
		CASE(creates_and_replaces),  CASE(leaves_alone_what_is_beside_it),
		CASE(keeps_mode_and_owner),  CASE(may_be_in_place_before_it_is_synced),
		CASE(follows_links),         CASE(is_not_led_astray),
		CASE(fails_without_a_trace), CASE(is_never_seen_half),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
