/* SPDX-License-Identifier: MIT */
#include "update/signals.h"

#include <signal.h>
#include <stddef.h>

static void mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(how, &set, NULL);
}

void signals_hold(void)
{
	mask(SIG_BLOCK);
}

void signals_release(void)
{
	mask(SIG_UNBLOCK);
}
