/* SPDX-License-Identifier: MIT */
/* A change is a PATCH of the address (and, where it is configured, the TTL): proxy, comment and
 * tags stay. Errors: those the API reference names and clients have met. */
#include "providers/all.h"
#include "providers/recordapi.h"

#define BASE    "https://api.cloudflare.com/client/v4/zones"
#define RECORDS BASE "/{zone-id}/dns_records"

static const struct recordapi_error errors[] = {
	{"6003", VERDICT_REFUSED_AUTH, NULL},
	{"9106", VERDICT_REFUSED_AUTH, NULL},
	{"9109", VERDICT_REFUSED_AUTH, NULL},
	{"10000", VERDICT_REFUSED_AUTH, "correct the token, or give it Zone.DNS:Edit"},
	{"7003", VERDICT_REFUSED_NAME, "check the name and zone"},
	{"81044", VERDICT_RETRY, NULL}, /* the record is gone */
	{"81053", VERDICT_REFUSED_NAME, "delete the CNAME there"},
	{"81057", VERDICT_DONE, NULL}, /* the same record is there already */
	{"81058", VERDICT_DONE, NULL},
	{0},
};

static const struct recordapi api = {
	.who = "Cloudflare",
	.headers = "Authorization: Bearer {token}\n",
	.secret = "token",
	.rights = "Zone.Zone:Read and Zone.DNS:Edit",
	.zone = {"GET " BASE "?name={zone}&per_page=50", NULL},
	.zone_list = "/result",
	.zone_name = "/name",
	.zone_id = "/id",
	.zone_asked = true,
	.find = {"GET " RECORDS "?type={type}&name={name}&per_page=100&page={page}", NULL},
	.find_list = "/result",
	.name = "/name",
	.type = "/type",
	.id = "/id",
	.value = "/content",
	.find_pages.more = "/result_info/total_pages",
	.create = {"POST " RECORDS,
		   "{\"type\":\"{type}\",\"name\":\"{name}\",\"content\":\"{ip}\",\"ttl\":{ttl},"
		   "\"proxied\":{proxied}}"},
	.change = {"PATCH " RECORDS "/{id}", "{\"content\":\"{ip}\"<,\"ttl\":{ttl}>}"},
	.remove = {"DELETE " RECORDS "/{id}", NULL},
	.ttl = 1, /* automatic */
	.ok = "/success",
	.error_code = "/errors/0/code",
	.error_text = "/errors/0/message",
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
	 .help = "An API token that may Zone.Zone:Read and Zone.DNS:Edit."},
	{.name = "proxied",
	 .type = SETTING_BOOL,
	 .preset = "no",
	 .help = "Of records that are created: whether Cloudflare's proxy stands before them."},
	RECORDAPI_SETTINGS,
	{0},
};

const struct provider cloudflare_provider = {
	.name = "cloudflare",
	.title = "Cloudflare",
	.settings = settings,
	.caps = RECORDAPI_CAPS,
	.limits = {.names_per_request = 4, .parallel = 2},
	.state_size = RECORDAPI_STATE_SIZE,
	.step = step,
};
