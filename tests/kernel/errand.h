/* SPDX-License-Identifier: MIT */
/* A job given to nlddns-updater itself, as nlddnsd gives them. */
#ifndef TESTS_KERNEL_ERRAND_H
#define TESTS_KERNEL_ERRAND_H

#include "providers/provider.h"
#include "tests/kernel/ground.h"

/* How one record ended. */
struct errand_end {
	enum verdict verdict;
	enum truth truth;
	int ttl;
	char why[256];
};

/* One record for one provider. */
struct errand {
	const char *provider;
	int n_values;
	const char *values; /* a line for the name and one for the text of each */
	const char *name;
	const char *addr; /* IPv4 */
	bool verify;
};

/* Starts an updater inside, gives it the job, and ends it. */
struct errand_end errand_run(struct ground *g, const struct errand *errand);

#endif
