/* SPDX-License-Identifier: MIT */
/* A reload in the middle of things. */
#include <signal.h>

#include "tests/kernel/scene.h"

/* The reload's first reading is "no address": what was published is deleted once, never sent. */
static void reload_during_a_loss_deletes_and_rests(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];

	ground_write(ground_path(s->g, path, "hosts"), "127.0.0.1 localhost\n");
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = hosts\nfile = %s\nfamily = ipv4\n"
			 "on-loss = delete after 1s\n",
			 path);
	daemon_start(&s->d);
	/* By which the machine is online all the time. */
	wire_dial(s->g, "2001:db8:1::10/64");
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 2000));
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	kill(s->d.pid, SIGHUP);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "", 3000));
	assert_int_equal(serve_lines(path, SCENE_NAME, NULL), 0);
	ground_nap(1000);
	assert_int_equal(serve_lines(path, SCENE_NAME, NULL), 0);
	assert_int_equal(daemon_logged(&s->d, SCENE_NAME " A: ", "-> confirmed"), 1);
	assert_true(daemon_logged(&s->d, SCENE_NAME " A: ", NULL) < 10);
	wire_dial(s->g, "192.0.2.20/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.20", 2000));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(reload_during_a_loss_deletes_and_rests),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
