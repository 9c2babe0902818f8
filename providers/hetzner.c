/* SPDX-License-Identifier: MIT */
/* Hetzner Cloud DNS (api.hetzner.cloud), not the console it replaced. A change is an action that
 * goes on after its reply, for seconds. set_records leaves the TTL alone. */
#include "providers/all.h"
#include "providers/recordapi.h"

#define BASE "https://api.hetzner.cloud/v1/zones"
#define SET  BASE "/{zone-id}/rrsets/{at}/{type}"

static const struct recordapi api = {
	.who = "Hetzner",
	.headers = "Authorization: Bearer {token}\n",
	.secret = "token",
	.rights = "Read & Write in the project of the zone",
	.zone = {"GET " BASE "/{zone}", NULL},
	.zone_name = "/zone/name",
	.zone_id = "/zone/id",
	.zone_asked = true,
	.find = {"GET " BASE "/{zone-id}/rrsets?type={type}&name={at}", NULL},
	.find_list = "/rrsets",
	.name = "/name",
	.type = "/type",
	.naming = RECORDAPI_IN_ZONE,
	.apex = "@",
	.list = "/records",
	.value = "/value",
	.find_pages.more = "/meta/pagination/next_page",
	.element = "{\"value\":\"{ip}\"}",
	.create = {"POST " SET "/actions/add_records", "{<\"ttl\":{ttl},>\"records\":[{values}]}"},
	.change = {"POST " SET "/actions/set_records", "{\"records\":[{values}]}"},
	.remove = {"DELETE " SET, NULL},
	.ttl = 60,
	.ttl_min = 60,
	.action_id = "/action/id",
	.action_state = "/action/status",
	.action = {"GET " BASE "/actions/{id}", NULL},
	.error_code = "/error/code",
	.error_text = "/error/message",
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
	 .help = "An API token of the project, with Read & Write."},
	RECORDAPI_SETTINGS,
	{0},
};

const struct provider hetzner_provider = {
	.name = "hetzner",
	.title = "Hetzner Cloud DNS",
	.settings = settings,
	.caps = RECORDAPI_CAPS,
	.limits = {.names_per_request = 1, .parallel = 1},
	.state_size = RECORDAPI_STATE_SIZE,
	.step = step,
};
