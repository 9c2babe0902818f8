/* SPDX-License-Identifier: MIT */
/* The daemon's life: the real one, started, woken, reloaded, stopped and killed. */
#ifndef TESTS_SIM_LIFE_H
#define TESTS_SIM_LIFE_H

#include "tests/sim/scene.h"

struct record;

/* The file says this; nothing runs yet. */
void life_reset(const struct scene *scene);

/* What it has loaded; while it does not run, what it had. */
const struct scene *life_scene(void);
bool life_runs(void);

/* It has a socket for the kernel's events. */
bool life_listens(void);

/* It is dead in the middle of a turn: what it does from here on has no effect. */
bool life_over(void);

/* The daemon is about to do something to the outside. True: it dies before. */
bool life_effect(const char *what);

void life_start(void);

/* SIGTERM; it may take a while, unless it is the second. */
void life_stop(void);

/* It is on its way to the end. */
bool life_ending(void);

/* kill -9, now or at its so manieth effect from now on. */
void life_kill(void);
void life_doom(unsigned effects);

/* The file is edited, perhaps with a mistake, and a running daemon told so. */
void life_reload(const struct scene *scene, bool mistaken);

/* nlddns update NAME, or retry. */
void life_user(size_t record, bool retry);

/* Wakes it, if it runs and something is to be done. */
void life_turn(void);

/* The wall clock has been set, or the machine has slept. */
void life_wake(void);

/* When it wants to be woken, in the world's time; -1: by events alone. */
int64_t life_due(void);

/* NULL: not configured, or it does not run. */
const struct record *life_record(size_t record);

/* The text of a file; NULL: there is none. */
const char *life_file(const char *path);

#endif
