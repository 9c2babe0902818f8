/* SPDX-License-Identifier: MIT */
/* What writes files here, nlddnsd does itself (PROVIDER_LOCAL), and no job names it. The table of
 * providers would link it into nlddns-updater too; this one takes its place. */
#include "providers/all.h"

static const struct provider *const all[] = {
	&dyndns2_provider,
	&rfc2136_provider,
	&inline_provider,
	NULL,
};

const struct provider *const *provider_all(void)
{
	return all;
}
