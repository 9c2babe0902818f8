/* SPDX-License-Identifier: MIT */
/* Accounts that are held as a whole: what that means to their records. Why they are: trust.h. */
#ifndef UPDATE_DAEMON_BAR_H
#define UPDATE_DAEMON_BAR_H

#include "update/daemon/engine.h"

/* The record is held with its account: neither for itself, nor retried, nor under way. */
bool bar_holds(const struct engine *engine, const struct record *record);

/* An answer has had the account held, or released. One line of the log tells, and its records are
 * looked at; those that wait in its lane leave it. */
void bar_turn(struct engine *engine, size_t account);

/* All that the disk has is restored: nobody is told again of what is held with its account, but for
 * a warning about each such account. */
void bar_restored(struct engine *engine);

/* The user says try again: releases this record, whatever its account. A look at it follows. */
void bar_retry(struct engine *engine, struct record *record);

#endif
