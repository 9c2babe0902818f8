/* SPDX-License-Identifier: MIT */
#include "providers/dnsupdate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "providers/batch.h"
#include "providers/outcome.h"
#include "providers/rrset.h"
#include "providers/span.h"
#include "providers/tsigkey.h"
#include "providers/zone.h"

#define DNS_PORT    53
#define TTL_DEFAULT 60

#define RECORDS_MAX (DNSUPDATE_NAMES_MAX * RECORD_TYPE_COUNT)
_Static_assert(RECORDS_MAX <= BATCH_MAX, "all of them may be of one zone");

/* Requests of one conversation: the transport allows a job 32 steps. */
#define REQUESTS_MAX 30

/* What the last request asked. */
enum stage { STAGE_START, STAGE_SERVER, STAGE_ZONE, STAGE_PRIMARY, STAGE_READ, STAGE_UPDATE };

/* What is known of a record. */
struct mark {
	bool zoned; /* its zone is its name + zone_at */
	uint8_t zone_at;
	bool read;
	bool alone; /* its name is tried without others */
};

/* The names of a zone go in one message; zone after zone. */
struct state {
	enum stage stage;
	unsigned n_requests;
	struct tsigkey key;
	char zone[DNS_NAME_MAX];  /* under way; "": none is */
	char server[ADDRESS_MAX]; /* of the zone; "": not known */
	char host[DNS_NAME_MAX];  /* whose addresses were asked for */
	struct zone_search search;
	size_t at; /* the record whose zone or addresses were asked for */
	struct mark marks[RECORDS_MAX];
	struct batch batch; /* under way */
};
_Static_assert(sizeof(struct state) <= PROVIDER_STATE_MAX, "state_size has a cap");

static enum step end(const struct job *job, struct outcome *outcomes, enum verdict verdict,
		     const char *why)
{
	outcome_rest(outcomes, job, verdict, why);
	return STEP_END;
}

static bool is_address(const char *text)
{
	unsigned char bytes[16];

	return span_address((struct span){text, strlen(text)}, bytes) >= 0;
}

/* Validated by its row. */
static uint16_t port_of(const struct job *job)
{
	const char *text = provider_value(job, "port");
	long port = text != NULL ? strtol(text, NULL, 10) : DNS_PORT;

	return port > 0 && port <= UINT16_MAX ? (uint16_t)port : DNS_PORT;
}

static bool has_server(const struct job *job)
{
	return provider_value(job, "server") != NULL;
}

/* Records past what is kept are left; the daemon sends none. */
static size_t count_records(const struct job *job)
{
	return job->n_wanted < RECORDS_MAX ? job->n_wanted : RECORDS_MAX;
}

static const char *zone_of(const struct job *job, const struct state *state, size_t i)
{
	return job->wanted[i].name + state->marks[i].zone_at;
}

/* Open, and in the zone under way? */
static bool is_at_hand(const struct job *job, const struct state *state,
		       const struct outcome *outcomes, size_t i)
{
	return outcome_is_open(&outcomes[i]) && state->marks[i].zoned &&
	       strcmp(zone_of(job, state, i), state->zone) == 0;
}

static void direct(const struct job *job, const struct state *state, struct request *request)
{
	memcpy(request->dns.server, state->server, sizeof(state->server));
	request->dns.port = port_of(job);
}

static void sign(const struct state *state, struct request *request)
{
	if (state->key.algorithm == NULL)
		return;
	request->dns.key_name = state->key.name;
	request->dns.key_algorithm = state->key.algorithm;
	request->dns.key_secret = state->key.secret;
}

static enum step ask_addresses(struct state *state, enum stage stage, const char *host,
			       struct request *request)
{
	state->stage = stage;
	zone_copy_name(state->host, host);
	zone_request(request, DNS_OP_ADDRESSES, state->host);
	return STEP_SEND;
}

static enum step ask_zone(const struct job *job, struct state *state, struct request *request)
{
	state->stage = STAGE_ZONE;
	zone_ask(&state->search, job->wanted[state->at].name, request);
	if (has_server(job))
		direct(job, state, request);
	return STEP_SEND;
}

static enum step find_zone(const struct job *job, struct state *state, size_t i,
			   struct request *request)
{
	state->at = i;
	state->search = (struct zone_search){.at = state->marks[i].zone_at};
	return ask_zone(job, state, request);
}

static enum step read_record(const struct job *job, struct state *state, size_t i,
			     struct request *request)
{
	state->stage = STAGE_READ;
	state->at = i;
	rrset_ask(&job->wanted[i], state->server, request);
	direct(job, state, request);
	sign(state, request);
	return STEP_SEND;
}

/* From record i on, all of the zone that go in one message. */
static void fill_batch(const struct job *job, struct state *state, const struct outcome *outcomes,
		       size_t i)
{
	const char *alone = state->marks[i].alone ? job->wanted[i].name : NULL;

	state->batch.n = 0;
	for (; i < count_records(job); i++) {
		if (!is_at_hand(job, state, outcomes, i) ||
		    (alone != NULL && strcmp(job->wanted[i].name, alone) != 0))
			continue;
		batch_add(&state->batch, job, i);
	}
}

static enum step send_update(const struct job *job, struct state *state,
			     const struct outcome *outcomes, size_t i, struct request *request)
{
	state->stage = STAGE_UPDATE;
	fill_batch(job, state, outcomes, i);
	zone_request(request, DNS_OP_UPDATE, state->zone);
	direct(job, state, request);
	sign(state, request);
	request->dns.wanted = state->batch.list;
	request->dns.n_wanted = state->batch.n;
	request->dns.ttl = TTL_DEFAULT;
	return STEP_SEND;
}

static bool needs_reading(const struct job *job, const struct state *state, size_t i)
{
	return !state->marks[i].read && (job->purpose == PURPOSE_VERIFY || job->wanted[i].unsure);
}

/* With a zone and its server: finds the zones of the other names, reads, writes. STEP_END: nothing
 * is left to do there. */
static enum step work_zone(const struct job *job, struct state *state, struct request *request,
			   const struct outcome *outcomes)
{
	size_t n = count_records(job);

	for (size_t i = 0; i < n; i++)
		if (outcome_is_open(&outcomes[i]) && !state->marks[i].zoned)
			return find_zone(job, state, i, request);
	for (size_t i = 0; i < n; i++)
		if (is_at_hand(job, state, outcomes, i) && needs_reading(job, state, i))
			return read_record(job, state, i, request);
	for (size_t i = 0; i < n; i++)
		if (is_at_hand(job, state, outcomes, i))
			return send_update(job, state, outcomes, i, request);
	return STEP_END;
}

/* The next request, or the end. */
static enum step go_on(const struct job *job, struct state *state, struct request *request,
		       const struct outcome *outcomes)
{
	size_t i = 0;

	if (state->zone[0] != '\0' && work_zone(job, state, request, outcomes) == STEP_SEND)
		return STEP_SEND;
	state->zone[0] = '\0';
	while (i < count_records(job) && !outcome_is_open(&outcomes[i]))
		i++;
	if (i == count_records(job))
		return STEP_END;
	/* the primary is in the answer, too */
	if (!has_server(job) || !state->marks[i].zoned)
		return find_zone(job, state, i, request);
	zone_copy_name(state->zone, zone_of(job, state, i));
	return work_zone(job, state, request, outcomes);
}

/* Takes over the configured zone, and ends the records that are not in it. */
static void use_zone(const struct job *job, struct state *state, struct outcome *outcomes)
{
	const char *text = provider_value(job, "zone");
	char zone[DNS_NAME_MAX];

	if (text == NULL)
		return;
	zone_copy_name(zone, text);
	for (size_t i = 0; i < count_records(job); i++) {
		const struct wanted *wanted = &job->wanted[i];

		state->marks[i].zoned = zone_holds(zone, wanted->name);
		if (state->marks[i].zoned)
			state->marks[i].zone_at = (uint8_t)(strlen(wanted->name) - strlen(zone));
		else
			outcome_say(&outcomes[i], wanted, VERDICT_REFUSED_CONFIG,
				    "the name is not in the configured zone: correct zone");
	}
}

static enum step start(const struct job *job, struct state *state, struct request *request,
		       struct outcome *outcomes)
{
	const char *key = provider_value(job, "key"), *server = provider_value(job, "server");
	const char *why;

	if (key != NULL && tsigkey_parse(key, &state->key, &why) < 0)
		return end(job, outcomes, VERDICT_REFUSED_CONFIG, why);
	use_zone(job, state, outcomes);
	if (server != NULL && !is_address(server))
		return ask_addresses(state, STAGE_SERVER, server, request);
	if (server != NULL)
		snprintf(state->server, sizeof(state->server), "%s", server);
	return go_on(job, state, request, outcomes);
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

/* A server without an address is no server for the records it is for. */
static enum step take_addresses(const struct job *job, struct state *state,
				const struct reply *reply, struct request *request,
				struct outcome *outcomes)
{
	const char *server = pick_server(job, reply);

	if (is_address(server)) {
		snprintf(state->server, sizeof(state->server), "%s", server);
		return go_on(job, state, request, outcomes);
	}
	for (size_t i = 0; i < count_records(job); i++)
		if (outcome_is_open(&outcomes[i]) &&
		    (state->stage == STAGE_SERVER || is_at_hand(job, state, outcomes, i)))
			outcome_say(&outcomes[i], &job->wanted[i], VERDICT_RETRY,
				    "no address found for the DNS server %s: check server",
				    state->host);
	state->zone[0] = '\0';
	return go_on(job, state, request, outcomes);
}

/* What was found of the name holds for its other records, and of a configured zone for all. */
static void mark_zone(const struct job *job, struct state *state, const struct reply *reply,
		      bool found, struct outcome *outcomes)
{
	const char *name = job->wanted[state->at].name;
	bool all = provider_value(job, "zone") != NULL;
	char zone[DNS_NAME_MAX];

	zone_copy_name(zone, reply->zone);
	for (size_t i = 0; i < count_records(job); i++) {
		const struct wanted *wanted = &job->wanted[i];

		if (!outcome_is_open(&outcomes[i]) || (!all && strcmp(wanted->name, name) != 0))
			continue;
		if (!found) {
			zone_say_none(wanted, reply, "set zone or server", &outcomes[i]);
			continue;
		}
		state->marks[i].zoned = true;
		state->marks[i].zone_at = (uint8_t)(strlen(wanted->name) - strlen(zone));
	}
}

/* The zone under way, from the answer about record state->at. */
static enum step begin_zone(const struct job *job, struct state *state, const struct reply *reply,
			    struct request *request, struct outcome *outcomes)
{
	zone_copy_name(state->zone, zone_of(job, state, state->at));
	if (has_server(job))
		return go_on(job, state, request, outcomes);
	if (reply->primary[0] != '\0' && strcmp(reply->primary, ".") != 0)
		return ask_addresses(state, STAGE_PRIMARY, reply->primary, request);
	for (size_t i = 0; i < count_records(job); i++)
		if (is_at_hand(job, state, outcomes, i))
			outcome_say(&outcomes[i], &job->wanted[i], VERDICT_REFUSED_CONFIG,
				    "the zone's SOA names no primary server: set server");
	state->zone[0] = '\0';
	return go_on(job, state, request, outcomes);
}

static enum step take_zone(const struct job *job, struct state *state, const struct reply *reply,
			   struct request *request, struct outcome *outcomes)
{
	bool configured = provider_value(job, "zone") != NULL;
	uint8_t asked_at = state->search.at;
	enum zone_finding found = zone_take(&state->search, job->wanted[state->at].name, reply);

	if (found == ZONE_PARENT && !configured)
		return ask_zone(job, state, request);
	mark_zone(job, state, reply, found == ZONE_FOUND, outcomes);
	if (found != ZONE_FOUND || state->zone[0] != '\0')
		return go_on(job, state, request, outcomes);
	if (configured && state->marks[state->at].zone_at != asked_at)
		return end(job, outcomes, VERDICT_REFUSED_CONFIG,
			   "the configured zone is not one by itself: correct zone");
	return begin_zone(job, state, reply, request, outcomes);
}

/* What cannot be read is written. */
static enum step take_record(const struct job *job, struct state *state, const struct reply *reply,
			     struct request *request, struct outcome *outcomes)
{
	const struct wanted *wanted = &job->wanted[state->at];
	struct outcome *outcome = &outcomes[state->at];
	enum rrset rrset = rrset_read(wanted, reply);

	state->marks[state->at].read = true;
	if (job->purpose == PURPOSE_VERIFY)
		rrset_say(wanted, rrset, reply, state->server, outcome);
	else if (rrset == RRSET_SAME)
		outcome_say(outcome, wanted, VERDICT_UNCHANGED, "already so at %s", state->server);
	return go_on(job, state, request, outcomes);
}

static enum step take_update(const struct job *job, struct state *state, const struct reply *reply,
			     struct request *request, struct outcome *outcomes)
{
	const struct batch *batch = &state->batch;

	switch (batch_take(batch, job, reply, state->server, outcomes)) {
	case BATCH_ENDED:
		break;
	case BATCH_PART:
		for (size_t k = 0; k < batch->n; k++)
			state->marks[batch->places[k]].alone = true;
		break;
	case BATCH_DISTRUSTED:
		return end(job, outcomes, VERDICT_RETRY,
			   "the reply is not signed by our key: check server and key");
	}
	return go_on(job, state, request, outcomes);
}

static enum step advance(const struct job *job, struct state *state, const struct reply *reply,
			 struct request *request, struct outcome *outcomes)
{
	switch (state->stage) {
	case STAGE_START:
		return start(job, state, request, outcomes);
	case STAGE_SERVER:
	case STAGE_PRIMARY:
		return take_addresses(job, state, reply, request, outcomes);
	case STAGE_ZONE:
		return take_zone(job, state, reply, request, outcomes);
	case STAGE_READ:
		return take_record(job, state, reply, request, outcomes);
	case STAGE_UPDATE:
		break;
	}
	return take_update(job, state, reply, request, outcomes);
}

enum step dnsupdate_step(const struct job *job, void *memory, const struct reply *reply,
			 struct request *request, struct outcome *outcomes)
{
	struct state *state = memory;

	if (advance(job, state, reply, request, outcomes) == STEP_SEND &&
	    state->n_requests++ < REQUESTS_MAX)
		return STEP_SEND;
	provider_request_done(request);
	return end(job, outcomes, VERDICT_RETRY, "left for the next try");
}
