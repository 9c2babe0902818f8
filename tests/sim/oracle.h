/* SPDX-License-Identifier: MIT */
/* The rules, and whoever sees them kept. */
#ifndef TESTS_SIM_ORACLE_H
#define TESTS_SIM_ORACLE_H

#include "tests/sim/courier.h"

void oracle_reset(void);

/* The daemon has read the kernel. */
void oracle_read(void);

/* A job leaves it; an answer reaches it; it gives a job up; it hears that its updater is dead. */
void oracle_send(const struct courier_job *job, const struct job *wire);
void oracle_answer(const struct courier_job *job);
void oracle_abort(const struct courier_job *job);
void oracle_lose(const struct courier_job *job);

/* All names' types. */
void oracle_user(size_t name, bool retry);
void oracle_reload(void);

/* Its state is on the disk; that is lost; the one before has come back. */
void oracle_saved(void);
void oracle_forget(void);
void oracle_remember_older(void);
void oracle_start(void);

/* resolv.conf is another. */
void oracle_resolver(void);

/* The machine sleeps for ms. */
void oracle_sleep(int64_t ms);

/* The wall clock has been set. */
void oracle_wall(void);

/* It is dead without having been stopped. */
void oracle_killed(void);

/* It has done what there was to do, and waits. */
void oracle_turn(void);

/* All is quiet: how long it may take until all is well (ms), and is it? */
int64_t oracle_patience(void);
void oracle_quiet(void);

/* It has been for long: has everything been refreshed? */
void oracle_settled(void);

#endif
