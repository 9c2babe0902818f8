/* SPDX-License-Identifier: MIT */
/* The least TTL is the domain's own (60 for dedyn.io, else 3600 unless support lowers it). Values
 * that are sent are the whole set: an empty one deletes it. */
#include "providers/all.h"
#include "providers/recordapi.h"

#define DOMAIN "https://desec.io/api/v1/domains/{zone}/"
#define SETS   DOMAIN "rrsets/"

static const struct recordapi api = {
	.who = "deSEC",
	.headers = "Authorization: Token {token}\n",
	.secret = "token",
	.rights = "a policy that lets it write these records",
	.zone = {"GET " DOMAIN, NULL},
	.zone_ttl = "/minimum_ttl",
	.zone_asked = true,
	.find = {"GET " SETS "?subname={sub}&type={type}", NULL},
	.find_list = "",
	.name = "/name",
	.type = "/type",
	.list = "/records",
	.value = "",
	.set_ttl = "/ttl",
	.apex = "",
	.element = "\"{ip}\"",
	.create = {"POST " SETS, "{\"subname\":\"{sub}\",\"type\":\"{type}\",\"ttl\":{ttl},"
				 "\"records\":[{values}]}"},
	.change = {"PATCH " SETS "{at}/{type}/", "{\"ttl\":{ttl},\"records\":[{values}]}"},
	.remove = {"DELETE " SETS "{at}/{type}/", NULL},
	.ttl = 60,
	.ttl_min = 3600,
	.error_text = "/detail",
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
	 .help = "A token secret, which desec.io shows once when the token is made."},
	RECORDAPI_SETTINGS,
	{0},
};

const struct provider desec_api_provider = {
	.name = "desec-api",
	.title = "deSEC, by its REST API (any domain there)",
	.settings = settings,
	.caps = RECORDAPI_CAPS,
	.limits = {.names_per_request = 4, .parallel = 1},
	.state_size = RECORDAPI_STATE_SIZE,
	.step = step,
};
