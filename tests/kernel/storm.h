/* SPDX-License-Identifier: MIT */
/* Changes of the WAN address in the middle of much else, and the time they take. */
#ifndef TESTS_KERNEL_STORM_H
#define TESTS_KERNEL_STORM_H

#include "tests/kernel/scene.h"

/* The WAN keeps a private address and its default route: only the public address changes. */
void storm_begin(struct scene *s, const char *first);

/* The public address is another one now; none is ever missing. */
void storm_change(struct scene *s, const char *from, const char *to);

/* The same; milliseconds until the request with it arrived, -1: none within 5 s. */
int storm_react(struct scene *s, const char *from, const char *to);

/* The lifetimes of an address of wan0 are set so many times, as router advertisements do. */
void storm_refresh(struct scene *s, const char *ip, unsigned times);

#endif
