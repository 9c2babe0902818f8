/* SPDX-License-Identifier: MIT */
#include "tests/sim/vtime.h"

#include "tests/sim/wrap.h"

/* 2026-11-22T10:00:00Z */
#define WALL_START INT64_C(1795341600000)

static int64_t now, booted, wall_offset;

void vtime_reset(void)
{
	now = 0;
	booted = 0;
	wall_offset = WALL_START;
}

int64_t vtime_now(void)
{
	return now;
}

void vtime_set(int64_t to)
{
	if (to > now)
		now = to;
}

int64_t vtime_of(int64_t mono)
{
	return mono + booted;
}

void vtime_boot(int64_t uptime)
{
	booted = now - uptime;
}

int64_t vtime_wall_offset(void)
{
	return wall_offset;
}

void vtime_set_wall(int64_t wall)
{
	wall_offset = wall - now;
}

int64_t __wrap_clock_now(void)
{
	return now - booted;
}

int64_t __wrap_clock_wall(void)
{
	return now + wall_offset;
}
