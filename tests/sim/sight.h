/* SPDX-License-Identifier: MIT */
/* What the daemon has seen of the kernel over time: since when each source could publish which
 * addresses, and since when it had none. */
#ifndef TESTS_SIM_SIGHT_H
#define TESTS_SIM_SIGHT_H

#include "tests/sim/expect.h"

void sight_reset(void);

/* The kernel has been read. */
void sight_read(const struct scene *scene);

/* The daemon begins anew: so does its waiting for calm. */
void sight_begin(void);

/* The machine sleeps for ms from now on: what was not calm has had its time. */
void sight_sleep(int64_t ms);

/* Since when the address could be published; NEVER: it cannot. */
int64_t sight_since(size_t source, enum family family, const struct ipaddr *addr);

/* It has been seen, for whatever source, while it was not deprecated. */
bool sight_was_fresh(const struct ipaddr *addr);

/* Something came up between those moments. */
bool sight_came(size_t source, enum family family, int64_t from, int64_t to);

/* Since when there has been no calm of `quiet` ms. */
int64_t sight_storm_since(size_t source, enum family family);

/* Since when any link has had an address and a way out; NEVER: none has. */
int64_t sight_online_since(void);

/* Since when it has had no address; NEVER: it has. */
int64_t sight_absent_since(size_t source, enum family family);

#endif
