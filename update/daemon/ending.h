/* SPDX-License-Identifier: MIT */
/* The end of the daemon: records that are deleted then (on-stop). */
#ifndef UPDATE_DAEMON_ENDING_H
#define UPDATE_DAEMON_ENDING_H

#include "update/daemon/engine.h"

/* nlddnsd ends, which nothing revokes: gives up what is under way, and deletes what is to be.
 * False: there is nothing to delete. */
bool ending_begin(struct engine *engine, int64_t now);

/* Something is under way still, or will be before until (ms). */
bool ending_busy(const struct engine *engine, int64_t until);

#endif
