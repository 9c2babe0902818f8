/* SPDX-License-Identifier: MIT */
/* Every provider by its variable; each is defined at the end of the file named like it. */
#ifndef PROVIDERS_ALL_H
#define PROVIDERS_ALL_H

#include "providers/provider.h"

extern const struct provider dyndns2_provider;
extern const struct provider hosts_provider;
extern const struct provider inline_provider; /* template */
extern const struct provider none_provider;
extern const struct provider rfc2136_provider;

/* Notifications travel like updates; but nobody configures it, so that it is not in the list. */
extern const struct provider webhook_provider;

#endif
