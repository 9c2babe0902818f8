/* SPDX-License-Identifier: MIT */
/* A resolver that tells the truth about zones and their servers, and lies about every other name.
 */
#ifndef TESTS_KERNEL_LIAR_H
#define TESTS_KERNEL_LIAR_H

#include "tests/kernel/ground.h"

#define LIAR "198.51.100.55"

/* Starts it on the provider's side. Its lie: every other name has this address, authoritatively. */
void liar_start(struct ground *g, const char *lie);

/* How many questions there were, and how many of them about names it lies about. */
int liar_asked(void);
int liar_believed(void);

#endif
