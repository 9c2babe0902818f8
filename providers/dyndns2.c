/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "providers/all.h"
#include "providers/conversation.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static const struct setting settings[] = {
	{
		.name = "url",
		.type = SETTING_URL,
		.required = true,
		.help = "Where updates are sent, path included; may have parameters already.",
	},
	{
		.name = "username",
		.type = SETTING_TEXT,
		.required = true,
		.help = "User name, or whatever the provider wants in its place.",
	},
	{
		.name = "password",
		.type = SETTING_SECRET,
		.required = true,
		.help = "Password or update key.",
	},
	{
		.name = "myipv6",
		.type = SETTING_CHOICE,
		.choices = "myip myipv6 separate",
		.preset = "myip",
		.help = "How IPv6 is sent: in myip after a comma, as myipv6, or in a request of "
			"its own.",
	},
	{0},
};

/* What all ways of sending IPv6 have in common. */
#define SERVER                                                                              \
	.family = SERVICE_DYNDNS2, .url = "{url}", .query = "hostname={names}&{addresses}", \
	.basic = "{username}:{password}", .names = SERVICE_NAMES_MAX, .ipv4 = "myip={ip4}", \
	.settings = settings

static const struct service in_a_list = {
	SERVER,
	.ipv6 = "myip={ip6}",
	.both = "myip={ip4},{ip6}",
};

static const struct service as_a_parameter = {
	SERVER,
	.ipv6 = "myipv6={ip6}",
	.both = "myipv6={ip6}&myip={ip4}",
};

static const struct service separately = {
	SERVER,
	.ipv6 = "myip={ip6}",
};

static enum step step(const struct job *job, void *state, const struct reply *reply,
		      struct request *request, struct outcome *outcomes)
{
	const char *myipv6 = provider_value(job, "myipv6");
	const struct service *service = &in_a_list;

	if (myipv6 != NULL && strcmp(myipv6, "myipv6") == 0)
		service = &as_a_parameter;
	else if (myipv6 != NULL && strcmp(myipv6, "separate") == 0)
		service = &separately;
	return conversation_step(service, job, state, reply, request, outcomes);
}

const struct provider dyndns2_provider = {
	.name = "dyndns2",
	.title = "Any server that speaks the dyndns2 protocol",
	.settings = settings,
	.caps = PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_NAMES | PROVIDER_HTTP,
	.limits = {.min_interval_ms = 30000,
		   .refresh_ms = 25 * DAY_MS,
		   .names_per_request = SERVICE_NAMES_MAX,
		   .parallel = 1},
	.state_size = CONVERSATION_STATE_SIZE,
	.step = step,
};
