/* SPDX-License-Identifier: MIT */
/* `nlddns status --check`: what is wrong, for those who are not people. */
#ifndef UPDATE_CTL_HEALTH_H
#define UPDATE_CTL_HEALTH_H

#include <jansson.h>
#include <stdint.h>

struct context;

/* The problems in the daemon's status: a new array of {"name", "type", "state", "since", "why"}; of
 * the daemon itself only the last. now: seconds since 1970. */
json_t *health_judge(const json_t *status, int64_t now);

/* Asks the daemon and prints a line a problem, or that all is well. Returns the exit code. */
int health_check(const struct context *context);

#endif
