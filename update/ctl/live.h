/* SPDX-License-Identifier: MIT */
/* What the daemon does, line by line, as people read it. Pure but for the local time zone. */
#ifndef UPDATE_CTL_LIVE_H
#define UPDATE_CTL_LIVE_H

#include <jansson.h>

#include "providers/buf.h"

#define LIVE_LINE_MAX 8192

/* One line of the daemon's `watch` in words: when, how long after the kernel event, what; without a
 * newline. What is missing or malformed shows as "?" or not at all. text: buf_init'ed. */
void live_tell(const json_t *line, struct buf *text);

#endif
