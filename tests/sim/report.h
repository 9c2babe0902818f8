/* SPDX-License-Identifier: MIT */
/* What is told of a run: the first rule that was broken, and, if asked for, every step. */
#ifndef TESTS_SIM_REPORT_H
#define TESTS_SIM_REPORT_H

#include <stdbool.h>
#include <stdint.h>

/* What happened how often, over all runs of this process; each must happen somewhere. */
enum report_count {
	REPORT_SENT,
	REPORT_CONFIRMED,
	REPORT_GROUPED,
	REPORT_ABORTED,
	REPORT_REFUSED,
	REPORT_BARRED,
	REPORT_THROTTLED,
	REPORT_FAILED,
	REPORT_LOST_REPLY,
	REPORT_DELETED,
	REPORT_DELETED_LAST,
	REPORT_REFRESHED,
	REPORT_LOOKED,
	REPORT_FOUND,
	REPORT_FORCED,
	REPORT_KILLED,
	REPORT_REBOOTED,
	REPORT_STATE_LOST,
	REPORT_RELOADED,
	REPORT_UPDATER_LOST,
	REPORT_OVERRUN,
	REPORT_WALL_JUMP,
	REPORT_SUSPENDED,
	REPORT_CONVERGED,
};
#define REPORT_COUNT (REPORT_CONVERGED + 1)

void report_reset(bool verbose);
bool report_verbose(void);

/* A line of the trace. */
void report_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A rule is broken; the first one counts. */
void report_broken(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* NULL: none is. */
const char *report_why(void);

void report_add(enum report_count what);
uint64_t report_counted(enum report_count what);
const char *report_count_name(enum report_count what);

#endif
