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

/* One record for one provider. */
struct errand {
	const char *provider;
	const char *values; /* members of a JSON object */
	const char *name;
	const char *addr; /* IPv4 */
	bool verify;
};

/* Starts an updater inside, gives it the job, and ends it. */
struct errand_end errand_run(struct ground *g, const struct errand *errand);

#endif
