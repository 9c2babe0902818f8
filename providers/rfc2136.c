/* SPDX-License-Identifier: MIT */
#include "providers/all.h"
#include "providers/dnsupdate.h"

static const struct setting settings[] = {
	{
		.name = "server",
		.type = SETTING_HOST,
		.help = "The DNS server that takes updates; unset: the primary the zone names.",
	},
	{
		.name = "port",
		.type = SETTING_NUMBER,
		.min = 1,
		.max = UINT16_MAX,
		.preset = "53",
		.help = "Its port.",
	},
	{
		.name = "zone",
		.type = SETTING_HOST,
		.help = "The zone that holds the name; unset: found by asking.",
	},
	{
		.name = "key",
		.type = SETTING_SECRET,
		.help = "TSIG key: a file made by tsig-keygen, or ALGORITHM:NAME:SECRET.",
	},
	{0},
};

const struct provider rfc2136_provider = {
	.name = "rfc2136",
	.title = "DNS server that takes updates (BIND, Knot, PowerDNS, ...)",
	.settings = settings,
	.caps = PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_NAMES | PROVIDER_MANY_ADDRS |
		PROVIDER_CAN_DELETE | PROVIDER_SETS_TTL | PROVIDER_CAN_READ,
	.limits = {.refresh_ms = INT64_C(24) * 3600 * 1000,
		   .names_per_request = DNSUPDATE_NAMES_MAX,
		   .parallel = 4},
	.state_size = DNSUPDATE_STATE_SIZE,
	.step = dnsupdate_step,
};
