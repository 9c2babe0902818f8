/* SPDX-License-Identifier: MIT */
/* Virtual time. The world's own clock counts ms from 0 on; the daemon sees it as the time since
 * boot, and as a wall clock that anybody may set. */
#ifndef TESTS_SIM_VTIME_H
#define TESTS_SIM_VTIME_H

#include <stdint.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

/* A wall clock before this has not been set: 2025-01-01, and a month. */
#define VTIME_SANE INT64_C(1738368000000)

/* A moment that has not been. */
#define NEVER (INT64_MIN / 4)

void vtime_reset(void);
int64_t vtime_now(void);

/* Not before now. */
void vtime_set(int64_t now);

/* The daemon's moment, in the world's time. */
int64_t vtime_of(int64_t mono);

/* A boot is now, or was a while ago. */
void vtime_boot(int64_t uptime);

/* The wall clock is ahead of the world's by so much. */
int64_t vtime_wall_offset(void);
void vtime_set_wall(int64_t wall);

#endif
