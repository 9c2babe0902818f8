/* SPDX-License-Identifier: MIT */
/* Whatever fails for a while, what had to be said is said once it can be, and as early as that. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kernel/scene.h"

#define A    SCENE_NAME " A"
#define ZONE "zone.example.org"

enum {
	SECOND = 1000,
	SERVER_FIRST = 22 * SECOND, /* after a server's failure: 30 s less a quarter, or more */
	SERVER_LATEST = 32 * SECOND,
};

static int64_t ms_since(int64_t from)
{
	return (ground_now() - from) / 1000000;
}

/* A web server that says 503, and a BIND that says SERVFAIL: it cannot write its journal. */
static void servers_that_fail_are_asked_again_later(void **state)
{
	struct scene *s = *state;
	char journal[GROUND_PATH];
	struct server bind;
	int64_t from;

	if (!serve_bind(s->g, &bind)) {
		printf("# the Debian package bind9 is not installed\n");
		skip();
	}
	daemon_configure(s->g, &s->d, "",
			 DAEMON_RECORD "\n[" ZONE "]\nprovider = rfc2136\nfamily = ipv4\n"
				       "server = " SERVE_BIND "\nkey = file:%s/update.key\n",
			 SCENE_NAME, 8080, "/nic/update", s->g->dir);
	assert_int_equal(mkdir(ground_path(s->g, journal, "bind/example.org.zone.jnl"), 0700), 0);
	serve_web_as(&s->web, "/status/503");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	from = ground_now();
	assert_true(serve_await(&s->web, 1, SCENE_NAME, NULL, 2 * SECOND));
	assert_true(daemon_await(&s->d, A, "state", "pending", 2 * SECOND));
	assert_true(daemon_await(&s->d, ZONE " A", "state", "pending", 2 * SECOND));
	serve_web_as(&s->web, NULL);
	assert_int_equal(rmdir(journal), 0);
	assert_true(serve_await(&s->web, 2, SCENE_NAME, "192.0.2.10", SERVER_LATEST));
	assert_true(ms_since(from) > SERVER_FIRST);
	assert_true(serve_await_answer(s->g, SERVE_BIND, ZONE " A", "192.0.2.10",
				       SERVER_LATEST - SERVER_FIRST));
	scene_expect(s, "192.0.2.10", 2);
	assert_true(daemon_await(&s->d, ZONE " A", "confirmed", "192.0.2.10", SECOND));
}

/* What is sent there is dropped. */
static void swallow(struct scene *s, bool swallowed)
{
	if (swallowed)
		wire_del(s->g, SIDE_OUTSIDE, "lo", SERVE_WEB "/32");
	else
		wire_add(s->g, SIDE_OUTSIDE, "lo", SERVE_WEB "/32");
}

/* The attempt would hang for ten seconds. */
static void a_way_that_comes_back_is_used_at_once(void **state)
{
	struct scene *s = *state;
	int64_t back;

	swallow(s, true);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, A, "state", "sending", 2 * SECOND));
	wire_unroute(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	assert_true(daemon_await(&s->d, A, "state", "waiting", 2 * SECOND));
	swallow(s, false);
	back = ground_now();
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	scene_expect(s, "192.0.2.10", 1);
	assert_true((serve_arrival(&s->web, "192.0.2.10") - back) / 1000000 < 3 * SECOND);
}

/* Here the attempt has failed, and the next would wait for its time. */
static void a_way_that_comes_back_ends_the_wait(void **state)
{
	struct scene *s = *state;
	int64_t back;

	ground_end(s->g, s->web.pid, SIGKILL, SECOND);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	/* By then it waits four seconds, or three. */
	assert_true(daemon_await(&s->d, A, "failures", "3", 10 * SECOND));
	serve_web(s->g, &s->web, 8080);
	wire_unroute(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	assert_true(daemon_await(&s->d, A, "state", "waiting", 2 * SECOND));
	back = ground_now();
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "192.0.2.10", 2 * SECOND));
	assert_true(ms_since(back) < 2 * SECOND);
	scene_expect(s, "192.0.2.10", 1);
}

/* The provider has taken the old address and answers when the new one is there already. */
static void a_late_answer_confirms_nothing_old(void **state)
{
	struct scene *s = *state;

	daemon_start(&s->d);
	serve_web_as(&s->web, "/slow/600");
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, "192.0.2.10", "good", 2 * SECOND));
	serve_web_as(&s->web, NULL);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	ground_nap(700);
	scene_expect(s, "192.0.2.20", 1);
	assert_int_equal(daemon_logged(&s->d, "-> confirmed 192.0.2.10", NULL), 0);
	assert_true(daemon_await(&s->d, A, "confirmed", "192.0.2.20", SECOND));
}

/* And if that one goes again before it is confirmed, the old one is said again. */
static void back_to_the_old_address_is_said_again(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	serve_web_as(&s->web, "/slow/600");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(serve_await(&s->web, 1, "192.0.2.20", "good", 2 * SECOND));
	serve_web_as(&s->web, NULL);
	scene_redial(s, "192.0.2.20/24", "192.0.2.10/24");
	assert_true(serve_await(&s->web, 2, "myip=192.0.2.10", NULL, 2 * SECOND));
	scene_expect(s, "192.0.2.10", 2);
	assert_int_equal(serve_count(&s->web, "myip=192.0.2.10", "good"), 2);
}

/* A state directory of 64 kB, and a file that fills it. */
static void fill_disk(struct scene *s, char path[static GROUND_PATH])
{
	static const char block[4096];
	char folder[GROUND_PATH];
	int fd;

	ground_path(s->g, folder, "state");
	assert_int_equal(mount("none", folder, "tmpfs", 0, "size=64k"), 0);
	fd = open(ground_path(s->g, path, "state/filler"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	while (write(fd, block, sizeof(block)) == sizeof(block))
		;
	close(fd);
}

static void a_full_disk_stops_nothing(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];

	fill_disk(s, path);
	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	assert_int_equal(daemon_logged(&s->d, "cannot be saved: No space left", NULL), 1);
	unlink(path);
	scene_redial(s, "192.0.2.20/24", "192.0.2.30/24");
	scene_expect(s, "192.0.2.30", 1);
	assert_int_equal(daemon_logged(&s->d, "is saved again", NULL), 1);
	daemon_stop(&s->d, SIGKILL);
	daemon_start(&s->d);
	scene_expect_quiet(s, 300);
	scene_expect(s, "192.0.2.30", 1);
}

/* Nothing changes after there is space again; but what failed is not forgotten at the end. */
static void what_could_not_be_saved_is_saved_at_the_end(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];

	fill_disk(s, path);
	scene_settled(s);
	unlink(path);
	daemon_stop(&s->d, SIGTERM);
	daemon_start(&s->d);
	scene_expect_quiet(s, 300);
	scene_expect(s, "192.0.2.10", 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(servers_that_fail_are_asked_again_later),
		SCENE_CASE(a_way_that_comes_back_is_used_at_once),
		SCENE_CASE(a_way_that_comes_back_ends_the_wait),
		SCENE_CASE(a_late_answer_confirms_nothing_old),
		SCENE_CASE(back_to_the_old_address_is_said_again),
		SCENE_CASE(a_full_disk_stops_nothing),
		SCENE_CASE(what_could_not_be_saved_is_saved_at_the_end),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
