/* SPDX-License-Identifier: MIT */
/* Which services cannot be reached but in plaintext, for everyone on the way to read. */
#ifndef PROVIDERS_PLAINTEXT_H
#define PROVIDERS_PLAINTEXT_H

#include "providers/service.h"

/* Whether plaintext is allowed where it is needed: NULL, or the key and why. */
const char *plaintext_check(const struct service *service, const struct job *job,
			    char why[static SERVICE_WHY_MAX]);

/* The same, of the service that the job's provider has: a provider's check. */
const char *plaintext_check_file(const struct job *job, char *why);

#endif
