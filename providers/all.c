/* SPDX-License-Identifier: MIT */
#include "providers/all.h"

static const struct provider *const all[] = {
	&cloudflare_provider,
	&desec_api_provider,
	&dyndns2_provider,
	&gandi_provider,
	&hetzner_provider,
	&hosts_provider,
	&none_provider,
	&powerdns_provider,
	&rfc2136_provider,
	&inline_provider,
	NULL,
};

const struct provider *const *provider_all(void)
{
	return all;
}
