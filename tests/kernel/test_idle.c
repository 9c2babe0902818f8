/* SPDX-License-Identifier: MIT */
/* Ten confirmed records and nothing to do: no wake-up in a minute, and little memory. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kernel/scene.h"

enum {
	NEIGHBOURS = 32,
	RECORDS = 10,
	IDLE_MS = 60000,
	RSS_KB = 2560,
	PSS_KB = 700,
	SHADOW_KB = 1 << 30
};

/* A "Key: number" of a /proc file; -1 when it is not there. */
static int64_t number(const struct scene *s, const char *file, const char *key)
{
	char path[64], text[8192];
	const char *at;

	snprintf(path, sizeof(path), "/proc/%d/%s", s->d.pid, file);
	ground_read(path, text, sizeof(text));
	at = strstr(text, key);
	return at ? strtoll(at + strlen(key), NULL, 10) : -1;
}

static int64_t switches(const struct scene *s)
{
	int64_t voluntary = number(s, "status", "\nvoluntary_ctxt_switches:");
	int64_t other = number(s, "status", "\nnonvoluntary_ctxt_switches:");

	assert_true(voluntary >= 0 && other >= 0);
	return voluntary + other;
}

static void start_with_ten_records(struct scene *s)
{
	static char text[16384];
	char name[32];
	size_t used = 0;

	for (int i = 0; i < RECORDS; i++) {
		snprintf(name, sizeof(name), "n%d.example.org", i);
		used += (size_t)snprintf(text + used, sizeof(text) - used, DAEMON_RECORD "\n", name,
					 8080, "/nic/update");
	}
	daemon_configure(s->g, &s->d, "updater-idle = 1s\n", "%s", text);
	wire_dial(s->g, "192.0.2.10/24");
	daemon_start(&s->d);
	for (int i = 0; i < RECORDS; i++) {
		snprintf(name, sizeof(name), "n%d.example.org A", i);
		assert_true(daemon_await(&s->d, name, "state", "confirmed", 3000));
	}
	assert_true(daemon_await_updater(&s->d, false, 5000));
}

/* The proportional set size counts a shared library by how many share it. A running system has
 * dozens of processes that share libc; a container that runs only this test has not. */
static void start_neighbours(const struct scene *s)
{
	static const char *const idle[] = {"/bin/sleep", "300", NULL};

	for (int i = 0; i < NEIGHBOURS; i++)
		ground_spawn(s->g, SIDE_INSIDE, "/dev/null", idle);
}

static void check_memory(const struct scene *s)
{
	int64_t rss = number(s, "status", "VmRSS:");
	int64_t pss = number(s, "smaps_rollup", "\nPss:");

	printf("# case idle: VmRSS %" PRId64 " kB, Pss %" PRId64 " kB\n", rss, pss);
	if (number(s, "status", "VmSize:") > SHADOW_KB)
		return; /* AddressSanitizer's shadow: memory says nothing */
	assert_in_range(rss, 1, RSS_KB);
	if (pss >= 0)
		assert_in_range(pss, 1, PSS_KB);
}

static void idle_daemon_never_wakes_up_and_is_small(void **state)
{
	struct scene *s = *state;
	int64_t before;

	start_neighbours(s);
	start_with_ten_records(s);
	ground_nap(1500); /* what the end of the updater left to do */
	before = switches(s);
	ground_nap(IDLE_MS);
	assert_int_equal(switches(s), before);
	check_memory(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(serve_await(&s->web, 1, "n9.example.org", "192.0.2.20", 1000));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(idle_daemon_never_wakes_up_and_is_small),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
