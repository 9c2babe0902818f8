/* SPDX-License-Identifier: MIT */
#include "update/daemon/watchdog.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <cmocka.h>

#include "tests/unit/tempdir.h"

static int manager;

/* A service manager that listens. */
static int setup(void **state)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};

	if (tempdir_setup(state) < 0)
		return -1;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/notify", tempdir);
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setenv("NOTIFY_SOCKET", addr.sun_path, 1);
	return bind(manager, (struct sockaddr *)&addr, sizeof(addr));
}

static int teardown(void **state)
{
	close(manager);
	unsetenv("NOTIFY_SOCKET");
	return tempdir_teardown(state);
}

static bool heard(void)
{
	char text[64] = "";

	return recv(manager, text, sizeof(text) - 1, MSG_DONTWAIT) > 0 &&
	       strcmp(text, "WATCHDOG=1") == 0;
}

static void watched_only_when_asked(void **state)
{
	static const struct {
		const char *usec, *pid; /* pid "self": ours */
		int64_t every_ms;
	} rows[] = {
		{NULL, NULL, 0},
		{"30000000", NULL, 15000},
		{"30000000", "self", 15000},
		{"30000000", "1", 0},
		{"30000000", "", 0},
		{"30000000", "self0", 0},
		{"2000", NULL, 1},
		{"1999", NULL, 0},
		{"0", NULL, 0},
		{"", NULL, 0},
		{"-1", NULL, 0},
		{"30s", NULL, 0},
		{"99999999999999999999", NULL, 0},
		{"9223372036854775807", NULL, 0},
	};
	char self[16];

	(void)state;
	snprintf(self, sizeof(self), "%d", getpid());
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct watchdog watchdog;

		unsetenv("WATCHDOG_USEC");
		unsetenv("WATCHDOG_PID");
		if (rows[i].usec)
			setenv("WATCHDOG_USEC", rows[i].usec, 1);
		if (rows[i].pid)
			setenv("WATCHDOG_PID", strcmp(rows[i].pid, "self") ? rows[i].pid : self, 1);
		watchdog_init(&watchdog, 1000);
		assert_int_equal(watchdog.every_ms, rows[i].every_ms);
		assert_int_equal(watchdog_due(&watchdog), rows[i].every_ms ? 1000 : -1);
	}
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

static void pings_at_half_the_period_while_well(void **state)
{
	struct watchdog watchdog = {.every_ms = 500, .next = 1000};

	(void)state;
	watchdog_tick(&watchdog, true, 999);
	assert_false(heard());
	watchdog_tick(&watchdog, true, 1000);
	assert_true(heard());
	assert_int_equal(watchdog_due(&watchdog), 1500);
	watchdog_tick(&watchdog, true, 1200);
	assert_false(heard());
	watchdog_tick(&watchdog, false, 1500);
	assert_false(heard());
	/* Soon enough for the manager to hear of it in time. */
	assert_in_range(watchdog_due(&watchdog), 1501, 1600);
	watchdog_tick(&watchdog, true, watchdog_due(&watchdog));
	assert_true(heard());
}

static void silent_unless_watched(void **state)
{
	struct watchdog watchdog = {.every_ms = 0, .next = 0};

	(void)state;
	watchdog_tick(&watchdog, true, 1000);
	assert_false(heard());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(watched_only_when_asked),
		cmocka_unit_test_setup_teardown(pings_at_half_the_period_while_well, setup,
						teardown),
		cmocka_unit_test_setup_teardown(silent_unless_watched, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
