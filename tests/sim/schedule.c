/* SPDX-License-Identifier: MIT */
#include "tests/sim/schedule.h"

#include <stdio.h>

#include "tests/sim/courier.h"
#include "tests/sim/disk.h"
#include "tests/sim/kernel.h"
#include "tests/sim/life.h"
#include "tests/sim/oracle.h"
#include "tests/sim/report.h"
#include "tests/sim/rng.h"
#include "tests/sim/stubs.h"
#include "tests/sim/vtime.h"

#define STEPS_LEAST 20
#define STEPS_MOST  200

enum trouble {
	TROUBLE_KERNEL,
	TROUBLE_EVENTS,
	TROUBLE_READING,
	TROUBLE_PROVIDER,
	TROUBLE_NAME,
	TROUBLE_UPDATER,
	TROUBLE_KILL,
	TROUBLE_STOP,
	TROUBLE_DISK,
	TROUBLE_WALL,
	TROUBLE_SUSPEND,
	TROUBLE_RELOAD,
	TROUBLE_USER,
	TROUBLE_RESOLVER,
	TROUBLE_STRANGER,
	TROUBLE_NONE,
};
#define TROUBLE_COUNT (TROUBLE_NONE + 1)

static struct {
	struct scene scene; /* as the user has it in mind */
	uint32_t weights[TROUBLE_COUNT], weight;
	int64_t start_at; /* of the daemon; -1: it runs */
} w;

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Whatever is due by itself, one thing after the other. */
static void advance(int64_t until)
{
	while (!report_why()) {
		int64_t next;

		if (!life_runs() && w.start_at < 0)
			w.start_at = vtime_now() + rng_span(10, 5 * MINUTE);
		next = sooner(sooner(kernel_due(), courier_due()), life_due());

		next = sooner(next, w.start_at);
		if (next < 0 || next > until)
			break;
		vtime_set(next);
		kernel_tick();
		courier_tick();
		if (w.start_at >= 0 && vtime_now() >= w.start_at) {
			w.start_at = -1;
			life_start();
			life_turn();
		} else if (kernel_readable() || courier_readable() ||
			   (life_due() >= 0 && life_due() <= vtime_now())) {
			life_turn();
		}
		if (!life_listens())
			kernel_unheard();
	}
	vtime_set(until);
}

/* Often a moment, now and then hours. */
static int64_t pause_ms(void)
{
	uint32_t dice = rng_below(20);

	if (dice < 9)
		return rng_below(100);
	if (dice < 15)
		return rng_span(100, 10 * SECOND);
	if (dice < 19)
		return rng_span(10 * SECOND, 20 * MINUTE);
	return rng_span(20 * MINUTE, 12 * HOUR);
}

static void harm_daemon(bool orderly)
{
	if (!life_runs())
		return;
	if (!orderly && rng_one_in(2)) {
		life_doom(1 + rng_below(6));
		return;
	}
	if (orderly)
		life_stop();
	else
		life_kill();
	if (life_runs())
		return;
	w.start_at = vtime_now() + rng_span(10, 10 * MINUTE);
	if (!rng_one_in(4))
		return;
	report_say("the machine boots");
	report_add(REPORT_REBOOTED);
	vtime_boot(rng_below(60000));
	kernel_boot();
}

/* To the file of a daemon that does not run, or a disk that is full. */
static void harm_disk(void)
{
	if (rng_one_in(2)) {
		disk_fill_until(vtime_now() + rng_span(1 * SECOND, 1 * HOUR));
		report_say("disk: full");
		return;
	}
	harm_daemon(false);
	if (!life_runs())
		disk_harm((enum disk_harm)rng_below(DISK_HARMS));
}

static void set_wall(void)
{
	int64_t wall = vtime_now() + vtime_wall_offset();

	switch (rng_below(4)) {
	case 0: /* as if without a battery */
		wall = vtime_now() % (10 * MINUTE);
		break;
	case 1:
		wall -= rng_span(1 * SECOND, 48 * HOUR);
		break;
	case 2:
		wall += rng_span(1 * SECOND, 48 * HOUR);
		break;
	case 3:
		wall = INT64_C(1795341600000) + vtime_now();
		break;
	}
	/* The kernel lets nobody set it to before the boot. */
	if (wall < 10 * MINUTE)
		wall = 10 * MINUTE;
	vtime_set_wall(wall);
	oracle_wall();
	life_wake();
	report_say("the wall clock is set to %lld", (long long)wall / 1000);
	report_add(REPORT_WALL_JUMP);
}

static void suspend(void)
{
	int64_t ms = rng_span(1 * SECOND, 12 * HOUR);

	report_say("suspended for %lld s", (long long)ms / 1000);
	report_add(REPORT_SUSPENDED);
	oracle_sleep(ms);
	vtime_set(vtime_now() + ms);
	kernel_woken();
	life_wake();
}

static void reload(void)
{
	struct scene edited = w.scene;

	if (rng_one_in(5)) {
		life_reload(&w.scene, true);
		return;
	}
	scene_edit(&edited);
	w.scene = edited;
	life_reload(&w.scene, false);
}

static void ask(void)
{
	size_t record = rng_below(SCENE_RECORDS);

	if (scene_has(&w.scene, record))
		life_user(record, rng_one_in(2));
}

static void meddle(void)
{
	size_t record = rng_below(SCENE_RECORDS);

	if (!scene_has(life_scene(), record))
		return;
	server_meddle(scene_name(life_scene(), record)->account, record);
}

static void happen(enum trouble trouble)
{
	switch (trouble) {
	case TROUBLE_KERNEL:
		kernel_step((enum kernel_step)rng_below(KERNEL_STEPS));
		break;
	case TROUBLE_EVENTS:
		report_say("events are lost");
		kernel_step((enum kernel_step)rng_below(KERNEL_STEPS));
		kernel_lose();
		break;
	case TROUBLE_READING:
		report_say("reading fails");
		kernel_fail_until(vtime_now() + rng_span(10, 2 * MINUTE));
		kernel_step((enum kernel_step)rng_below(KERNEL_STEPS));
		break;
	case TROUBLE_PROVIDER:
		server_step(rng_below((uint32_t)w.scene.n_accounts));
		break;
	case TROUBLE_NAME:
		server_refuse(rng_below(SCENE_RECORDS), rng_one_in(2));
		break;
	case TROUBLE_UPDATER:
		courier_step();
		break;
	case TROUBLE_KILL:
		harm_daemon(false);
		break;
	case TROUBLE_STOP:
		harm_daemon(true);
		break;
	case TROUBLE_DISK:
		harm_disk();
		break;
	case TROUBLE_WALL:
		set_wall();
		break;
	case TROUBLE_SUSPEND:
		suspend();
		break;
	case TROUBLE_RELOAD:
		reload();
		break;
	case TROUBLE_USER:
		ask();
		break;
	case TROUBLE_RESOLVER:
		report_say("resolv.conf changes");
		stubs_change_resolver();
		oracle_resolver();
		break;
	case TROUBLE_STRANGER:
		meddle();
		break;
	case TROUBLE_NONE:
		break;
	}
}

static void step(void)
{
	uint32_t at = rng_below(w.weight);
	unsigned trouble = 0;

	while (at >= w.weights[trouble])
		at -= w.weights[trouble++];
	happen((enum trouble)trouble);
	kernel_tick();
	courier_tick();
	/* What is told to it from outside wakes it. */
	life_turn();
}

/* Each world has troubles of its own. */
static void weigh(void)
{
	static const uint32_t weights[] = {0, 0, 1, 1, 3};

	w.weight = 0;
	for (unsigned i = 0; i < TROUBLE_COUNT; i++) {
		w.weights[i] = weights[rng_below(5)];
		if (i == TROUBLE_KERNEL)
			w.weights[i] = 4 + rng_below(8);
		if (i == TROUBLE_PROVIDER)
			w.weights[i] += rng_below(3);
		w.weight += w.weights[i];
	}
}

static void calm_down(void)
{
	report_say("all is quiet");
	life_doom(0);
	kernel_calm();
	server_calm();
	courier_calm();
	disk_fill_until(NEVER);
	if (w.start_at >= 0)
		w.start_at = vtime_now();
	advance(vtime_now() + 1 * SECOND);
	for (size_t i = 0; i < SCENE_RECORDS && rng_one_in(2); i++)
		if (scene_has(&w.scene, i))
			life_user(i, true);
	life_turn();
}

static void make_world(uint64_t seed)
{
	rng_seed(seed);
	vtime_reset();
	vtime_set(rng_below(1000));
	vtime_boot(rng_below(100000));
	kernel_reset();
	server_reset();
	courier_reset();
	disk_reset();
	oracle_reset();
	scene_make(&w.scene);
	life_reset(&w.scene);
	weigh();
	w.start_at = vtime_now();
	if (report_verbose())
		printf("%s", scene_write(&w.scene));
}

const char *schedule_run(uint64_t seed, bool verbose)
{
	int64_t steps;

	report_reset(verbose);
	make_world(seed);
	steps = rng_span(STEPS_LEAST, STEPS_MOST);
	advance(vtime_now());
	for (int64_t i = 0; i < steps && !report_why(); i++) {
		step();
		advance(vtime_now() + pause_ms());
	}
	if (!report_why()) {
		calm_down();
		advance(vtime_now() + oracle_patience());
		oracle_quiet();
	}
	if (!report_why() && seed % 4 == 0) {
		advance(vtime_now() + 26 * HOUR);
		oracle_settled();
	}
	life_kill();
	return report_why();
}
