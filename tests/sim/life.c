/* SPDX-License-Identifier: MIT */
#include "tests/sim/life.h"

#include <stdio.h>
#include <string.h>

#include "tests/sim/courier.h"
#include "tests/sim/kernel.h"
#include "tests/sim/oracle.h"
#include "tests/sim/report.h"
#include "tests/sim/vtime.h"
#include "update/daemon/answer.h"
#include "update/daemon/clock.h"
#include "update/daemon/daemon.h"
#include "update/daemon/reload.h"

/* Turns in a row without time going by. */
#define SPIN_MAX 200

static struct {
	struct daemon daemon;
	struct scene scene, file;
	bool runs, over, ending, mistaken;
	unsigned doom; /* 0: none */
	int64_t turned_at;
	unsigned spins;
} l;

void life_reset(const struct scene *scene)
{
	memset(&l, 0, sizeof(l));
	l.scene = l.file = *scene;
}

const struct scene *life_scene(void)
{
	return &l.scene;
}

bool life_runs(void)
{
	return l.runs;
}

bool life_listens(void)
{
	return l.runs && belief_fd(l.daemon.belief) >= 0;
}

bool life_over(void)
{
	return l.over;
}

bool life_effect(const char *what)
{
	if (l.doom > 0 && --l.doom == 0 && !l.over) {
		l.over = true;
		report_say("daemon: killed before %s", what);
	}
	return l.over;
}

const char *life_file(const char *path)
{
	if (strcmp(path, SCENE_PATH) != 0)
		return NULL;
	return l.mistaken ? "[r0.example.org]\nacount = a0\n" : scene_write(&l.file);
}

/* No error is expected, but for the mistaken file. */
static void check_errors(struct cfg_errors *errors)
{
	for (size_t i = 0; i < errors->n && !l.mistaken; i++)
		if (!errors->list[i].warning)
			report_broken("the configuration is refused: %s", errors->list[i].text);
	cfg_errors_done(errors);
}

void life_start(void)
{
	struct cfg_errors errors = {.n = 0};
	struct cfg *cfg = NULL;

	l.mistaken = false;
	l.scene = l.file;
	l.daemon = (struct daemon){.path = SCENE_PATH};
	if (cfg_load(SCENE_PATH, &cfg, &errors) < 0)
		report_broken("the configuration cannot be loaded");
	check_errors(&errors);
	if (!cfg)
		return;
	report_say("daemon: starts");
	l.runs = true;
	oracle_start();
	if (daemon_start(&l.daemon, NULL, cfg) < 0)
		report_broken("the daemon does not start");
}

static void bury(void)
{
	bool killed = l.over;

	report_say("daemon: ends");
	daemon_stop(&l.daemon);
	courier_orphan();
	if (killed) {
		report_add(REPORT_KILLED);
		oracle_killed();
	}
	l.runs = l.over = l.ending = false;
	l.doom = 0;
}

bool life_ending(void)
{
	return l.runs && l.ending;
}

void life_stop(void)
{
	if (!l.runs)
		return;
	report_say("daemon: is to stop");
	l.ending = true;
	if (daemon_end(&l.daemon, clock_now()) || l.over)
		bury();
}

void life_kill(void)
{
	if (!l.runs)
		return;
	report_say("daemon: killed");
	l.over = true;
	bury();
}

void life_doom(unsigned effects)
{
	l.doom = effects;
}

void life_reload(const struct scene *scene, bool mistaken)
{
	struct cfg_errors errors = {.n = 0};
	int err;

	/* One that is about to end refuses. */
	if (!l.runs || l.ending) {
		l.file = *scene;
		return;
	}
	l.mistaken = mistaken;
	if (!mistaken)
		l.file = *scene;
	report_say("daemon: reloads%s", mistaken ? " a mistake" : "");
	if (!mistaken && report_verbose())
		printf("%s", scene_write(scene));
	err = reload_daemon(&l.daemon, &errors);
	check_errors(&errors);
	l.mistaken = false;
	if (mistaken == (err == 0))
		report_broken("reload says %d", err);
	if (err < 0)
		return;
	l.scene = l.file;
	report_add(REPORT_RELOADED);
	oracle_reload();
}

void life_user(size_t record, bool retry)
{
	struct verb verb = {.kind = retry ? VERB_RETRY : VERB_UPDATE};
	json_t *json = NULL;

	if (!l.runs)
		return;
	snprintf(verb.name, sizeof(verb.name), "r%zu.example.org", record / RECORD_TYPE_COUNT);
	report_say("user: %s %s", retry ? "retry" : "update", verb.name);
	oracle_user(record / RECORD_TYPE_COUNT, retry);
	answer_verb(&l.daemon, &verb, &json);
	json_decref(json);
}

static void count_spins(void)
{
	if (l.turned_at != vtime_now())
		l.spins = 0;
	l.turned_at = vtime_now();
	if (++l.spins > SPIN_MAX)
		report_broken("the daemon turns in circles without time going by");
}

void life_turn(void)
{
	if (!l.runs)
		return;
	count_spins();
	if (kernel_readable() && life_listens())
		belief_drain(l.daemon.belief, clock_now());
	if (courier_readable())
		daemon_read_updater(&l.daemon, clock_now());
	daemon_turn(&l.daemon, clock_now());
	if (!l.over)
		oracle_turn();
	if (l.over || daemon_ended(&l.daemon, clock_now()))
		bury();
}

void life_wake(void)
{
	if (l.runs)
		daemon_wake(&l.daemon, clock_now());
}

int64_t life_due(void)
{
	int64_t due = l.runs ? daemon_due(&l.daemon, clock_now()) : -1;

	return due < 0 ? -1 : vtime_of(due);
}

const struct record *life_record(size_t record)
{
	if (!l.runs)
		return NULL;
	for (size_t i = 0; i < l.daemon.engine->records->n; i++) {
		const struct record *at = &l.daemon.engine->records->list[i];

		/* By the digit of its name; this is asked for often. */
		if ((size_t)(at->cfg->name[1] - '0') == record / RECORD_TYPE_COUNT &&
		    at->cfg->type == scene_type(record))
			return at;
	}
	return NULL;
}
