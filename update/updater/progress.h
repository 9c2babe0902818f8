/* SPDX-License-Identifier: MIT */
/* What a job is doing, in words that may be logged. Pure. */
#ifndef UPDATE_UPDATER_PROGRESS_H
#define UPDATE_UPDATER_PROGRESS_H

#include <stddef.h>

#include "providers/provider.h"

/* "GET www.example.org/nic/update", "UPDATE example.org at 192.0.2.53": neither user, query nor
 * any secret of the job. */
void progress_describe(const struct job *job, const struct request *request, char *text,
		       size_t size);

/* Replaces the job's secrets, plain or percent-encoded, by stars. Those of fewer than 4 bytes stay:
 * they would be found in any word. */
void progress_hide(const struct job *job, char *text);

#endif
