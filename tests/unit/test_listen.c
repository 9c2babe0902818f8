/* SPDX-License-Identifier: MIT */
#include "update/daemon/listen.c"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static char dir[] = "/tmp/nlddns-listen-XXXXXX", path[sizeof(dir) + 8];

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/socket", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void one_that_listens_is_left_alone(void **state)
{
	int first = -1, second = -1;

	(void)state;
	assert_int_equal(listen_at(path, 4, &first), 0);
	assert_int_equal(listen_at(path, 4, &second), -EADDRINUSE);
	assert_int_equal(second, -1);
	close(first);
}

static void one_left_behind_is_replaced(void **state)
{
	int first = -1, second = -1;

	(void)state;
	assert_int_equal(listen_at(path, 4, &first), 0);
	close(first);
	assert_int_equal(listen_at(path, 4, &second), 0);
	close(second);
}

/* A child that has not come to exec yet when its parent is killed. */
static void one_that_only_an_orphan_holds_is_replaced(void **state)
{
	int fd = -1, hold[2], status;
	pid_t owner;

	(void)state;
	assert_int_equal(pipe(hold), 0);
	owner = fork();
	if (owner == 0) {
		close(hold[1]);
		if (listen_at(path, 4, &fd) == 0 && fork() == 0)
			(void)!read(hold[0], &status, 1);
		_exit(fd < 0);
	}
	assert_int_equal(waitpid(owner, &status, 0), owner);
	assert_int_equal(status, 0);
	close(hold[0]);
	assert_int_equal(listen_at(path, 4, &fd), 0);
	close(hold[1]);
	close(fd);
}

static void a_file_that_is_no_socket_stays(void **state)
{
	FILE *file;
	int fd = -1;

	(void)state;
	unlink(path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(listen_at(path, 4, &fd), -EADDRINUSE);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(fd, -1);
}

static void a_path_too_long_is_refused(void **state)
{
	char name[200];
	int fd = -1;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(listen_at(name, 4, &fd), -ENAMETOOLONG);
	assert_int_equal(fd, -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_listens_is_left_alone),
		cmocka_unit_test(one_left_behind_is_replaced),
		cmocka_unit_test(one_that_only_an_orphan_holds_is_replaced),
		cmocka_unit_test(a_file_that_is_no_socket_stays),
		cmocka_unit_test(a_path_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
