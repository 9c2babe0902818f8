/* SPDX-License-Identifier: MIT */
/* The HTTP API of the authoritative server. A set is replaced as a whole, in one transaction; its
 * comments stay where they are not sent, and records that are disabled go along as they came. */
#include "providers/all.h"
#include "providers/recordapi.h"

#define ZONE "{url}/api/v1/servers/{server}/zones/{zone}."
#define SET(ttl, changetype, records)                                \
	"{\"rrsets\":[{\"name\":\"{name}.\",\"type\":\"{type}\"" ttl \
	",\"changetype\":\"" changetype "\"" records "}]}"
#define REPLACE                                                                            \
	{                                                                                  \
		"PATCH " ZONE, SET(",\"ttl\":{ttl}", "REPLACE", ",\"records\":[{values}]") \
	}

static const struct recordapi api = {
	.who = "PowerDNS",
	.headers = "X-API-Key: {key}\n",
	.secret = "key",
	.rights = "access to the API",
	.zone = {"GET " ZONE "?rrsets=false", NULL},
	.zone_name = "/name",
	.find = {"GET " ZONE "?rrset_name={name}.&rrset_type={type}", NULL},
	.find_list = "/rrsets",
	.name = "/name",
	.type = "/type",
	.list = "/records",
	.value = "/content",
	.off = "/disabled",
	.set_ttl = "/ttl",
	.element = "{\"content\":\"{ip}\",\"disabled\":false}",
	.create = REPLACE,
	.change = REPLACE,
	.remove = {"PATCH " ZONE, SET("", "DELETE", "")},
	.ttl = 60,
	.error_text = "/error",
};

static enum step step(const struct job *job, void *state, const struct reply *reply,
		      struct request *request, struct outcome *outcomes)
{
	return recordapi_step(&api, job, state, reply, request, outcomes);
}

static const struct setting settings[] = {
	{.name = "url",
	 .type = SETTING_URL,
	 .required = true,
	 .help = "The API's address, up to the port."},
	{.name = "key", .type = SETTING_SECRET, .required = true, .help = "Its api-key."},
	{.name = "server",
	 .type = SETTING_TEXT,
	 .preset = "localhost",
	 .help = "What the API calls the server."},
	RECORDAPI_SETTINGS,
	{0},
};

const struct provider powerdns_provider = {
	.name = "powerdns",
	.title = "PowerDNS authoritative server, by its HTTP API",
	.settings = settings,
	.caps = RECORDAPI_CAPS,
	.limits = {.names_per_request = 4, .parallel = 2},
	.state_size = RECORDAPI_STATE_SIZE,
	.step = step,
};
