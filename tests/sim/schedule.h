/* SPDX-License-Identifier: MIT */
/* One run: a world from a seed, what happens to it, and the quiet after. */
#ifndef TESTS_SIM_SCHEDULE_H
#define TESTS_SIM_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

/* NULL: all rules were kept; else the first that was not (valid until the next run). */
const char *schedule_run(uint64_t seed, bool verbose);

#endif
