/* SPDX-License-Identifier: MIT */
/* PURPOSE_VERIFY for providers that cannot be read: what the name servers of a name's zone hold,
 * asked of themselves. The system's resolver is asked where they are, never for the record. */
#ifndef PROVIDERS_AUTHORITY_H
#define PROVIDERS_AUTHORITY_H

#include "providers/provider.h"

#define AUTHORITY_STATE_SIZE PROVIDER_STATE_MAX

/* As provider.step. Two servers are asked where the zone has two, and TRUTH_OTHER is only what
 * both of them say. */
enum step authority_step(const struct job *job, void *memory, const struct reply *reply,
			 struct request *request, struct outcome *outcomes);

#endif
