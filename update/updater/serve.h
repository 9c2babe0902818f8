/* SPDX-License-Identifier: MIT */
/* The updater's loop: jobs in, progress and results out, WIRE_JOBS_MAX under way; more are answered
 * with VERDICT_RETRY.
 *
 * No job is lost when it ends for idleness: it first closes its receiving side, so that a later job
 * fails to be sent (EPIPE), then does those that were sent before. Whoever sent a job without
 * getting its result before the end of file sends it again to the next updater. */
#ifndef UPDATE_UPDATER_SERVE_H
#define UPDATE_UPDATER_SERVE_H

#include <stdint.h>

/* Serves the SOCK_SEQPACKET socket fd until the other side closes it, or nothing was to do for
 * idle_ms (0: for ever). 0, or -errno when it could not go on. */
int serve_run(int fd, int64_t idle_ms);

#endif
