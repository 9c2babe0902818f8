/* SPDX-License-Identifier: MIT */
/*
 * All that the tests' containers hold beside nlddns, linked statically: `app` waits to be stopped;
 * `app orphan` leaves a child behind that ends a moment later, as a careless hook does.
 */
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void end(int number)
{
	(void)number;
	_exit(0);
}

int main(int argc, char **argv)
{
	const struct sigaction action = {.sa_handler = end};
	const struct timespec moment = {.tv_nsec = 200000000};

	if (argc > 1 && !strcmp(argv[1], "orphan")) {
		if (fork() == 0)
			nanosleep(&moment, NULL);
		return 0;
	}
	sigaction(SIGTERM, &action, NULL);
	for (;;)
		pause();
}
