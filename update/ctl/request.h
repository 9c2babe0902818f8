/* SPDX-License-Identifier: MIT */
/* One request to the daemon, as the commands make it: found, asked, complaints made. */
#ifndef UPDATE_CTL_REQUEST_H
#define UPDATE_CTL_REQUEST_H

#include <jansson.h>

struct context;

/* Sends line to this context's daemon. COMMAND_EXIT_WELL: *ret is its answer (the caller owns it),
 * which is no error. Else what was wrong has been said, and this is the exit code. */
int request_ask(const struct context *context, const char *line, json_t **ret);

/* The same, but -ENOENT, with nothing said, when no daemon runs. */
int request_try(const struct context *context, const char *line, json_t **ret);

/* Asks the daemon to do `verb name` (name NULL: just verb); with --json prints what it answered.
 * Returns the exit code. */
int request_act(const struct context *context, const char *verb, const char *name);

/* Prints a JSON value on one line. */
void request_print_json(const json_t *value);

#endif
