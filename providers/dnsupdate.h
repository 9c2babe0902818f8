/* SPDX-License-Identifier: MIT */
/* The conversation with a DNS server that takes updates (RFC 2136): find the zone and its primary,
 * read where that is asked for, and change. */
#ifndef PROVIDERS_DNSUPDATE_H
#define PROVIDERS_DNSUPDATE_H

#include "providers/provider.h"

#define DNSUPDATE_STATE_SIZE PROVIDER_STATE_MAX
#define DNSUPDATE_NAMES_MAX  8 /* in one job */

/* A provider's step. */
enum step dnsupdate_step(const struct job *job, void *state, const struct reply *reply,
			 struct request *request, struct outcome *outcomes);

#endif
