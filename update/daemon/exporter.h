/* SPDX-License-Identifier: MIT */
/* Keeps the metrics in a file for others to pick up: replaced as a whole when something has
 * changed, at most once a second, and without a timer while nothing does. */
#ifndef UPDATE_DAEMON_EXPORTER_H
#define UPDATE_DAEMON_EXPORTER_H

#include "update/daemon/metrics.h"

#define EXPORTER_EVERY_MS 1000

/* Zeroed: nothing has been written. */
struct exporter {
	bool begun; /* it has been tried; written and written_at say what and when */
	struct exporter_mark {
		uint64_t moves, messages, overruns, starts, crashes;
	} written;
	int64_t written_at;
	bool failed; /* the last time; and said */
};

/* When to call exporter_write (ms), or -1. */
int64_t exporter_due(const struct exporter *exporter, const struct metrics *metrics);

/* Writes the metrics to path, mode 0644, if that is due; last: or would be. It is not synced: who
 * reads it reads it soon. That it cannot be written is said once, and again when it can. */
void exporter_write(struct exporter *exporter, const char *path, const struct metrics *metrics,
		    bool last);

#endif
