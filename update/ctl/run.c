/* SPDX-License-Identifier: MIT */
/* nlddns run: becomes nlddnsd. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "update/ctl/command.h"
#include "update/signals.h"

#define DAEMON "nlddnsd"

/* The folder of our own program, with a slash at its end; "" if it cannot be told. */
static void own_folder(char out[static PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - 1);
	char *slash;

	out[len > 0 ? len : 0] = 0;
	slash = strrchr(out, '/');
	if (slash)
		slash[1] = 0;
}

static void try(const char *folder, const char *rest, char **argv, char path[static PATH_MAX])
{
	if (snprintf(path, PATH_MAX, "%s%s", folder, rest) < PATH_MAX)
		(void)execv(path, argv);
	else
		errno = ENAMETOOLONG;
}

int run_command(const struct context *context, const char *argument)
{
	char folder[PATH_MAX], path[PATH_MAX], config[PATH_MAX];
	char option_c[] = "-c", option_v[] = "-v", name[] = DAEMON;
	char *argv[] = {name, NULL, NULL, NULL, NULL};
	size_t n = 1;

	(void)argument;
	if (context->config) {
		if (snprintf(config, sizeof(config), "%s", context->config) >=
		    (int)sizeof(config)) {
			(void)fprintf(stderr,
				      "nlddns: the name behind -c is too long; shorten it.\n");
			return COMMAND_EXIT_USAGE;
		}
		argv[n++] = option_c;
		argv[n++] = config;
	}
	if (context->verbose)
		argv[n++] = option_v;

	signals_hold();
	own_folder(folder);
	try(folder, DAEMON, argv, path);
	if (errno == ENOENT)
		try(folder, "../sbin/" DAEMON, argv, path);
	if (errno == ENOENT)
		try(PLACES_SBIN, "/" DAEMON, argv, path);
	(void)fprintf(stderr,
		      "nlddns: cannot start %s: %s.\n"
		      "Install " DAEMON " beside nlddns, or in the sbin folder next to its own.\n",
		      path, strerror(errno));
	return COMMAND_EXIT_USAGE;
}
