/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "providers/all.h"
#include "providers/outcome.h"
#include "providers/rcode.h"
#include "providers/span.h"
#include "providers/tsigkey.h"

#define DNS_PORT    53
#define TTL_DEFAULT 60

/* How far up from the name its zone is looked for; the transport allows a job 32 steps. */
#define PARENTS_MAX 16

/* What the last request asked. */
enum stage { STAGE_START, STAGE_SERVER, STAGE_ZONE, STAGE_PRIMARY, STAGE_UPDATE };

struct state {
	enum stage stage;
	struct tsigkey key;
	char zone[DNS_NAME_MAX];
	char server[ADDRESS_MAX]; /* where the zone is asked for ("": the system's resolver), and
				     the update goes */
	char host[DNS_NAME_MAX];  /* whose addresses were asked for */
	size_t parent;            /* the SOA of name + parent was asked for */
	unsigned n_parents;
};
_Static_assert(sizeof(struct state) <= PROVIDER_STATE_MAX, "state_size has a cap");

static enum step end(const struct job *job, struct outcome *outcomes, enum verdict verdict,
		     const char *why)
{
	outcome_all(outcomes, job, verdict, why);
	return STEP_END;
}

static bool is_address(const char *text)
{
	unsigned char bytes[16];

	return span_address((struct span){text, strlen(text)}, bytes) >= 0;
}

/* Lower case, no trailing dot. */
static void keep_name(char to[static DNS_NAME_MAX], const char *from)
{
	size_t len = strnlen(from, DNS_NAME_MAX - 1);

	if (len > 0 && from[len - 1] == '.')
		len--;
	for (size_t i = 0; i < len; i++)
		to[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] | 0x20 : from[i]);
	to[len] = '\0';
}

/* Is the name the zone's or below it? */
static bool is_within(const char *name, const char *zone)
{
	size_t name_len = strlen(name), zone_len = strlen(zone);

	if (zone_len == 0 || zone_len > name_len)
		return false;
	name += name_len - zone_len;
	return strcasecmp(name, zone) == 0 && (name_len == zone_len || name[-1] == '.');
}

/* Validated by its row. */
static uint16_t port_of(const struct job *job)
{
	const char *text = provider_value(job, "port");
	long port = text != NULL ? strtol(text, NULL, 10) : DNS_PORT;

	return port > 0 && port <= UINT16_MAX ? (uint16_t)port : DNS_PORT;
}

static void ask(struct request *request, enum dns_op op, const char *name)
{
	struct dns_request *dns = &request->dns;

	request->kind = REQUEST_DNS;
	dns->op = op;
	dns->port = DNS_PORT;
	keep_name(dns->name, name);
}

static enum step ask_addresses(struct state *state, enum stage stage, const char *host,
			       struct request *request)
{
	state->stage = stage;
	keep_name(state->host, host);
	ask(request, DNS_OP_ADDRESSES, state->host);
	return STEP_SEND;
}

static enum step ask_zone(const struct job *job, struct state *state, struct request *request)
{
	const char *zone = provider_value(job, "zone");

	state->stage = STAGE_ZONE;
	ask(request, DNS_OP_SOA, zone != NULL ? zone : job->wanted[0].name + state->parent);
	if (state->server[0] != '\0') {
		memcpy(request->dns.server, state->server, sizeof(state->server));
		request->dns.port = port_of(job);
	}
	return STEP_SEND;
}

static enum step send_update(const struct job *job, struct state *state, struct request *request)
{
	struct dns_request *dns = &request->dns;

	state->stage = STAGE_UPDATE;
	ask(request, DNS_OP_UPDATE, state->zone);
	memcpy(dns->server, state->server, sizeof(dns->server));
	dns->port = port_of(job);
	dns->wanted = job->wanted;
	dns->n_wanted = job->n_wanted;
	dns->ttl = TTL_DEFAULT;
	if (state->key.algorithm != NULL) {
		dns->key_name = state->key.name;
		dns->key_algorithm = state->key.algorithm;
		dns->key_secret = state->key.secret;
	}
	return STEP_SEND;
}

/* With the server known: the zone, if it is not configured. */
static enum step use_server(const struct job *job, struct state *state, struct request *request)
{
	const char *zone = provider_value(job, "zone");

	if (zone == NULL)
		return ask_zone(job, state, request);
	keep_name(state->zone, zone);
	return send_update(job, state, request);
}

/* Is the name in the configured zone, if there is one? */
static bool is_zone_fit(const struct job *job)
{
	const char *zone = provider_value(job, "zone");
	char name[DNS_NAME_MAX];

	if (zone == NULL)
		return true;
	keep_name(name, zone);
	return is_within(job->wanted[0].name, name);
}

static enum step start(const struct job *job, struct state *state, struct request *request,
		       struct outcome *outcomes)
{
	const char *key = provider_value(job, "key"), *server = provider_value(job, "server");
	const char *why;

	if (key != NULL && tsigkey_parse(key, &state->key, &why) < 0)
		return end(job, outcomes, VERDICT_REFUSED_CONFIG, why);
	if (!is_zone_fit(job))
		return end(job, outcomes, VERDICT_REFUSED_CONFIG,
			   "the name is not in the configured zone: correct zone");
	if (server == NULL)
		return ask_zone(job, state, request);
	if (!is_address(server))
		return ask_addresses(state, STAGE_SERVER, server, request);
	snprintf(state->server, sizeof(state->server), "%s", server);
	return use_server(job, state, request);
}

/* Prefers a server address of a family this host is about to publish an address of: the other one
 * may not get anywhere. */
static const char *pick_server(const struct job *job, const struct reply *reply)
{
	bool has[RECORD_TYPE_COUNT] = {false};

	for (size_t i = 0; i < job->n_wanted; i++)
		has[job->wanted[i].type] |= job->wanted[i].n_addrs > 0;
	for (size_t i = 0; i < WANTED_ADDRS_MAX && reply->addrs[i][0] != '\0'; i++) {
		bool v6 = strchr(reply->addrs[i], ':') != NULL;

		if (has[v6 ? RECORD_TYPE_AAAA : RECORD_TYPE_A])
			return reply->addrs[i];
	}
	return reply->addrs[0];
}

static enum step take_addresses(const struct job *job, struct state *state,
				const struct reply *reply, struct outcome *outcomes)
{
	const char *server = pick_server(job, reply);

	if (is_address(server)) {
		snprintf(state->server, sizeof(state->server), "%s", server);
		return STEP_SEND;
	}
	for (size_t i = 0; i < job->n_wanted; i++)
		outcome_say(&outcomes[i], &job->wanted[i], VERDICT_RETRY,
			    "no address found for the DNS server %s: check server", state->host);
	return STEP_END;
}

static void say_no_zone(const struct job *job, const struct reply *reply, struct outcome *outcomes)
{
	const struct rcode *code = rcode_find(reply->rcode);

	for (size_t i = 0; i < job->n_wanted; i++)
		outcome_say(&outcomes[i], &job->wanted[i], VERDICT_RETRY,
			    "no zone found for the name (%s): set zone or server",
			    code != NULL ? code->name : "unknown reply code");
}

/* The reply names no zone the name is in: a CNAME led elsewhere, or the server does not tell.
 * Other than NOERROR and NXDOMAIN it would say the same of the parent. */
static enum step ask_parent(const struct job *job, struct state *state, const struct reply *reply,
			    struct request *request, struct outcome *outcomes)
{
	const char *dot = strchr(job->wanted[0].name + state->parent, '.');
	bool may_know = reply->rcode == 0 || reply->rcode == 3;

	if (may_know && provider_value(job, "zone") == NULL && dot != NULL && dot[1] != '\0' &&
	    state->n_parents < PARENTS_MAX) {
		state->parent = (size_t)(dot + 1 - job->wanted[0].name);
		state->n_parents++;
		return ask_zone(job, state, request);
	}
	say_no_zone(job, reply, outcomes);
	return STEP_END;
}

static enum step take_zone(const struct job *job, struct state *state, const struct reply *reply,
			   struct request *request, struct outcome *outcomes)
{
	const char *zone = provider_value(job, "zone");
	char wanted_zone[DNS_NAME_MAX] = "";

	keep_name(state->zone, reply->zone);
	if (zone != NULL)
		keep_name(wanted_zone, zone);
	if (!is_within(job->wanted[0].name, state->zone))
		return ask_parent(job, state, reply, request, outcomes);
	if (zone != NULL && strcmp(state->zone, wanted_zone) != 0)
		return end(job, outcomes, VERDICT_REFUSED_CONFIG,
			   "the configured zone is not one by itself: correct zone");
	if (state->server[0] != '\0')
		return send_update(job, state, request);
	if (reply->primary[0] == '\0' || strcmp(reply->primary, ".") == 0)
		return end(job, outcomes, VERDICT_REFUSED_CONFIG,
			   "the zone's SOA names no primary server: set server");
	return ask_addresses(state, STAGE_PRIMARY, reply->primary, request);
}

static void say_code(const struct job *job, const struct state *state, const struct rcode *code,
		     struct outcome *outcomes)
{
	for (size_t i = 0; i < job->n_wanted; i++) {
		const struct wanted *wanted = &job->wanted[i];

		if (code->verdict == VERDICT_DONE)
			outcome_say(&outcomes[i], wanted, VERDICT_DONE, "%s at %s",
				    wanted->n_addrs > 0 ? "updated" : "deleted", state->server);
		else
			outcome_say(&outcomes[i], wanted, code->verdict, "%s (%s): %s", code->what,
				    code->name, code->todo);
	}
}

/* With a key, only what is signed by it counts; errors about the key itself cannot be (RFC 8945
 * section 5.3.2). */
static enum step take_update(const struct job *job, const struct state *state,
			     const struct reply *reply, struct outcome *outcomes)
{
	const struct rcode *code;

	if (reply->tsig_error < 0)
		return end(job, outcomes, VERDICT_RETRY,
			   "the reply is not signed by our key: check server and key");
	code = reply->tsig_error > 0 ? rcode_find_tsig(reply->tsig_error)
				     : rcode_find(reply->rcode);
	if (code == NULL)
		return end(job, outcomes, VERDICT_RETRY,
			   "a reply code that is not known: see the server's log");
	say_code(job, state, code, outcomes);
	return STEP_END;
}

static enum step step(const struct job *job, void *memory, const struct reply *reply,
		      struct request *request, struct outcome *outcomes)
{
	struct state *state = memory;

	switch (state->stage) {
	case STAGE_START:
		return start(job, state, request, outcomes);
	case STAGE_ZONE:
		return take_zone(job, state, reply, request, outcomes);
	case STAGE_SERVER:
		if (take_addresses(job, state, reply, outcomes) == STEP_END)
			return STEP_END;
		return use_server(job, state, request);
	case STAGE_PRIMARY:
		if (take_addresses(job, state, reply, outcomes) == STEP_END)
			return STEP_END;
		return send_update(job, state, request);
	case STAGE_UPDATE:
		break;
	}
	return take_update(job, state, reply, outcomes);
}

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
	.caps = PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_ADDRS | PROVIDER_CAN_DELETE |
		PROVIDER_SETS_TTL,
	.limits = {.refresh_ms = INT64_C(24) * 3600 * 1000, .names_per_request = 1, .parallel = 4},
	.state_size = sizeof(struct state),
	.step = step,
};
