/* SPDX-License-Identifier: MIT */
/* Records that are deleted: when the address is gone for good (on-loss), and when nlddnsd is
 * stopped (on-stop). */
#include <signal.h>
#include <stdio.h>

#include "tests/kernel/scene.h"

#define HERE  "192.0.2.10/24"
#define HERE6 "2001:db8:1::10/64"

/* An IPv4 record at a BIND that is reached by IPv6, too; published. */
static void publish(struct scene *s, struct server *bind, const char *more)
{
	if (!serve_bind(s->g, bind)) {
		printf("# the Debian package bind9 is not installed\n");
		skip();
	}
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = rfc2136\nserver = 2001:db8:53::53\n"
			 "family = ipv4\nkey = file:%s/update.key\n%s\n",
			 s->g->dir, more);
	wire_dial(s->g, HERE6);
	wire_dial(s->g, HERE);
	daemon_start(&s->d);
	assert_true(serve_await_answer(s->g, SERVE_BIND, SCENE_NAME " A", "192.0.2.10", 3000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 2000));
}

static int deletions(const struct server *bind)
{
	return serve_lines(bind->log, "deleting rrset at '" SCENE_NAME "' A", NULL) -
	       serve_lines(bind->log, "adding an RR at '" SCENE_NAME "' A", NULL);
}

static bool is_published(struct scene *s)
{
	char text[256];

	return serve_ask(s->g, SERVE_BIND, SCENE_NAME " A", text) && text[0];
}

static void lost_and_online_is_deleted(void **state)
{
	struct scene *s = *state;
	struct server bind;

	publish(s, &bind, "on-loss = delete after 500ms");
	wire_del(s->g, SIDE_INSIDE, "wan0", HERE);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "", 3000));
	assert_false(is_published(s));
	assert_int_equal(deletions(&bind), 1);
	wire_dial(s->g, HERE);
	assert_true(serve_await_answer(s->g, SERVE_BIND, SCENE_NAME " A", "192.0.2.10", 3000));
}

static void lost_and_cut_off_is_kept(void **state)
{
	struct scene *s = *state;
	struct server bind;

	publish(s, &bind, "on-loss = delete after 500ms");
	wire_del(s->g, SIDE_INSIDE, "wan0", HERE6);
	wire_del(s->g, SIDE_INSIDE, "wan0", HERE);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "why",
				 "no address, and nothing shows that this machine is online: kept",
				 2000));
	ground_nap(1200);
	assert_true(is_published(s));
	wire_add(s->g, SIDE_INSIDE, "wan0", HERE6);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "", 3000));
	assert_int_equal(deletions(&bind), 1);
}

static void stopped_is_deleted_and_published_anew(void **state)
{
	struct scene *s = *state;
	struct server bind;

	publish(s, &bind, "on-stop = delete");
	kill(s->d.pid, SIGHUP);
	ground_nap(300);
	assert_int_equal(daemon_stop(&s->d, SIGKILL) < 0, false);
	assert_true(is_published(s));
	daemon_start(&s->d);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", 2000));
	assert_in_range(daemon_stop(&s->d, SIGTERM), 0, ground_patience(4500));
	assert_int_equal(s->d.exit_code, 0);
	assert_false(is_published(s));
	assert_int_equal(deletions(&bind), 1);
	daemon_start(&s->d);
	assert_true(serve_await_answer(s->g, SERVE_BIND, SCENE_NAME " A", "192.0.2.10", 3000));
}

static void a_server_that_hangs_does_not_keep_it(void **state)
{
	struct scene *s = *state;
	struct server bind;

	publish(s, &bind, "on-stop = delete");
	kill(bind.pid, SIGSTOP);
	kill(s->d.pid, SIGTERM);
	ground_nap(500);
	assert_int_equal(kill(s->d.pid, 0), 0);
	assert_in_range(daemon_stop(&s->d, SIGINT), 0, ground_patience(3500));
	assert_int_equal(s->d.exit_code, 0);
	kill(bind.pid, SIGCONT);
	daemon_start(&s->d);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", 5000));
	assert_true(is_published(s));
	kill(bind.pid, SIGSTOP);
	kill(s->d.pid, SIGTERM);
	ground_nap(1500);
	assert_int_equal(kill(s->d.pid, 0), 0);
	/* Five seconds in all, of which it has had more than one. */
	assert_true(daemon_stop(&s->d, 0) >= 0);
	kill(bind.pid, SIGCONT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(lost_and_online_is_deleted),
		SCENE_CASE(lost_and_cut_off_is_kept),
		SCENE_CASE(stopped_is_deleted_and_published_anew),
		SCENE_CASE(a_server_that_hangs_does_not_keep_it),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
