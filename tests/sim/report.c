/* SPDX-License-Identifier: MIT */
#include "tests/sim/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "tests/sim/vtime.h"

static const char *const names[] = {
	[REPORT_SENT] = "records sent",
	[REPORT_CONFIRMED] = "records confirmed",
	[REPORT_GROUPED] = "jobs of several records",
	[REPORT_ABORTED] = "jobs given up",
	[REPORT_REFUSED] = "refusals",
	[REPORT_BARRED] = "accounts held as a whole",
	[REPORT_THROTTLED] = "throttlings",
	[REPORT_FAILED] = "failures that pass",
	[REPORT_LOST_REPLY] = "replies lost after the change was applied",
	[REPORT_DELETED] = "deletions",
	[REPORT_DELETED_LAST] = "deletions at the end",
	[REPORT_REFRESHED] = "refreshes",
	[REPORT_LOOKED] = "looks at what is confirmed",
	[REPORT_FOUND] = "strangers' changes found",
	[REPORT_FORCED] = "requests of the user",
	[REPORT_KILLED] = "daemons killed",
	[REPORT_REBOOTED] = "reboots",
	[REPORT_STATE_LOST] = "state files lost or torn",
	[REPORT_RELOADED] = "reloads",
	[REPORT_UPDATER_LOST] = "updaters lost with jobs",
	[REPORT_OVERRUN] = "overruns",
	[REPORT_WALL_JUMP] = "jumps of the wall clock",
	[REPORT_SUSPENDED] = "suspends",
	[REPORT_CONVERGED] = "records that converged",
};
_Static_assert(sizeof(names) / sizeof(names[0]) == REPORT_COUNT, "a name for each");

static struct {
	bool verbose, broken;
	char why[400];
} report;
static uint64_t counts[REPORT_COUNT];

void report_reset(bool verbose)
{
	report.verbose = verbose;
	report.broken = false;
}

bool report_verbose(void)
{
	return report.verbose;
}

static void print_time(void)
{
	int64_t now = vtime_now();

	printf("%4" PRId64 ":%02d:%02d.%03d  ", now / 3600000, (int)(now / 60000 % 60),
	       (int)(now / 1000 % 60), (int)(now % 1000));
}

void report_say(const char *format, ...)
{
	va_list args;

	if (!report.verbose)
		return;
	print_time();
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

void report_broken(const char *format, ...)
{
	va_list args;

	if (report.broken)
		return;
	va_start(args, format);
	vsnprintf(report.why, sizeof(report.why), format, args);
	va_end(args);
	report.broken = true;
	report_say("BROKEN: %s", report.why);
}

const char *report_why(void)
{
	return report.broken ? report.why : NULL;
}

void report_add(enum report_count what)
{
	counts[what]++;
}

uint64_t report_counted(enum report_count what)
{
	return counts[what];
}

const char *report_count_name(enum report_count what)
{
	return names[what];
}
