/* SPDX-License-Identifier: MIT */
/* nlddns: the command people type. */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "update/ctl/command.h"
#include "update/version.h"

enum {
	OPTION_JSON = 256,
	OPTION_CHECK,
	OPTION_TIMELINE,
	OPTION_DRY_RUN,
	OPTION_FILE,
	OPTION_HELP,
	OPTION_VERSION
};

struct request {
	struct context context;
	unsigned options; /* of enum command_option */
	bool help, version;
};

static void print_help(FILE *to)
{
	(void)fputs("nlddns keeps DNS names pointing at this machine's current addresses.\n"
		    "\n"
		    "Usage: nlddns [-c FILE] [--json] COMMAND [ARGUMENT]\n"
		    "\n"
		    "Commands:\n",
		    to);
	for (const struct command *c = command_all(); c->name; c++) {
		char synopsis[32];

		(void)snprintf(synopsis, sizeof(synopsis), "%s %s", c->name, c->arguments);
		(void)fprintf(to, "  %-18s%s\n", synopsis, c->help);
	}
	(void)fputs("\n"
		    "Options:\n"
		    "  -c FILE         configuration file (default " COMMAND_CONFIG_DEFAULT ")\n"
		    "  --json          output for programs\n"
		    "  --check         status: name the problems, at once\n"
		    "  --timeline      history: draw how long each change took\n"
		    "  -n COUNT        history: how many changes (default 20; 0: all)\n"
		    "  --file          providers NAME: print the file that describes it\n"
		    "  -v              run: show every step\n"
		    "  -h, --help      this text; after a command: more about it, with an example\n"
		    "  --version       the version\n"
		    "\n"
		    "Ends with 0: all well; 1: a record is held or pending too long; 2: wrong "
		    "usage or\n"
		    "configuration; 3: nlddnsd is not running. See nlddns(1) and nlddns.conf(5).\n",
		    to);
}

static void print_command_help(const struct command *command)
{
	printf("nlddns %s%s%s: %s\n\n%s", command->name, *command->arguments ? " " : "",
	       command->arguments, command->help, command->details + (command->details[0] == '\n'));
}

static bool read_count(const char *text, size_t *ret)
{
	unsigned long count;
	char *end;

	if (strspn(text, "0123456789") != strlen(text) || !*text || strlen(text) > 9)
		return false;
	count = strtoul(text, &end, 10);
	if (count > COMMAND_COUNT_MAX)
		return false;
	*ret = count;
	return true;
}

static int complain_count(const char *text)
{
	(void)fprintf(stderr, "nlddns: -n %.32s: a number from 0 (all) to %d is needed.\n", text,
		      COMMAND_COUNT_MAX);
	return COMMAND_EXIT_USAGE;
}

static int complain_option(char **argv, int option)
{
	if (option == ':' && optopt == 'n')
		(void)fputs("nlddns: -n needs a number, as in `nlddns history -n 5`.\n", stderr);
	else if (option == ':')
		(void)fprintf(stderr,
			      "nlddns: -%c needs a file name, as in `nlddns -c FILE check`.\n",
			      optopt);
	else if (optopt && optopt < OPTION_JSON)
		(void)fprintf(stderr, "nlddns: unknown option -%c; `nlddns --help` lists them.\n",
			      optopt);
	else
		(void)fprintf(stderr, "nlddns: unknown option %s; `nlddns --help` lists them.\n",
			      argv[optind - 1]);
	return COMMAND_EXIT_USAGE;
}

/* Options may stand before and behind the command. */
static int read_options(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, OPTION_JSON},
		{"check", no_argument, NULL, OPTION_CHECK},
		{"timeline", no_argument, NULL, OPTION_TIMELINE},
		{"dry-run", no_argument, NULL, OPTION_DRY_RUN},
		{"file", no_argument, NULL, OPTION_FILE},
		{"help", no_argument, NULL, OPTION_HELP},
		{"version", no_argument, NULL, OPTION_VERSION},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, ":c:n:vh", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			request->context.config = optarg;
			break;
		case OPTION_TIMELINE:
			request->context.timeline = true;
			request->options |= COMMAND_OPTION_TIMELINE;
			break;
		case 'n':
			if (!read_count(optarg, &request->context.count))
				return complain_count(optarg);
			request->options |= COMMAND_OPTION_COUNT;
			break;
		case 'v':
			request->context.verbose = true;
			break;
		case OPTION_JSON:
			request->context.json = true;
			request->options |= COMMAND_OPTION_JSON;
			break;
		case OPTION_CHECK:
			request->context.check = true;
			request->options |= COMMAND_OPTION_CHECK;
			break;
		case OPTION_DRY_RUN:
			request->context.dry_run = true;
			request->options |= COMMAND_OPTION_DRY_RUN;
			break;
		case OPTION_FILE:
			request->context.file = true;
			request->options |= COMMAND_OPTION_FILE;
			break;
		case 'h':
		case OPTION_HELP:
			request->help = true;
			break;
		case OPTION_VERSION:
			request->version = true;
			break;
		default:
			return complain_option(argv, option);
		}
	}
	return 0;
}

static int complain_command(const char *name)
{
	const char *nearest = command_nearest(name);

	(void)fprintf(stderr, "nlddns: unknown command `%s`", name);
	if (nearest)
		(void)fprintf(stderr, "; did you mean `%s`?\n", nearest);
	else
		(void)fprintf(stderr, "; `nlddns --help` lists them.\n");
	return COMMAND_EXIT_USAGE;
}

/* The first option of request that the command does not take, or NULL. */
static const char *find_needless(const struct request *request, const struct command *command)
{
	static const struct {
		enum command_option option;
		const char *name;
	} options[] = {
		{COMMAND_OPTION_JSON, "--json"},         {COMMAND_OPTION_CHECK, "--check"},
		{COMMAND_OPTION_TIMELINE, "--timeline"}, {COMMAND_OPTION_COUNT, "-n"},
		{COMMAND_OPTION_DRY_RUN, "--dry-run"},   {COMMAND_OPTION_FILE, "--file"},
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (request->options & ~command->options & options[i].option)
			return options[i].name;
	return NULL;
}

static int run_named(const struct request *request, int argc, char **argv)
{
	const struct command *command = command_find(argv[0]);
	const char *needless;
	int n_args = argc - 1;

	if (!command)
		return complain_command(argv[0]);
	needless = find_needless(request, command);
	if (request->help) {
		print_command_help(command);
		return COMMAND_EXIT_WELL;
	}
	if (n_args < command->min_args || n_args > command->max_args) {
		(void)fprintf(stderr,
			      "nlddns %s: %s; usage: nlddns %s %s\n"
			      "`nlddns %s --help` has an example.\n",
			      command->name,
			      n_args > command->max_args ? "too many arguments"
							 : "a name is missing",
			      command->name, command->arguments, command->name);
		return COMMAND_EXIT_USAGE;
	}
	if (needless) {
		(void)fprintf(stderr, "nlddns: %s means nothing to `%s`; leave it out.\n", needless,
			      command->name);
		return COMMAND_EXIT_USAGE;
	}
	return command->run(&request->context, n_args ? argv[1] : NULL);
}

/* Output that could not be written is a failure, whatever the command thought of it. */
static int finish(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	perror("nlddns: cannot write the output");
	return code ? code : COMMAND_EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct request request = {.context.count = COMMAND_COUNT_DEFAULT};
	int code;

	(void)setlocale(LC_CTYPE, "");
	code = read_options(argc, argv, &request);
	if (code)
		return code;
	if (request.version) {
		printf("nlddns %s\n", VERSION);
		return finish(COMMAND_EXIT_WELL);
	}
	if (optind == argc) {
		print_help(request.help ? stdout : stderr);
		return request.help ? finish(COMMAND_EXIT_WELL) : COMMAND_EXIT_USAGE;
	}
	return finish(run_named(&request, argc - optind, argv + optind));
}
