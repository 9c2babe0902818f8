/* SPDX-License-Identifier: MIT */
/* A job given to nlddns-updater itself, as nlddnsd gives them. */
#ifndef TESTS_KERNEL_ERRAND_H
#define TESTS_KERNEL_ERRAND_H

#include "tests/kernel/ground.h"

/* How one record ended. */
struct errand_end {
	char verdict[32], truth[16], why[256];
	int ttl;
};

/* Starts an updater inside, gives it one job (the JSON object of update/wire.h, printf style), and
 * ends it. Returns how the first record ended. */
struct errand_end errand_run(struct ground *g, const char *job, ...)
	__attribute__((format(printf, 2, 3)));

#endif
