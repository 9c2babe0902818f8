/* SPDX-License-Identifier: MIT */
/* Performs the jobs of local providers (PROVIDER_LOCAL), which ask for files only, at once. */
#ifndef UPDATE_DAEMON_LOCAL_H
#define UPDATE_DAEMON_LOCAL_H

#include "providers/provider.h"

/* More steps than this no local provider needs. */
#define LOCAL_STEPS_MAX 8

/* Drives the provider to its end; fills outcomes[0..job->n_wanted). */
void local_perform(const struct job *job, struct outcome *outcomes);

#endif
