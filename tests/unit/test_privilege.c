/* SPDX-License-Identifier: MIT */
#include "update/daemon/privilege.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "tests/unit/tempdir.h"

#define IMPOSSIBLE 77

static const struct identity same;

static void makes_directories_and_their_parents(void **state)
{
	char path[128];
	struct stat st;

	(void)state;
	snprintf(path, sizeof(path), "%s/a/b/c", tempdir);
	assert_int_equal(privilege_make_dir(path, 0700, &same), 0);
	assert_int_equal(privilege_make_dir(path, 0700, &same), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/a", tempdir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777 & ~022, 0755);
	assert_int_equal(privilege_make_dir("/proc/nlddns", 0700, &same), -ENOENT);
	assert_int_equal(privilege_make_dir("", 0700, &same), -ENAMETOOLONG);
}

static void finds_whom_to_become(void **state)
{
	struct identity identity = {.change = true};

	(void)state;
	assert_int_equal(privilege_find(NULL, &identity), 0);
	assert_false(identity.change);
	if (geteuid() != 0)
		skip();
	assert_int_equal(privilege_find("nobody", &identity), 0);
	assert_true(identity.change);
	assert_int_not_equal(identity.uid, 0);
	assert_int_equal(privilege_find("no such user", &identity), -ENOENT);
}

/* In a child: 0 if all that shall be gone is gone. */
static int drop_and_check(void)
{
	struct identity identity;
	struct rlimit core;
	int err;

	err = privilege_find("nobody", &identity);
	if (!err)
		err = privilege_drop(&identity);
	/* A namespace without that id. */
	if (err == -EINVAL || err == -EPERM)
		return IMPOSSIBLE;
	if (err < 0)
		return 1;
	if (geteuid() == 0 && identity.change)
		return 2;
	if (identity.change && setuid(0) == 0)
		return 3;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 4;
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return 5;
	getrlimit(RLIMIT_CORE, &core);
	return core.rlim_max == 0 ? 0 : 6;
}

static void drops_for_good(void **state)
{
	int status = -1;
	pid_t child = fork();

	(void)state;
	if (child == 0)
		_exit(drop_and_check());
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WEXITSTATUS(status) == IMPOSSIBLE)
		skip();
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(makes_directories_and_their_parents, tempdir_setup,
						tempdir_teardown),
		cmocka_unit_test(finds_whom_to_become),
		cmocka_unit_test(drops_for_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
