/* SPDX-License-Identifier: MIT */
/* nlddns-updater: talks to providers on behalf of nlddnsd, which starts it when there is need. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "update/log.h"
#include "update/updater/serve.h"
#include "update/version.h"
#include "update/wire.h"

#define IDLE_MS     30000
#define IDLE_MAX_MS 86400000

#define EXIT_USAGE 2

static const char usage[] =
	"usage: nlddns-updater [--idle MS] [-v]\n"
	"Talks to DNS providers for nlddnsd, which starts it; by hand there is nothing to start.\n"
	"  --idle MS   end after that long without a job (default 30000; 0: never)\n"
	"  -v          say what is being done\n"
	"  --help, --version\n";

struct arguments {
	int64_t idle_ms;
	enum log_level level;
};

static int parse_idle(const char *text, int64_t *ret)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end == text || *end || value < 0 || value > IDLE_MAX_MS)
		return -EINVAL;
	*ret = value;
	return 0;
}

/* -1: go on; otherwise the exit status. */
static int parse_arguments(int argc, char **argv, struct arguments *ret)
{
	static const struct option options[] = {
		{"idle", required_argument, NULL, 'i'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "v", options, NULL)) >= 0) {
		switch (option) {
		case 'i':
			if (parse_idle(optarg, &ret->idle_ms) < 0) {
				fprintf(stderr, "--idle takes 0 to %d milliseconds\n", IDLE_MAX_MS);
				return EXIT_USAGE;
			}
			break;
		case 'v':
			ret->level = LOG_LEVEL_DEBUG;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts("nlddns-updater " VERSION);
			return EXIT_SUCCESS;
		default:
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return -1;
	fputs(usage, stderr);
	return EXIT_USAGE;
}

static bool is_ours(int fd)
{
	int domain = 0, type = 0;
	socklen_t size = sizeof(int);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX &&
	       getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

/* Secrets pass through here: no core file, no debugger, no gain by exec, no life after nlddnsd. */
static void harden(void)
{
	const struct rlimit none = {0, 0};
	sigset_t empty;

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* Of the thread that started us; nlddnsd has one. Was it gone before: the socket says so.
	 */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	syscall(SYS_close_range, WIRE_FD + 1, ~0U, 0);
	sigemptyset(&empty);
	sigprocmask(SIG_SETMASK, &empty, NULL);
}

/* A key pressed in the daemon's terminal is for the daemon, which closes the socket. */
static void ignore_signals(void)
{
	static const int ignored[] = {SIGPIPE, SIGINT, SIGHUP};
	const struct sigaction action = {.sa_handler = SIG_IGN};

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		sigaction(ignored[i], &action, NULL);
}

int main(int argc, char **argv)
{
	struct arguments arguments = {IDLE_MS, LOG_LEVEL_INFO};
	int rc;

	rc = parse_arguments(argc, argv, &arguments);
	if (rc >= 0)
		return rc;
	log_init("nlddns-updater", arguments.level);
	if (!is_ours(WIRE_FD)) {
		log_error(
			"no socket at descriptor %d: nlddnsd starts this program; run `nlddns run`",
			WIRE_FD);
		return EXIT_USAGE;
	}
	harden();
	ignore_signals();
	rc = serve_run(WIRE_FD, arguments.idle_ms);
	if (rc < 0)
		log_error("cannot go on: %s", strerror(-rc));
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
