/* SPDX-License-Identifier: MIT */
/*
 * SIGKILL at a thousand moments, while addresses change all the time, against a real BIND: nothing
 * is lost, and no state is unreadable. $NLDDNS_SEED repeats the moments (not what the machine makes
 * of them).
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "tests/kernel/crowd.h"
#include "tests/kernel/inside.h"

enum {
	KILLS = 1000,
	UPDATER_KILLS = 200,
	PERIODS = 100, /* each ends with a look whether all is well */
	DELAY_US = 60000,
	WRITE_US = 1500, /* how long saving the state may take */
	CHANGE_MS = 20,  /* between changes, at least; at most four times that */
};

enum moment { MOMENT_START, MOMENT_CHANGE, MOMENT_WRITE };

/* What is to be killed next of a member's, and when. */
struct target {
	struct member *m;
	enum moment moment;
	int64_t at;  /* ns; 0: once it is known when */
	int writing; /* inotify on the state directory */
};

struct hunt {
	struct crowd *c;
	struct target targets[CROWD_SIZE];
	int64_t next_change;
	int kills, torn;
	int periods;
};

static int64_t soon(struct crowd *c, unsigned us)
{
	return ground_now() + crowd_random(c, us) * INT64_C(1000);
}

static void aim(struct hunt *h, struct target *t)
{
	t->moment = (enum moment)crowd_random(h->c, 3);
	t->at = t->moment == MOMENT_START ? soon(h->c, DELAY_US) : 0;
}

static bool has_new_state(const struct target *t)
{
	char path[GROUND_PATH];

	return access(daemon_path(&t->m->d, path, "state/state.new"), F_OK) == 0;
}

static void drain(const struct target *t)
{
	char events[4096];

	while (read(t->writing, events, sizeof(events)) > 0)
		;
}

static void watch_writing(struct target *t)
{
	char path[GROUND_PATH];

	t->writing = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	assert_true(t->writing >= 0);
	assert_true(inotify_add_watch(t->writing, daemon_path(&t->m->d, path, "state"),
				      IN_CREATE) >= 0);
}

static void kill_and_restart(struct hunt *h, struct target *t)
{
	struct daemon *d = &t->m->d;

	assert_true(daemon_stop(d, SIGKILL) >= 0);
	if (d->exit_code != -1)
		crowd_fail(h->c, t->m, "nlddnsd has ended by itself");
	h->kills++;
	h->torn += has_new_state(t);
	crowd_expect_sound(h->c, t->m);
	drain(t);
	if (crowd_random(h->c, 3) == 0)
		crowd_change(h->c);
	daemon_launch(d);
	aim(h, t);
}

static void change(struct hunt *h)
{
	crowd_change(h->c);
	h->next_change = ground_now() + CHANGE_MS * INT64_C(1000000) +
			 crowd_random(h->c, 3 * CHANGE_MS * 1000) * INT64_C(1000);
	for (int i = 0; i < CROWD_SIZE; i++)
		if (h->targets[i].moment == MOMENT_CHANGE && !h->targets[i].at)
			h->targets[i].at = soon(h->c, DELAY_US);
}

/* Until something is written or the next moment comes. */
static void wait_a_moment(struct hunt *h)
{
	struct pollfd fds[CROWD_SIZE];
	int64_t next = h->next_change, now;
	struct timespec span = {0, 0};

	for (int i = 0; i < CROWD_SIZE; i++) {
		struct target *t = &h->targets[i];

		fds[i] = (struct pollfd){t->moment == MOMENT_WRITE && !t->at ? t->writing : -1,
					 POLLIN, 0};
		if (t->at && t->at < next)
			next = t->at;
	}
	now = ground_now();
	if (next > now)
		span.tv_nsec = next - now;
	if (ppoll(fds, CROWD_SIZE, &span, NULL) <= 0)
		return;
	for (int i = 0; i < CROWD_SIZE; i++)
		if (fds[i].revents)
			h->targets[i].at = soon(h->c, WRITE_US);
}

static void hunt_daemons(struct hunt *h, int kills)
{
	while (h->kills < kills) {
		if (ground_now() >= h->next_change)
			change(h);
		wait_a_moment(h);
		for (int i = 0; i < CROWD_SIZE && h->kills < kills; i++)
			if (h->targets[i].at && ground_now() >= h->targets[i].at)
				kill_and_restart(h, &h->targets[i]);
	}
}

static void begin(struct hunt *h, struct crowd *c)
{
	h->c = c;
	if (!c->bind.pid)
		skip();
	crowd_change(c);
	for (int i = 0; i < CROWD_SIZE; i++) {
		h->targets[i].m = &c->members[i];
		watch_writing(&h->targets[i]);
		daemon_launch(&c->members[i].d);
	}
	crowd_expect_converged(c);
	/* With a checker inside they are slow: a fifth will do. */
	h->periods = inside_distorted(c->members[0].d.pid) ? PERIODS / 5 : PERIODS;
	for (int i = 0; i < CROWD_SIZE; i++)
		aim(h, &h->targets[i]);
}

static void end(struct hunt *h)
{
	for (int i = 0; i < CROWD_SIZE; i++) {
		assert_true(daemon_stop(&h->c->members[i].d, SIGTERM) >= 0);
		assert_int_equal(h->c->members[i].d.exit_code, 0);
		close(h->targets[i].writing);
	}
}

static int updates(const struct crowd *c)
{
	return serve_lines(c->bind.log, "adding an RR at ", NULL);
}

static void daemons_killed_a_thousand_times_lose_nothing(void **state)
{
	struct hunt h = {0};
	int64_t from = ground_now();

	begin(&h, *state);
	for (int i = 1; i <= h.periods; i++) {
		hunt_daemons(&h, i * KILLS / PERIODS);
		crowd_expect_converged(h.c);
	}
	end(&h);
	assert_in_range(h.torn, 1, KILLS);
	/* For each name: one for each change, and at most one more for each death. */
	assert_in_range(updates(h.c), 2 * CROWD_SIZE, 2 * CROWD_SIZE * h.c->changes + 2 * h.kills);
	printf("# case kill: %d kills of nlddnsd (%d while it wrote its state), %d changes, %d "
	       "updates in %lld s\n",
	       h.kills, h.torn, h.c->changes, updates(h.c),
	       (long long)((ground_now() - from) / 1000000000));
}

static void kill_updater(struct hunt *h, struct target *t)
{
	pid_t updater = daemon_updater(&t->m->d);

	t->at = 0;
	if (!updater)
		return;
	kill(updater, SIGKILL);
	h->kills++;
}

static void hunt_updaters(struct hunt *h, int kills)
{
	while (h->kills < kills) {
		if (ground_now() >= h->next_change)
			change(h);
		wait_a_moment(h);
		for (int i = 0; i < CROWD_SIZE && h->kills < kills; i++)
			if (h->targets[i].at && ground_now() >= h->targets[i].at)
				kill_updater(h, &h->targets[i]);
	}
}

static void updaters_killed_two_hundred_times_lose_nothing(void **state)
{
	struct hunt h = {0};
	int64_t from = ground_now();

	begin(&h, *state);
	for (int i = 0; i < CROWD_SIZE; i++) {
		h.targets[i].moment = MOMENT_CHANGE;
		h.targets[i].at = 0;
	}
	for (int i = 1; i <= h.periods; i++) {
		hunt_updaters(&h, i * UPDATER_KILLS / PERIODS);
		crowd_expect_converged(h.c);
	}
	end(&h);
	printf("# case kill: %d kills of nlddns-updater, %d changes, %d updates in %lld s\n",
	       h.kills, h.c->changes, updates(h.c),
	       (long long)((ground_now() - from) / 1000000000));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(daemons_killed_a_thousand_times_lose_nothing,
						crowd_setup, crowd_teardown),
		cmocka_unit_test_setup_teardown(updaters_killed_two_hundred_times_lose_nothing,
						crowd_setup, crowd_teardown),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
