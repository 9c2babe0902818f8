/* SPDX-License-Identifier: MIT */
/* The state directory: one file, which may be lost, torn, or not to be written. */
#ifndef TESTS_SIM_DISK_H
#define TESTS_SIM_DISK_H

#include <stdbool.h>
#include <stdint.h>

void disk_reset(void);

/* Nothing can be written until then. */
void disk_fill_until(int64_t at);

/* When something last could not be; NEVER. */
int64_t disk_failed_at(void);

/* Something has happened to the file while the daemon was not running: it is gone, cut, damaged, or
 * the one before the last. */
enum disk_harm { DISK_LOST, DISK_CUT, DISK_FLIPPED, DISK_OLD };
#define DISK_HARMS (DISK_OLD + 1)
void disk_harm(enum disk_harm harm);

#endif
