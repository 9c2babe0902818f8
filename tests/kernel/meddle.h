/* SPDX-License-Identifier: MIT */
/* The usual scene with nlddnsd-fault in the place of nlddnsd, and what is to go wrong for it. */
#ifndef TESTS_KERNEL_MEDDLE_H
#define TESTS_KERNEL_MEDDLE_H

#include "tests/fault/plan.h"
#include "tests/kernel/scene.h"

/* The scene's daemon is to be nlddnsd-fault from now on; the plan (all zero) lives until the next
 * call. */
struct plan *meddle(struct scene *s);

/* Waits until a number of the plan is at least that. */
bool meddle_await(const struct scene *s, const _Atomic int32_t *number, int32_t least, int ms);

/* An event that concerns no record: an address on lo comes and goes. */
void meddle_nudge(struct scene *s);

/* Datagrams that the daemon is to receive as though the kernel sent them: gathered one by one,
 * then delivered, ahead of an event that makes it look; false: it does not take them all. */
void meddle_gather(struct plan *plan, const void *datagram, size_t size);
bool meddle_deliver(struct scene *s, struct plan *plan);

/* The wall clock jumps, or the machine wakes from a suspend. */
void meddle_jump(struct scene *s);

#endif
