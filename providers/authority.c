/* SPDX-License-Identifier: MIT */
#include "providers/authority.h"

#include <stdio.h>
#include <string.h>

#include "providers/outcome.h"
#include "providers/rrset.h"
#include "providers/zone.h"

/* Requests of one conversation: the transport allows a job 32 steps. */
#define REQUESTS_MAX 30

/* What the last request asked. */
enum stage { STAGE_START, STAGE_ZONE, STAGE_SERVERS, STAGE_ADDRESS, STAGE_RECORD };

enum standing {
	STANDING_NEW,
	STANDING_KNOWN,  /* its address is */
	STANDING_DUMB,   /* no address, no answer, or none about this zone */
	STANDING_DOUBLE, /* the address of another */
};

struct server {
	enum standing standing;
	char host[DNS_NAME_MAX];
	char addr[ADDRESS_MAX];
};

struct state {
	enum stage stage;
	unsigned n_requests;
	size_t at; /* the record under way */
	struct zone_search search;
	const char *name; /* whose zone this is */
	char zone[DNS_NAME_MAX];
	struct server servers[ZONE_SERVERS_MAX];
	size_t n_servers, server; /* the one to ask */
	const char *witness;      /* the server that holds something else; NULL: none yet */
	char addrs[WANTED_ADDRS_MAX][ADDRESS_MAX]; /* this */
	unsigned ttl;
};
_Static_assert(sizeof(struct state) <= PROVIDER_STATE_MAX, "the state has a cap");

static enum step ask_zone(const struct job *job, struct state *state, struct request *request)
{
	state->stage = STAGE_ZONE;
	zone_ask(&state->search, job->wanted[state->at].name, request);
	return STEP_SEND;
}

static enum step ask_servers(struct state *state, struct request *request)
{
	state->stage = STAGE_SERVERS;
	zone_request(request, DNS_OP_SERVERS, state->zone);
	return STEP_SEND;
}

static enum step ask_server(const struct job *job, struct state *state, struct request *request)
{
	const struct server *server = &state->servers[state->server];

	if (server->standing == STANDING_NEW) {
		state->stage = STAGE_ADDRESS;
		zone_request(request, DNS_OP_ADDRESSES, server->host);
	} else {
		state->stage = STAGE_RECORD;
		rrset_ask(&job->wanted[state->at], server->addr, request);
	}
	request->dns.optional = true;
	return STEP_SEND;
}

static bool any_is(const struct state *state, enum standing standing)
{
	for (size_t i = 0; i < state->n_servers; i++)
		if (state->servers[i].standing == standing)
			return true;
	return false;
}

/* No server is left to ask. One alone may say that it is other, but not beside silent ones. */
static void conclude(const struct job *job, const struct state *state, struct outcome *outcomes)
{
	const struct wanted *wanted = &job->wanted[state->at];
	struct outcome *outcome = &outcomes[state->at];
	struct reply found = {.ttl = state->ttl};

	memcpy(found.addrs, state->addrs, sizeof(found.addrs));
	if (state->witness == NULL)
		outcome_say(outcome, wanted, VERDICT_RETRY,
			    "no name server of %.80s tells what it holds", state->zone);
	else if (any_is(state, STANDING_DUMB))
		outcome_say(outcome, wanted, VERDICT_DONE, "only one name server of %.80s answers",
			    state->zone);
	else
		rrset_say(wanted, RRSET_OTHER, &found, state->witness, outcome);
}

/* The next server that can be asked about the record under way, or its end. */
static bool find_server(const struct job *job, struct state *state, struct outcome *outcomes)
{
	for (; state->server < state->n_servers; state->server++)
		if (state->servers[state->server].standing < STANDING_DUMB)
			return true;
	conclude(job, state, outcomes);
	return false;
}

static bool begin_record(const struct job *job, struct state *state, const struct outcome *outcomes)
{
	while (state->at < job->n_wanted && !outcome_is_open(&outcomes[state->at]))
		state->at++;
	state->server = 0;
	state->witness = NULL;
	return state->at < job->n_wanted;
}

/* The next request, or the end. */
static enum step go_on(const struct job *job, struct state *state, struct request *request,
		       struct outcome *outcomes)
{
	while (begin_record(job, state, outcomes)) {
		const char *name = job->wanted[state->at].name;

		if (state->name == NULL || strcmp(state->name, name) != 0) {
			state->search = (struct zone_search){0};
			return ask_zone(job, state, request);
		}
		if (find_server(job, state, outcomes))
			return ask_server(job, state, request);
	}
	return STEP_END;
}

static enum step take_zone(const struct job *job, struct state *state, const struct reply *reply,
			   struct request *request, struct outcome *outcomes)
{
	const char *name = job->wanted[state->at].name;
	char zone[DNS_NAME_MAX];

	switch (zone_take(&state->search, name, reply)) {
	case ZONE_PARENT:
		return ask_zone(job, state, request);
	case ZONE_FOUND:
		break;
	case ZONE_NONE:
		for (size_t i = state->at; i < job->n_wanted; i++)
			if (outcome_is_open(&outcomes[i]) && strcmp(job->wanted[i].name, name) == 0)
				zone_say_none(&job->wanted[i], reply, "is the domain registered?",
					      &outcomes[i]);
		return go_on(job, state, request, outcomes);
	}
	state->name = name;
	zone_copy_name(zone, reply->zone);
	if (strcmp(zone, state->zone) == 0)
		return go_on(job, state, request, outcomes);
	zone_copy_name(state->zone, zone);
	return ask_servers(state, request);
}

static enum step take_servers(const struct job *job, struct state *state, const struct reply *reply,
			      struct request *request, struct outcome *outcomes)
{
	state->n_servers = 0;
	memset(state->servers, 0, sizeof(state->servers));
	for (size_t i = 0; i < ZONE_SERVERS_MAX && reply->hosts[i][0] != '\0'; i++)
		zone_copy_name(state->servers[state->n_servers++].host, reply->hosts[i]);
	return go_on(job, state, request, outcomes);
}

/* After the answer of one server: the next, or the next record. */
static enum step turn_to_next(const struct job *job, struct state *state, struct request *request,
			      struct outcome *outcomes)
{
	if (outcome_is_open(&outcomes[state->at]) && find_server(job, state, outcomes))
		return ask_server(job, state, request);
	return go_on(job, state, request, outcomes);
}

static enum standing stand(const struct state *state, const char *addr)
{
	if (addr[0] == '\0')
		return STANDING_DUMB;
	for (size_t i = 0; i < state->server; i++)
		if (strcmp(state->servers[i].addr, addr) == 0)
			return STANDING_DOUBLE;
	return STANDING_KNOWN;
}

static enum step take_address(const struct job *job, struct state *state, const struct reply *reply,
			      struct request *request, struct outcome *outcomes)
{
	struct server *server = &state->servers[state->server];

	server->standing = stand(state, reply->addrs[0]);
	if (server->standing == STANDING_KNOWN)
		snprintf(server->addr, sizeof(server->addr), "%s", reply->addrs[0]);
	return turn_to_next(job, state, request, outcomes);
}

static void say_differ(const struct wanted *wanted, const struct state *state,
		       struct outcome *outcome)
{
	outcome_say(outcome, wanted, VERDICT_DONE, "the name servers of %.80s differ", state->zone);
}

/* A server holds something else: the first is remembered, the second has to agree. */
static void take_other(const struct job *job, struct state *state, const struct reply *reply,
		       struct outcome *outcome)
{
	const struct wanted *wanted = &job->wanted[state->at];
	struct reply first = {.kind = REQUEST_DNS};

	if (state->witness == NULL) {
		state->witness = state->servers[state->server].host;
		state->ttl = reply->ttl;
		memcpy(state->addrs, reply->addrs, sizeof(state->addrs));
		return;
	}
	memcpy(first.addrs, state->addrs, sizeof(first.addrs));
	if (rrset_equal(&first, reply))
		rrset_say(wanted, RRSET_OTHER, reply, state->witness, outcome);
	else
		say_differ(wanted, state, outcome);
}

static enum step take_record(const struct job *job, struct state *state, const struct reply *reply,
			     struct request *request, struct outcome *outcomes)
{
	const struct wanted *wanted = &job->wanted[state->at];
	struct outcome *outcome = &outcomes[state->at];
	struct server *server = &state->servers[state->server];
	enum rrset rrset = rrset_read(wanted, reply);

	if (rrset == RRSET_NONE)
		server->standing = STANDING_DUMB;
	else if (rrset == RRSET_OTHER)
		take_other(job, state, reply, outcome);
	else if (rrset == RRSET_SAME && state->witness != NULL)
		say_differ(wanted, state, outcome);
	else
		rrset_say(wanted, rrset, reply, server->host, outcome);
	state->server++;
	return turn_to_next(job, state, request, outcomes);
}

static enum step advance(const struct job *job, struct state *state, const struct reply *reply,
			 struct request *request, struct outcome *outcomes)
{
	switch (state->stage) {
	case STAGE_START:
		break;
	case STAGE_ZONE:
		return take_zone(job, state, reply, request, outcomes);
	case STAGE_SERVERS:
		return take_servers(job, state, reply, request, outcomes);
	case STAGE_ADDRESS:
		return take_address(job, state, reply, request, outcomes);
	case STAGE_RECORD:
		return take_record(job, state, reply, request, outcomes);
	}
	return go_on(job, state, request, outcomes);
}

enum step authority_step(const struct job *job, void *memory, const struct reply *reply,
			 struct request *request, struct outcome *outcomes)
{
	struct state *state = memory;

	if (advance(job, state, reply, request, outcomes) == STEP_SEND &&
	    state->n_requests++ < REQUESTS_MAX)
		return STEP_SEND;
	provider_request_done(request);
	outcome_rest(outcomes, job, VERDICT_RETRY, "left for the next try");
	return STEP_END;
}
