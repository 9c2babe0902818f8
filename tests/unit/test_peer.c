/* SPDX-License-Identifier: MIT */
#include "update/daemon/peer.c"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <grp.h>
#include <cmocka.h>

#include "tests/unit/tempdir.h"

#define GROUP 4242

/* What a peer of these ids (-1: ours) may do. */
static enum peer_right right_of(int uid, int gid, int supplementary)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int server = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	struct pollfd waiting = {.events = POLLIN};
	enum peer_right right;
	gid_t extra = (gid_t)supplementary;
	pid_t child;

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/socket", tempdir);
	unlink(addr.sun_path);
	assert_int_equal(bind(server, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(chmod(addr.sun_path, 0666), 0);
	assert_int_equal(chmod(tempdir, 0755), 0);
	assert_int_equal(listen(server, 1), 0);
	child = fork();
	if (child == 0) {
		int client = socket(AF_UNIX, SOCK_STREAM, 0);

		if (uid >= 0 && (setgroups(supplementary >= 0, &extra) < 0 ||
				 setgid((gid_t)gid) < 0 || setuid((uid_t)uid) < 0))
			_exit(1);
		if (connect(client, (struct sockaddr *)&addr, sizeof(addr)) < 0)
			_exit(2);
		pause();
	}
	waiting.fd = server;
	if (poll(&waiting, 1, 2000) != 1) {
		kill(child, SIGKILL);
		skip(); /* a namespace without these ids */
	}
	fd = accept(server, NULL, NULL);
	assert_true(fd >= 0);
	right = peer_right(fd, GROUP);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(fd);
	close(server);
	return right;
}

static void we_may_act(void **state)
{
	(void)state;
	assert_int_equal(right_of(-1, -1, -1), PEER_RIGHT_ACT);
}

static void others_may_not(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(right_of(1, 1, -1), PEER_RIGHT_NONE);
	assert_int_equal(right_of(1, 1, GROUP + 1), PEER_RIGHT_NONE);
}

static void the_group_may_read(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(right_of(1, GROUP, -1), PEER_RIGHT_READ);
	assert_int_equal(right_of(1, 1, GROUP), PEER_RIGHT_READ);
}

static void what_is_no_socket_has_no_right(void **state)
{
	(void)state;
	assert_int_equal(peer_right(-1, GROUP), PEER_RIGHT_NONE);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, tempdir_setup, tempdir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(we_may_act),
		CASE(others_may_not),
		CASE(the_group_may_read),
		CASE(what_is_no_socket_has_no_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
