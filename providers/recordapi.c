/* SPDX-License-Identifier: MIT */
#include "providers/recordapi.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "providers/apierror.h"
#include "providers/apilist.h"
#include "providers/apiset.h"
#include "providers/apitext.h"
#include "providers/outcome.h"
#include "providers/service.h"
#include "providers/zone.h"

/* Requests of one conversation: the transport allows a job 32 steps. */
#define REQUESTS_MAX 30

#define PAGES_MAX 10
#define KNOWN_MAX 4

/* An action that goes on after the reply is asked for so often, and so many times. */
#define ACTION_DELAY_MS 1000
#define ACTIONS_MAX     20

const struct setting recordapi_settings[] = {RECORDAPI_SETTINGS, {0}};

enum stage { STAGE_ZONE, STAGE_FIND, STAGE_CREATE, STAGE_CHANGE, STAGE_REMOVE, STAGE_ACTION };

/* A zone that was found: a name and where in it the zone's begins. */
struct known {
	size_t of;
	uint8_t zone_at;
	char id[APISET_ID_MAX];
	unsigned ttl_min;
};

struct state {
	enum stage stage;
	unsigned n_requests;
	size_t at; /* the record under way */
	uint8_t zone_at;
	bool denied; /* a zone was refused for want of rights */
	struct known known[KNOWN_MAX];
	unsigned n_known;
	struct known zone;  /* of the record under way */
	struct apiset set;  /* what is under its name */
	unsigned page;      /* of the list of that */
	size_t found, addr; /* places of the write under way, in set and wanted */
	bool wrote;
	char action[APISET_ID_MAX];
	unsigned n_actions;
};
_Static_assert(sizeof(struct state) <= RECORDAPI_STATE_SIZE, "state_size has a cap");

struct talk {
	const struct recordapi *api;
	const struct job *job;
	struct state *state;
	struct request *request;
	struct outcome *outcomes;
};

static const struct wanted *wanted_of(const struct talk *t)
{
	return &t->job->wanted[t->state->at];
}

static struct outcome *outcome_of(const struct talk *t)
{
	return &t->outcomes[t->state->at];
}

static bool is_set(const struct talk *t, const char *setting, bool preset)
{
	const char *text = provider_value(t->job, setting);

	return text != NULL ? strcmp(text, "yes") == 0 : preset;
}

/* The functions below return whether a request is under way; if not, the record has its end. */

static bool end(const struct talk *t, enum verdict verdict, const char *why)
{
	outcome_say(outcome_of(t), wanted_of(t), verdict, "%s: %s", t->api->who, why);
	return false;
}

static bool end_strange(const struct talk *t)
{
	outcome_say(outcome_of(t), wanted_of(t), VERDICT_RETRY,
		    "%s: a reply that is not understood", t->api->who);
	return false;
}

/* What ends all ends those that come after, too. */
static bool fail(const struct talk *t, const struct reply *reply)
{
	struct outcome *mine = outcome_of(t);

	if (!apierror_say(t->api, reply, wanted_of(t), mine))
		return false;
	for (size_t i = 0; i < t->job->n_wanted; i++)
		if (outcome_is_open(&t->outcomes[i]))
			(void)apierror_say(t->api, reply, &t->job->wanted[i], &t->outcomes[i]);
	return false;
}

static unsigned ttl_of(const struct talk *t, unsigned preset)
{
	const struct wanted *wanted = wanted_of(t);
	unsigned ttl = wanted->ttl > 0 ? wanted->ttl : preset, least = t->api->ttl_min;

	if (t->state->zone.ttl_min > 0)
		least = t->state->zone.ttl_min;
	return ttl > 0 && ttl < least ? least : ttl;
}

static bool ask(const struct talk *t, enum stage stage, const struct recordapi_call *call,
		struct apitext *text)
{
	int rc;

	if (t->state->n_requests++ == REQUESTS_MAX) {
		outcome_rest(t->outcomes, t->job, VERDICT_RETRY, "left for the next try");
		return false;
	}
	t->state->stage = stage;
	text->job = t->job;
	text->wanted = wanted_of(t);
	text->zone = text->wanted->name + t->state->zone_at;
	text->zone_id = t->state->zone.id;
	text->apex = t->api->apex;
	rc = apitext_request(t->api, call, text, t->request);
	if (rc == -EMSGSIZE)
		return end(t, VERDICT_REFUSED_CONFIG, "the request is too long");
	return rc == 0 || end(t, VERDICT_REFUSED_CONFIG,
			      "a setting is missing, or holds what cannot be sent: correct it");
}

static bool find_records(const struct talk *t)
{
	struct apitext text = {.page = t->state->page};

	return ask(t, STAGE_FIND, &t->api->find, &text);
}

static bool use_zone(const struct talk *t, const struct known *zone)
{
	t->state->zone = *zone;
	t->state->page = 1;
	return find_records(t);
}

static const struct known *find_known(const struct talk *t)
{
	const char *zone = wanted_of(t)->name + t->state->zone_at;

	for (unsigned i = 0; i < t->state->n_known; i++) {
		const struct known *known = &t->state->known[i];

		if (strcmp(t->job->wanted[known->of].name + known->zone_at, zone) == 0)
			return known;
	}
	return NULL;
}

static bool ask_zone(const struct talk *t)
{
	const struct known *known = find_known(t);
	struct apitext text = {.page = 1};

	return known != NULL ? use_zone(t, known) : ask(t, STAGE_ZONE, &t->api->zone, &text);
}

/* Zones of one label are a person's own: they are not looked for, but may be told. */
static bool ask_parent(const struct talk *t)
{
	const char *name = wanted_of(t)->name, *dot = strchr(name + t->state->zone_at, '.');

	if (provider_value(t->job, "zone") == NULL && dot != NULL && strchr(dot + 1, '.') != NULL) {
		t->state->zone_at = (uint8_t)(dot + 1 - name);
		return ask_zone(t);
	}
	outcome_say(outcome_of(t), wanted_of(t),
		    t->state->denied ? VERDICT_REFUSED_AUTH : VERDICT_REFUSED_NAME,
		    t->state->denied ? "%s does not let the token see the zone: give it %s"
				     : "%s shows no zone of the name to this token: correct the "
				       "name, or give it %s",
		    t->api->who, t->api->rights);
	return false;
}

static bool take_zone(const struct talk *t, const struct reply *reply)
{
	const char *name = wanted_of(t)->name + t->state->zone_at;
	struct known zone = {.of = t->state->at, .zone_at = t->state->zone_at};
	int rc;

	if (reply->status == 403)
		t->state->denied = true;
	if (reply->status == 403 || reply->status == 404 || reply->status == 422)
		return ask_parent(t);
	if (!apierror_none(t->api, reply, true))
		return fail(t, reply);
	rc = apilist_zone(t->api, reply->json, name, zone.id, &zone.ttl_min);
	if (rc == -ENOENT)
		return ask_parent(t);
	if (rc < 0)
		return end_strange(t);
	if (t->state->n_known < KNOWN_MAX)
		t->state->known[t->state->n_known++] = zone;
	return use_zone(t, &zone);
}

static bool end_verified(const struct talk *t)
{
	const struct wanted *wanted = wanted_of(t);
	const struct apiset *set = &t->state->set;
	bool same = apiset_missing(set, wanted) == wanted->n_addrs &&
		    apiset_stale(set, wanted) == set->n;

	outcome_say(outcome_of(t), wanted, VERDICT_DONE,
		    same ? "%s holds the same" : "%s holds something else", t->api->who);
	outcome_of(t)->truth = same ? TRUTH_SAME : TRUTH_OTHER;
	return false;
}

static bool end_written(const struct talk *t)
{
	size_t others = apiset_others(&t->state->set, wanted_of(t));
	enum verdict verdict = t->state->wrote ? VERDICT_DONE : VERDICT_UNCHANGED;
	const char *what = t->state->wrote ? "updated" : "already so";

	if (others == 0)
		return end(t, verdict, what);
	outcome_say(outcome_of(t), wanted_of(t), verdict, "%s: %s; %zu other address%s kept",
		    t->api->who, what, others, others == 1 ? "" : "es");
	return false;
}

static bool end_absent(const struct talk *t)
{
	return end(t, VERDICT_REFUSED_NAME,
		   "there is no such record: create it, or set create = yes");
}

/* The next change to one of the records of a name, or its end. */
static bool write_record(const struct talk *t)
{
	const struct wanted *wanted = wanted_of(t);
	struct state *state = t->state;
	struct apitext text = {.ttl = ttl_of(t, 0)};

	state->addr = apiset_missing(&state->set, wanted);
	state->found = apiset_stale(&state->set, wanted);
	if (state->found < state->set.n)
		text.id = state->set.found[state->found].id;
	if (state->addr < wanted->n_addrs)
		text.ip = wanted->addrs[state->addr];
	if (text.id != NULL && text.ip != NULL)
		return ask(t, STAGE_CHANGE, &t->api->change, &text);
	if (text.id != NULL)
		return ask(t, STAGE_REMOVE, &t->api->remove, &text);
	if (text.ip == NULL)
		return end_written(t);
	if (!is_set(t, "create", true))
		return end_absent(t);
	text.ttl = ttl_of(t, t->api->ttl);
	return ask(t, STAGE_CREATE, &t->api->create, &text);
}

/* A set is written as a whole, with what stays of it as it came. */
static bool write_set(const struct talk *t, const struct json_t *json)
{
	const struct wanted *wanted = wanted_of(t);
	const struct apiset *set = &t->state->set;
	enum stage stage = set->n > 0 ? STAGE_CHANGE : STAGE_CREATE;
	const struct recordapi_call *call = set->n > 0 ? &t->api->change : &t->api->create;
	struct apitext text = {
		.wanted = wanted, .zone = wanted->name + t->state->zone_at, .apex = t->api->apex};
	struct buf values;
	unsigned ttl = 0;
	bool sent;

	if (apiset_missing(set, wanted) == wanted->n_addrs && apiset_stale(set, wanted) == set->n)
		return end_written(t);
	buf_init(&values, REQUEST_BODY_MAX);
	if (apilist_values(t->api, json, set, &text, &values, &ttl) > 0 && set->n == 0) {
		stage = STAGE_CHANGE;
		call = &t->api->change;
	}
	text.values = values.text;
	text.ttl = ttl_of(t, stage == STAGE_CREATE ? t->api->ttl : ttl);
	if (values.failed)
		sent = end(t, VERDICT_REFUSED_CONFIG, "the request is too long");
	else if (values.len == 0)
		sent = ask(t, STAGE_REMOVE, &t->api->remove, &text);
	else if (stage == STAGE_CREATE && !is_set(t, "create", true))
		sent = end_absent(t);
	else
		sent = ask(t, stage, call, &text);
	buf_done(&values);
	return sent;
}

static bool take_found(const struct talk *t, const struct reply *reply)
{
	struct state *state = t->state;
	bool none = reply->status == 404 && t->api->none_is_404;
	const struct json_t *json = none ? NULL : reply->json;
	struct apitext text = {.wanted = wanted_of(t), .apex = t->api->apex};
	int rc = 0;

	if (!none && !apierror_none(t->api, reply, true))
		return fail(t, reply);
	text.zone = text.wanted->name + state->zone_at;
	if (!none)
		rc = apilist_addresses(t->api, json, &text, &state->set);
	if (rc == -ENOSPC)
		return end(t, VERDICT_REFUSED_CONFIG, "too many addresses under the name");
	if (rc < 0)
		return end_strange(t);
	if (!none && apilist_goes_on(t->api, json, state->page)) {
		if (state->page++ == PAGES_MAX)
			return end(t, VERDICT_REFUSED_CONFIG, "too many records under the name");
		return find_records(t);
	}
	state->set.sole = state->set.n == 1 && !is_set(t, "shared", false);
	if (t->job->purpose == PURPOSE_VERIFY)
		return end_verified(t);
	return t->api->id != NULL ? write_record(t) : write_set(t, json);
}

/* The write under way has come into effect. */
static bool note_written(const struct talk *t)
{
	const struct wanted *wanted = wanted_of(t);
	struct state *state = t->state;
	enum stage stage = state->stage;

	state->wrote = true;
	if (t->api->id == NULL)
		return end(t, VERDICT_DONE, "updated");
	if (stage == STAGE_REMOVE)
		apiset_remove(&state->set, state->found);
	else if (stage == STAGE_CHANGE)
		apiset_replace(&state->set, state->found, wanted->addrs[state->addr]);
	else
		(void)apiset_add(&state->set, (struct span){"", 0},
				 (struct span){wanted->addrs[state->addr],
					       strlen(wanted->addrs[state->addr])},
				 wanted->type);
	return write_record(t);
}

static bool ask_action(const struct talk *t)
{
	struct apitext text = {.id = t->state->action};

	if (t->state->n_actions++ == ACTIONS_MAX)
		return end(t, VERDICT_RETRY, "still at it");
	if (!ask(t, STAGE_ACTION, &t->api->action, &text))
		return false;
	t->request->delay_ms = ACTION_DELAY_MS;
	return true;
}

/* What is written, or goes on to be. */
static bool take_action(const struct talk *t, const struct reply *reply)
{
	switch (apilist_action(t->api, reply->json, t->state->action)) {
	case APILIST_ACTION_RUNS:
		return ask_action(t);
	case APILIST_ACTION_FAILED:
		return end(t, VERDICT_RETRY, "says that the change failed");
	case APILIST_ACTION_NONE:
		break;
	}
	return note_written(t);
}

static bool take_written(const struct talk *t, const struct reply *reply)
{
	const struct recordapi_error *error = apierror_find(t->api, reply);
	bool read = t->api->action_id != NULL;

	if (error != NULL && error->verdict == VERDICT_DONE)
		return note_written(t);
	if (reply->status == 404 && t->state->stage != STAGE_CREATE)
		return end(t, VERDICT_RETRY, "the record is gone meanwhile");
	if (!apierror_none(t->api, reply, read))
		return fail(t, reply);
	return read ? take_action(t, reply) : note_written(t);
}

static bool take(const struct talk *t, const struct reply *reply)
{
	switch (t->state->stage) {
	case STAGE_ZONE:
		return take_zone(t, reply);
	case STAGE_FIND:
		return take_found(t, reply);
	case STAGE_CREATE:
	case STAGE_CHANGE:
	case STAGE_REMOVE:
	case STAGE_ACTION:
		break;
	}
	return take_written(t, reply);
}

static bool begin_told(const struct talk *t, const char *told)
{
	const char *name = wanted_of(t)->name;
	char zone[DNS_NAME_MAX];

	zone_copy_name(zone, told);
	if (!zone_holds(zone, name))
		return end(t, VERDICT_REFUSED_CONFIG,
			   "the name is not in the configured zone: correct zone");
	t->state->zone_at = (uint8_t)(strlen(name) - strlen(zone));
	return t->api->zone_asked ? ask_zone(t) : use_zone(t, &(struct known){0});
}

/* Where the search for the zone begins: with the name itself, or where it ended for the record of
 * the other type. */
static uint8_t first_at(const struct talk *t)
{
	const char *name = wanted_of(t)->name;

	for (unsigned i = 0; i < t->state->n_known; i++)
		if (strcmp(t->job->wanted[t->state->known[i].of].name, name) == 0)
			return t->state->known[i].zone_at;
	return strncmp(name, "*.", 2) == 0 ? 2 : 0;
}

static bool begin(const struct talk *t)
{
	const char *told = provider_value(t->job, "zone");
	struct state *state = t->state;

	memset(&state->set, 0, sizeof(state->set));
	state->zone_at = first_at(t);
	state->denied = state->wrote = false;
	state->n_actions = 0;
	return told != NULL ? begin_told(t, told) : ask_zone(t);
}

enum step recordapi_step(const struct recordapi *api, const struct job *job, void *memory,
			 const struct reply *reply, struct request *request,
			 struct outcome *outcomes)
{
	struct state *state = memory;
	const struct talk t = {api, job, state, request, outcomes};

	if (reply != NULL && take(&t, reply))
		return STEP_SEND;
	for (state->at = 0; state->at < job->n_wanted; state->at++)
		if (outcome_is_open(&outcomes[state->at]) && begin(&t))
			return STEP_SEND;
	return STEP_END;
}

enum step recordapi_step_file(const struct job *job, void *memory, const struct reply *reply,
			      struct request *request, struct outcome *outcomes)
{
	return recordapi_step(job->provider->service->api, job, memory, reply, request, outcomes);
}
