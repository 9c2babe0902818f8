/* SPDX-License-Identifier: MIT */
#include "update/daemon/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

int64_t clock_wall(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_sooner(int64_t a, int64_t b)
{
	if (a < 0)
		return b;
	return b < 0 || a < b ? a : b;
}

const char *clock_text(int64_t wall_ms, char out[static CLOCK_TEXT_MAX])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) || !strftime(out, CLOCK_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm))
		out[0] = '\0';
	return out;
}

const char *clock_stamp(int64_t wall_ms, char out[static CLOCK_TEXT_MAX])
{
	size_t len = strlen(clock_text(wall_ms, out));

	/* In the place of the Z. */
	if (len > 0)
		snprintf(out + len - 1, CLOCK_TEXT_MAX - len + 1, ".%03dZ", (int)(wall_ms % 1000));
	return out;
}

const char *clock_span(int64_t ms, char out[static CLOCK_TEXT_MAX])
{
	if (ms < 1000)
		snprintf(out, CLOCK_TEXT_MAX, "%" PRId64 " ms", ms);
	else if (ms < 120 * 1000)
		snprintf(out, CLOCK_TEXT_MAX, "%" PRId64 " s", (ms + 500) / 1000);
	else if (ms < 120 * 60000)
		snprintf(out, CLOCK_TEXT_MAX, "%" PRId64 " min", (ms + 30000) / 60000);
	else
		snprintf(out, CLOCK_TEXT_MAX, "%" PRId64 " h", (ms + 1800000) / 3600000);
	return out;
}
