/* SPDX-License-Identifier: MIT */
#include "update/daemon/watchdog.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "update/daemon/notify.h"

/* Less is a mistake, and would keep us busy; more than a year is for ever. */
#define PERIOD_LEAST_US 2000
#define PERIOD_MOST_US  (INT64_C(366) * 86400 * 1000000)

/* 0: not set, or no number. */
static int64_t number_of(const char *name)
{
	const char *text = getenv(name);
	long long number;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	number = strtoll(text, &end, 10);
	return errno || *end ? 0 : number;
}

static bool is_for_us(void)
{
	return !getenv("WATCHDOG_PID") || number_of("WATCHDOG_PID") == getpid();
}

void watchdog_init(struct watchdog *watchdog, int64_t now)
{
	int64_t period = is_for_us() ? number_of("WATCHDOG_USEC") : 0;

	if (period < PERIOD_LEAST_US || period > PERIOD_MOST_US)
		period = 0;
	watchdog->every_ms = period / 2000;
	watchdog->next = now;
}

int64_t watchdog_due(const struct watchdog *watchdog)
{
	return watchdog->every_ms > 0 ? watchdog->next : -1;
}

void watchdog_tick(struct watchdog *watchdog, bool well, int64_t now)
{
	if (watchdog->every_ms == 0 || now < watchdog->next)
		return;
	/* What is not well may be so again before the period is over. */
	watchdog->next = now + (well ? watchdog->every_ms : watchdog->every_ms / 8 + 1);
	if (well)
		notify_send("WATCHDOG=1");
}
