/* SPDX-License-Identifier: MIT */
/* Watches the records of a name until what was asked for has come to an end. */
#ifndef UPDATE_CTL_FOLLOW_H
#define UPDATE_CTL_FOLLOW_H

#define FOLLOW_PATIENCE_MS 30000

struct context;

/* Prints a line for each record of that name once its attempt has ended, or after the patience is
 * over. Returns the exit code: degraded if one failed or is held. */
int follow_record(const struct context *context, const char *name);

#endif
