/* SPDX-License-Identifier: MIT */
/* The subcommands of nlddns. */
#ifndef UPDATE_CTL_COMMAND_H
#define UPDATE_CTL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "cfg/places.h"

#define COMMAND_COUNT_DEFAULT  20
#define COMMAND_COUNT_MAX      1000000
#define COMMAND_CONFIG_DEFAULT PLACES_CONFIG "/nlddns.conf"

enum command_exit {
	COMMAND_EXIT_WELL,
	COMMAND_EXIT_DEGRADED,    /* something is pending too long, or held */
	COMMAND_EXIT_USAGE,       /* usage or configuration; also: refused */
	COMMAND_EXIT_NOT_RUNNING, /* there is no daemon that answers */
};

/* Options that mean something to some commands only. */
enum command_option {
	COMMAND_OPTION_JSON = 1 << 0,
	COMMAND_OPTION_CHECK = 1 << 1,
	COMMAND_OPTION_TIMELINE = 1 << 2,
	COMMAND_OPTION_COUNT = 1 << 3,
	COMMAND_OPTION_DRY_RUN = 1 << 4,
	COMMAND_OPTION_FILE = 1 << 5,
};

/* What the options before and behind the command said. */
struct context {
	const char *config; /* NULL: COMMAND_CONFIG_DEFAULT */
	bool json, check, timeline, dry_run, file;
	size_t count; /* 0: all */
	bool verbose;
};

struct command {
	const char *name;
	const char *arguments; /* as in a synopsis, or "" */
	const char *help;      /* one line */
	const char *details;   /* for `nlddns NAME --help`, with an example */
	int min_args, max_args;
	unsigned options; /* of enum command_option: those it takes */
	/* Returns an enum command_exit. argument: the one it takes, or NULL. */
	int (*run)(const struct context *context, const char *argument);
};

/* The table, ending with a row without a name. */
const struct command *command_all(void);

/* NULL: no such command. */
const struct command *command_find(const char *name);

/* The command probably meant by a name that is none; NULL: no idea. */
const char *command_nearest(const char *name);

/* The configuration file of this context. */
const char *command_config(const struct context *context);

int run_command(const struct context *context, const char *argument);
int check_command(const struct context *context, const char *argument);
int status_command(const struct context *context, const char *argument);
int explain_command(const struct context *context, const char *argument);
int history_command(const struct context *context, const char *argument);
int metrics_command(const struct context *context, const char *argument);
int watch_command(const struct context *context, const char *argument);
int once_command(const struct context *context, const char *argument);
int providers_command(const struct context *context, const char *argument);
int update_command(const struct context *context, const char *argument);
int retry_command(const struct context *context, const char *argument);
int reload_command(const struct context *context, const char *argument);
int version_command(const struct context *context, const char *argument);

#endif
