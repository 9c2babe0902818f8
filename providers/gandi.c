/* SPDX-License-Identifier: MIT */
/* LiveDNS. A set is replaced as a whole; the TTL is sent again, since it is lost otherwise. */
#include "providers/all.h"
#include "providers/recordapi.h"

#define DOMAIN "https://api.gandi.net/v5/livedns/domains/{zone}"
#define SET    DOMAIN "/records/{sub}/{type}"
#define PUT                                                                       \
	{                                                                         \
		"PUT " SET, "{\"rrset_values\":[{values}]<,\"rrset_ttl\":{ttl}>}" \
	}

static const struct recordapi api = {
	.who = "Gandi",
	.headers = "Authorization: Bearer {token}\n",
	.secret = "token",
	.rights = "\"Manage domain name technical configurations\"",
	.zone = {"GET " DOMAIN, NULL},
	.zone_name = "/fqdn",
	.find = {"GET " SET, NULL},
	.none_is_404 = true,
	.list = "/rrset_values",
	.value = "",
	.set_ttl = "/rrset_ttl",
	.apex = "@",
	.element = "\"{ip}\"",
	.create = PUT,
	.change = PUT,
	.remove = {"DELETE " SET, NULL},
	.ttl = 300,
	.ttl_min = 300,
	.error_text = "/message",
};

static enum step step(const struct job *job, void *state, const struct reply *reply,
		      struct request *request, struct outcome *outcomes)
{
	return recordapi_step(&api, job, state, reply, request, outcomes);
}

static const struct setting settings[] = {
	{.name = "token",
	 .type = SETTING_SECRET,
	 .required = true,
	 .help = "A personal access token."},
	RECORDAPI_SETTINGS,
	{0},
};

const struct provider gandi_provider = {
	.name = "gandi",
	.title = "Gandi LiveDNS",
	.settings = settings,
	.caps = RECORDAPI_CAPS,
	.limits = {.names_per_request = 4, .parallel = 1},
	.state_size = RECORDAPI_STATE_SIZE,
	.step = step,
};
