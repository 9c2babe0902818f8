/* SPDX-License-Identifier: MIT */
/* Changes as bars: how long each took to settle, to be sent, and to be answered. Pure but for the
 * local time zone. */
#ifndef UPDATE_CTL_TIMELINE_H
#define UPDATE_CTL_TIMELINE_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* How long a change took, of what is known of it (ms); -1: nothing is. */
int64_t timeline_took(const json_t *change);

/* A line a change, at most 80 columns, all bars to one scale, which the last line tells. */
void timeline_print(const json_t *changes, FILE *to);

#endif
