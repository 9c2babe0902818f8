/* SPDX-License-Identifier: MIT */
#include "providers/all.h"

static const struct provider *const all[] = {
	&dyndns2_provider, &hosts_provider,  &none_provider,
	&rfc2136_provider, &inline_provider, NULL,
};

const struct provider *const *provider_all(void)
{
	return all;
}
