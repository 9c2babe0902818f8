/* SPDX-License-Identifier: MIT */
/* Records are asked for by whole names and come back with relative ones. That a domain is there is
 * asked by its records: the domain itself comes with its zone file, of any length. */
#include "providers/all.h"
#include "providers/recordapi.h"

#define RECORDS "https://api.digitalocean.com/v2/domains/{zone}/records"
#define TTL     "<,\"ttl\":{ttl}>"

static const struct recordapi_error errors[] = {
	{"unauthorized", VERDICT_REFUSED_AUTH, NULL},
	{"forbidden", VERDICT_REFUSED_AUTH,
	 "give the token the scopes domain:read, update, create"},
	{0},
};

static const struct recordapi api = {
	.who = "DigitalOcean",
	.headers = "Authorization: Bearer {token}\n",
	.secret = "token",
	.rights = "the scopes of domain",
	.zone = {"GET " RECORDS "?per_page=1", NULL},
	.find = {"GET " RECORDS "?type={type}&name={name}&per_page=100&page={page}", NULL},
	.find_list = "/domain_records",
	.name = "/name",
	.type = "/type",
	.naming = RECORDAPI_IN_ZONE,
	.apex = "@",
	.id = "/id",
	.value = "/data",
	.more = "/links/pages/next",
	.create = {"POST " RECORDS,
		   "{\"type\":\"{type}\",\"name\":\"{sub}\",\"data\":\"{ip}\"" TTL "}"},
	.change = {"PATCH " RECORDS "/{id}", "{\"type\":\"{type}\",\"data\":\"{ip}\"" TTL "}"},
	.remove = {"DELETE " RECORDS "/{id}", NULL},
	.ttl_min = 30,
	.error_code = "/id",
	.error_text = "/message",
	.errors = errors,
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
	 .help = "An API token with the scopes domain:read, domain:create and domain:update."},
	RECORDAPI_SETTINGS,
	{0},
};

const struct provider digitalocean_provider = {
	.name = "digitalocean",
	.title = "DigitalOcean DNS",
	.settings = settings,
	.caps = RECORDAPI_CAPS,
	.limits = {.names_per_request = 4, .parallel = 2},
	.state_size = RECORDAPI_STATE_SIZE,
	.step = step,
};
