/* SPDX-License-Identifier: MIT */
#include "update/ctl/command.h"

#include <string.h>

#include "cfg/nearest.h"

static const struct command commands[] = {
	{
		.name = "run",
		.arguments = "",
		.help = "follow the kernel and update, in the foreground (becomes nlddnsd)",
		.details = "Becomes nlddnsd, which logs to the terminal until Ctrl-C. -v shows "
			   "every step.\n"
			   "\n"
			   "Example: try a configuration before the service uses it\n"
			   "    nlddns -c ./nlddns.conf run -v\n",
		.run = run_command,
	},
	{
		.name = "check",
		.arguments = "",
		.help = "check the configuration; show what would be published now",
		.details = "Reports every error of the configuration with its file and line. If "
			   "there is none,\n"
			   "shows for each record the address that would be published now, and "
			   "why. Reads the\n"
			   "kernel itself, asks no daemon and sends nothing.\n"
			   "\n"
			   "Example: check a file before it is installed\n"
			   "    nlddns -c ./nlddns.conf check\n",
		.options = COMMAND_OPTION_JSON,
		.run = check_command,
	},
	{
		.name = "status",
		.arguments = "[--check]",
		.help = "what each record is, and what happens next",
		.details =
			"Asks the running nlddnsd. Ends with 0 if all is well, 1 if a record is "
			"held or has\n"
			"been pending for longer than its failing-after, 3 if nlddnsd is not "
			"running.\n"
			"With --check a line for each problem or \"all well\", within a second, "
			"for monitoring\n"
			"and health checks.\n"
			"\n"
			"Example: for a script\n"
			"    nlddns --json status | jq -r '.records[] | .name + \" \" + .state'\n",
		.options = COMMAND_OPTION_JSON | COMMAND_OPTION_CHECK,
		.run = status_command,
	},
	{
		.name = "explain",
		.arguments = "[NAME]",
		.help = "why this address and no other, from the kernel's own answers",
		.details = "Reads every link, address and route from the kernel itself, and shows "
			   "for each record\n"
			   "(or those called NAME) which addresses may be published, which may not "
			   "and why, which\n"
			   "one wins, and what would change that. Says so if the running nlddnsd "
			   "sees the kernel\n"
			   "differently. Needs no daemon, and without a configuration shows what "
			   "`interface = "
			   "auto`\n"
			   "would choose.\n"
			   "\n"
			   "Example: why is there no AAAA record?\n"
			   "    nlddns explain home.example.org\n",
		.max_args = 1,
		.options = COMMAND_OPTION_JSON,
		.run = explain_command,
	},
	{
		.name = "watch",
		.arguments = "",
		.help = "follow live what nlddnsd sees, decides and sends",
		.details =
			"Shows each batch of kernel events, what is chosen and settles, each "
			"decision, request\n"
			"and verdict as it happens, with the milliseconds since the kernel event "
			"that began it.\n"
			"Ends on Ctrl-C with 0; with 3 when nlddnsd ends or is not running.\n"
			"\n"
			"Example: dial in again, and see what comes of it\n"
			"    nlddns watch\n",
		.options = COMMAND_OPTION_JSON,
		.run = watch_command,
	},
	{
		.name = "history",
		.arguments = "[NAME]",
		.help = "what has changed, when, and how long it took",
		.details =
			"Shows the confirmed changes, or those of NAME, the newest last: the last "
			"20, or as many\n"
			"as -n says (0: all that are kept). --timeline draws for each how long it "
			"took to settle,\n"
			"to be sent and to be answered. Asks nlddnsd or, if that does not run, "
			"reads its file.\n"
			"\n"
			"Example: how fast was the last redial?\n"
			"    nlddns history --timeline -n 2\n",
		.max_args = 1,
		.options = COMMAND_OPTION_JSON | COMMAND_OPTION_TIMELINE | COMMAND_OPTION_COUNT,
		.run = history_command,
	},
	{
		.name = "metrics",
		.arguments = "",
		.help = "counts and times for a monitoring system",
		.details = "Prints what `metrics-file` would hold, as OpenMetrics text.\n"
			   "\n"
			   "Example: how many attempts have failed?\n"
			   "    nlddns metrics | grep attempts_total\n",
		.run = metrics_command,
	},
	{
		.name = "once",
		.arguments = "NAME",
		.help = "with --dry-run: the request that would be made for NAME",
		.details = "Prints the first request for the records called NAME to the byte, with "
			   "HIDDEN in the place\n"
			   "of each secret, and sends nothing.\n"
			   "\n"
			   "Example: is the service file right?\n"
			   "    nlddns once --dry-run home.example.org\n",
		.min_args = 1,
		.max_args = 1,
		.options = COMMAND_OPTION_DRY_RUN,
		.run = once_command,
	},
	{
		.name = "providers",
		.arguments = "[NAME]",
		.help = "the services there are; the settings and an example of one",
		.details =
			"Without NAME, a table of all services and what each can do. With NAME "
			"(or what another\n"
			"program calls it), its settings, a few lines to copy, and where it is "
			"described.\n"
			"A file of your own in the folder providers beside the configuration adds "
			"a service or\n"
			"replaces one: see nlddns-provider(5). --file prints the one there is, to "
			"begin with.\n"
			"\n"
			"Example: what do I write for Duck DNS? And it has changed, how do I "
			"repair it?\n"
			"    nlddns providers duckdns\n"
			"    nlddns providers duckdns --file >duckdns.conf\n",
		.max_args = 1,
		.options = COMMAND_OPTION_JSON | COMMAND_OPTION_FILE,
		.run = providers_command,
	},
	{
		.name = "update",
		.arguments = "NAME",
		.help = "send the address of NAME again now, even if nothing changed",
		.details = "NAME stands for its A and its AAAA record. The provider's shortest "
			   "interval between\n"
			   "two updates still holds.\n"
			   "\n"
			   "Example: the record was changed by hand at the provider\n"
			   "    nlddns update home.example.org\n",
		.min_args = 1,
		.max_args = 1,
		.options = COMMAND_OPTION_JSON,
		.run = update_command,
	},
	{
		.name = "retry",
		.arguments = "NAME",
		.help = "release NAME after the provider refused it",
		.details = "A record the provider refused (wrong password, unknown name, blocked) "
			   "is held: it is not\n"
			   "sent again until its configuration changes, or until this command. It "
			   "also ends the\n"
			   "wait of a record that failed for another reason.\n"
			   "\n"
			   "Example: the account was repaired at the provider\n"
			   "    nlddns retry home.example.org\n",
		.min_args = 1,
		.max_args = 1,
		.options = COMMAND_OPTION_JSON,
		.run = retry_command,
	},
	{
		.name = "reload",
		.arguments = "",
		.help = "make nlddnsd read its configuration again",
		.details = "If the configuration has errors they are shown, and nlddnsd keeps the "
			   "one it has.\n"
			   "\n"
			   "Example: after an edit\n"
			   "    nlddns check && nlddns reload\n",
		.options = COMMAND_OPTION_JSON,
		.run = reload_command,
	},
	{
		.name = "version",
		.arguments = "",
		.help = "the version of nlddns, and of the running nlddnsd if it differs",
		.details = "\nExample:\n    nlddns version\n",
		.options = COMMAND_OPTION_JSON,
		.run = version_command,
	},
	{0},
};

const struct command *command_all(void)
{
	return commands;
}

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

const char *command_nearest(const char *name)
{
	struct nearest nearest;

	nearest_init(&nearest, name);
	for (const struct command *c = commands; c->name; c++) {
		if (strlen(name) > 1 && !strncmp(c->name, name, strlen(name)))
			return c->name;
		nearest_offer(&nearest, c->name);
	}
	return nearest.best;
}

const char *command_config(const struct context *context)
{
	return context->config ? context->config : COMMAND_CONFIG_DEFAULT;
}
