/* SPDX-License-Identifier: MIT */
#include "update/daemon/notify.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/tempdir.h"

/* A service manager at an address of len bytes behind the family. */
static int listen_as(const char *path, size_t len)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(addr.sun_path, path, len);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
			 0);
	return fd;
}

static const char *hear(int fd)
{
	static char text[128];
	ssize_t len = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

static void tells_a_manager_by_path(void **state)
{
	char path[64];
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/notify", tempdir);
	fd = listen_as(path, strlen(path));
	setenv("NOTIFY_SOCKET", path, 1);
	notify_send("READY=1");
	assert_string_equal(hear(fd), "READY=1");
	notify_reloading();
	assert_int_equal(strncmp(hear(fd), "RELOADING=1\nMONOTONIC_USEC=", 27), 0);
	close(fd);
	/* Gone: nothing happens. */
	notify_send("READY=1");
}

static void tells_a_manager_by_abstract_name(void **state)
{
	char path[64];
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "@nlddns-test-%d", getpid());
	path[0] = '\0';
	fd = listen_as(path, 1 + strlen(path + 1));
	path[0] = '@';
	setenv("NOTIFY_SOCKET", path, 1);
	notify_send("STOPPING=1");
	assert_string_equal(hear(fd), "STOPPING=1");
	close(fd);
}

static void survives_nonsense(void **state)
{
	static const char *const rows[] = {"", "/", "relative", "@"};
	char text[300];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[0] = '/';
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setenv("NOTIFY_SOCKET", rows[i], 1);
		notify_send("READY=1");
	}
	setenv("NOTIFY_SOCKET", text, 1);
	notify_send("READY=1");
	unsetenv("NOTIFY_SOCKET");
	notify_send("READY=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tells_a_manager_by_path, tempdir_setup,
						tempdir_teardown),
		cmocka_unit_test(tells_a_manager_by_abstract_name),
		cmocka_unit_test(survives_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
