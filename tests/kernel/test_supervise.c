/* SPDX-License-Identifier: MIT */
/* Updaters that crash, hang or cannot even start: nothing is lost, and nlddnsd stays what it is. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "tests/kernel/inside.h"
#include "tests/kernel/scene.h"

#define A SCENE_NAME " A"

enum { SILENCE = 10000 }; /* ms; an updater that says nothing for longer hangs */

/* A signal for the updater at work; the provider answers again. */
static void strike(struct scene *s, int signal)
{
	pid_t updater;

	serve_web_as(&s->web, "/hang");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, "192.0.2.10", "hang", 2000));
	updater = daemon_updater(&s->d);
	assert_int_not_equal(updater, 0);
	serve_web_as(&s->web, NULL);
	assert_int_equal(kill(updater, signal), 0);
}

static void what_a_crash_interrupts_is_done_again(void **state)
{
	struct scene *s = *state;

	strike(s, SIGABRT); /* not SIGSEGV, which a sanitizer would complain of */
	scene_expect(s, "192.0.2.10", 2);
	assert_int_equal(daemon_logged(&s->d, "was ended by signal 6", NULL), 1);
	assert_int_equal(daemon_logged(&s->d, "owed 1 answers", NULL), 1);
}

static void expect_answers(struct scene *s)
{
	int64_t from = ground_now();
	char state[256];

	daemon_field(&s->d, A, "state", state);
	assert_string_not_equal(state, "");
	assert_true(ground_now() - from < ground_patience(2000) * INT64_C(1000000));
}

/* Stopped while it waits for work: it takes up none, and is replaced. */
static void one_that_hangs_is_replaced(void **state)
{
	struct scene *s = *state;
	int64_t from;

	daemon_configure(s->g, &s->d, "keep-updater = yes\n", DAEMON_RECORD, SCENE_NAME, 8080,
			 "/nic/update");
	scene_settled(s);
	assert_int_equal(kill(daemon_updater(&s->d), SIGSTOP), 0);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	from = ground_now();
	assert_true(daemon_await(&s->d, A, "state", "sending", 2000));
	expect_answers(s);
	assert_true(serve_await(&s->web, 1, "192.0.2.20", NULL, SILENCE + 5000));
	assert_true(ground_now() - from > (SILENCE - 1000) * INT64_C(1000000));
	scene_expect(s, "192.0.2.20", 1);
	assert_int_equal(daemon_logged(&s->d, "takes up no work", NULL), 1);
}

/* One that is merely slow to answer is left alone. */
static void one_that_waits_for_a_slow_provider_does_not_hang(void **state)
{
	struct scene *s = *state;
	pid_t updater;

	serve_web_as(&s->web, "/slow/12000");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, "192.0.2.10", NULL, 2000));
	updater = daemon_updater(&s->d);
	assert_true(daemon_await(&s->d, A, "confirmed", "192.0.2.10", 15000));
	assert_int_equal(daemon_updater(&s->d), updater);
	scene_expect(s, "192.0.2.10", 1);
}

static void copy_program(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	struct stat st;

	assert_true(in >= 0 && out >= 0 && fstat(in, &st) == 0);
	for (off_t left = st.st_size; left > 0;) {
		ssize_t n = sendfile(out, in, NULL, (size_t)left);

		assert_true(n > 0);
		left -= n;
	}
	close(in);
	close(out);
}

/* nlddnsd in a folder of its own, where nlddns-updater is this script. */
static void replace_updater(struct scene *s, char program[static GROUND_PATH], const char *script)
{
	char built[GROUND_PATH], path[GROUND_PATH];

	mkdir(ground_path(s->g, path, "bin"), 0700);
	copy_program(ground_built(built, "nlddnsd"), ground_path(s->g, program, "bin/nlddnsd"));
	ground_path(s->g, path, "bin/nlddns-updater");
	ground_write(path, "#!/bin/sh\necho start >>%s/starts\n%s\n", s->g->dir, script);
	assert_int_equal(chmod(path, 0700), 0);
	s->d.program = program;
}

static int starts(const struct scene *s)
{
	char path[GROUND_PATH];

	return serve_lines(ground_path(s->g, path, "starts"), "start", NULL);
}

static bool repaired(void *arg)
{
	struct scene *s = arg;
	char built[GROUND_PATH], path[GROUND_PATH], temporary[GROUND_PATH];

	copy_program(ground_built(built, "nlddns-updater"),
		     ground_path(s->g, temporary, "bin/new"));
	return rename(temporary, ground_path(s->g, path, "bin/nlddns-updater")) == 0;
}

/* At 0, 1, 2 and 4 s, or one more at first, whatever the kernel tells meanwhile. */
static void a_crash_loop_slows_down(void **state)
{
	struct scene *s = *state;
	char program[GROUND_PATH];
	int64_t until;

	replace_updater(s, program, "kill -SEGV $$");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	until = ground_now() + INT64_C(5000000000);
	for (int i = 0; ground_now() < until; i++) {
		wire_add(s->g, SIDE_INSIDE, "wan0", i % 2 ? "192.0.2.20/32" : "192.0.2.30/32");
		ground_nap(50);
		wire_del(s->g, SIDE_INSIDE, "wan0", i % 2 ? "192.0.2.20/32" : "192.0.2.30/32");
	}
	expect_answers(s);
	assert_in_range(starts(s), 3, 5);
	assert_int_equal(daemon_logged(&s->d, "ended 2 times in a row", NULL), 1);
	assert_int_equal(daemon_logged(&s->d, "ended 3 times in a row", NULL), 1);
	assert_true(repaired(s));
	assert_true(daemon_await(&s->d, A, "confirmed", "192.0.2.10", 10000));
}

/* Started ahead of need, with nothing to do yet. */
static void one_that_dies_at_its_start_is_no_storm(void **state)
{
	struct scene *s = *state;
	char program[GROUND_PATH];

	replace_updater(s, program, "exit 1");
	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "settle = 2s\nsettle-max = 2s\n",
			 SCENE_NAME, 8080, "/nic/update");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	ground_nap(1900);
	assert_in_range(starts(s), 1, 4);
	assert_true(repaired(s));
	scene_expect(s, "192.0.2.10", 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(what_a_crash_interrupts_is_done_again),
		SCENE_CASE(one_that_hangs_is_replaced),
		SCENE_CASE(one_that_waits_for_a_slow_provider_does_not_hang),
		SCENE_CASE(a_crash_loop_slows_down),
		SCENE_CASE(one_that_dies_at_its_start_is_no_storm),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
