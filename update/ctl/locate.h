/* SPDX-License-Identifier: MIT */
/* Where the daemon's control socket and its state are. */
#ifndef UPDATE_CTL_LOCATE_H
#define UPDATE_CTL_LOCATE_H

#include "cfg/places.h"

#define LOCATE_CONTROL_DEFAULT PLACES_RUN "/control"
#define LOCATE_CONTROL_MAX     256
#define LOCATE_STATE_DEFAULT   PLACES_STATE

struct context;

/* From the configuration; works with one that has errors or secrets this user cannot read, since
 * the daemon may be running with what it read before. Without one, the default. Returns out. */
const char *locate_control(const struct context *context, char out[static LOCATE_CONTROL_MAX]);

/* The state folder, in the same way. */
const char *locate_state(const struct context *context, char out[static LOCATE_CONTROL_MAX]);

#endif
