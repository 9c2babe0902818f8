/* SPDX-License-Identifier: MIT */
/* nlddnsd: keeps DNS names pointing at this machine's addresses. */
#include <errno.h>
#include <getopt.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cfg/places.h"
#include "update/daemon/arena.h"
#include "update/daemon/daemon.h"
#include "update/daemon/loop.h"
#include "update/log.h"
#include "update/signals.h"
#include "update/version.h"

#define EXIT_USAGE 2

static const char usage[] =
	"usage: nlddnsd [-c FILE] [-n] [-v]\n"
	"  -c, --config FILE  configuration (" PLACES_CONFIG "/nlddns.conf)\n"
	"  -n, --check        check the configuration, do nothing else\n"
	"  -v, --verbose      say everything\n"
	"      --help, --version\n"
	"Stays in the foreground and logs to standard error. See nlddnsd(8), nlddns.conf(5).\n";

struct options {
	const char *config;
	bool check, verbose;
};

/* -1: go on. Else the status to end with. */
static int parse_options(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{"config", required_argument, NULL, 'c'}, {"check", no_argument, NULL, 'n'},
		{"verbose", no_argument, NULL, 'v'},      {"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "c:nvh", longs, NULL)) != -1)
		switch (option) {
		case 'c':
			options->config = optarg;
			break;
		case 'n':
			options->check = true;
			break;
		case 'v':
			options->verbose = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts("nlddnsd " VERSION);
			return EXIT_SUCCESS;
		default:
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	if (optind == argc)
		return -1;
	fprintf(stderr, "nlddnsd: what is \"%s\"?\n%s", argv[optind], usage);
	return EXIT_USAGE;
}

static int load(const char *path, struct cfg **ret)
{
	struct cfg_errors errors = {.n = 0};
	int err = cfg_load(path, ret, &errors);

	cfg_errors_print(&errors, stderr);
	cfg_errors_done(&errors);
	return err;
}

/* What was open when we began is not for those that we start. */
static void keep_descriptors(void)
{
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

static int run(struct daemon *daemon, struct cfg *cfg)
{
	struct ev_loop *ev = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
	int err;

	if (!ev) {
		log_error("epoll is not available");
		cfg_free(cfg);
		return EXIT_FAILURE;
	}
	err = daemon_start(daemon, ev, cfg);
	if (!err) {
		arena_trim();
		loop_run(ev, daemon);
	}
	daemon_stop(daemon);
	ev_loop_destroy(ev);
	return err < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct options options = {.config = PLACES_CONFIG "/nlddns.conf"};
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct daemon daemon = {.path = NULL};
	struct cfg *cfg = NULL;
	int status = parse_options(argc, argv, &options);

	if (status >= 0)
		return status;
	arena_tune();
	keep_descriptors();
	log_init("nlddnsd", options.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
	if (load(options.config, &cfg) < 0)
		return EXIT_USAGE;
	if (options.check) {
		printf("%s: %zu records, all fine\n", options.config, cfg->n_records);
		cfg_free(cfg);
		return EXIT_SUCCESS;
	}
	sigaction(SIGPIPE, &ignore, NULL);
	daemon.path = options.config;
	daemon.verbose = options.verbose;
	return run(&daemon, cfg);
}
