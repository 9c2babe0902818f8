/* SPDX-License-Identifier: MIT */
/* What the daemon knows as OpenMetrics text (https://prometheus.io/docs/specs/om/), which the
 * textfile collector of the node exporter reads as well: no type it does not know. Whatever ages is
 * a moment, so that a text remains true while nothing happens. */
#ifndef UPDATE_DAEMON_METRICS_H
#define UPDATE_DAEMON_METRICS_H

#include <stdio.h>

#include "netwatch/watch.h"
#include "update/daemon/describe.h"
#include "update/daemon/engine.h"
#include "update/daemon/tally.h"
#include "update/daemon/updater.h"

struct metrics {
	const struct engine *engine;
	const struct tally *tally;
	struct watch_stats events;
	struct updater_stats updater;
	struct describe_clock clock;
};

/* Writes all of it; what fails is the caller's to ask of `to`. */
void metrics_write(const struct metrics *metrics, FILE *to);

#endif
