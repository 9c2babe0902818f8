/* SPDX-License-Identifier: MIT */
#include "providers/apiwrite.h"

#include <jansson.h>
#include <string.h>

#include "providers/apierror.h"
#include "providers/apiitems.h"
#include "providers/apilist.h"
#include "providers/apivalues.h"
#include "providers/outcome.h"

/* An action that goes on after the reply is asked for so often, and so many times. */
#define ACTION_DELAY_MS 1000
#define ACTIONS_MAX     20

static unsigned ttl_of(const struct apitalk *t, unsigned preset)
{
	const struct wanted *wanted = apitalk_wanted(t);
	unsigned ttl = wanted->ttl > 0 ? wanted->ttl : preset, least = t->api->ttl_min;

	if (t->state->zone.ttl_min > 0)
		least = t->state->zone.ttl_min;
	return ttl > 0 && ttl < least ? least : ttl;
}

static bool end_written(const struct apitalk *t)
{
	size_t others = apiset_others(&t->state->set, apitalk_wanted(t));
	enum verdict verdict = t->state->wrote ? VERDICT_DONE : VERDICT_UNCHANGED;
	const char *what = t->state->wrote ? "updated" : "already so";

	if (others == 0 || (t->api->list != NULL && t->state->wrote))
		return apitalk_end(t, verdict, what);
	outcome_say(apitalk_outcome(t), apitalk_wanted(t), verdict,
		    "%s: %s; %zu other address%s kept", t->api->who, what, others,
		    others == 1 ? "" : "es");
	return false;
}

/* A try before may have ended between what it wrote and this. */
static bool commit(const struct apitalk *t)
{
	const struct apitext text = apitalk_text(t);

	if (t->api->commit.request == NULL)
		return end_written(t);
	return apitalk_ask(t, APITALK_COMMIT, &t->api->commit, &text);
}

static bool end_absent(const struct apitalk *t)
{
	return apitalk_end(t, VERDICT_REFUSED_NAME,
			   "there is no such record: create it, or set create = yes");
}

/* replaces: it is in the place of one that goes then. */
static bool create(const struct apitalk *t, struct apitext *text, bool replaces)
{
	if (!replaces && !apitalk_is_set(t, "create", true))
		return end_absent(t);
	text->ttl = ttl_of(t, t->api->ttl);
	return apitalk_ask(t, APITALK_CREATE, &t->api->create, text);
}

/* The next change to one of the records of a name. What cannot be changed is removed once the new
 * one is there. */
static bool write_record(const struct apitalk *t)
{
	const struct wanted *wanted = apitalk_wanted(t);
	struct apitalk_state *state = t->state;
	struct apitext text = apitalk_text(t);
	bool missing, stale;

	state->addr = apiset_missing(&state->set, wanted);
	state->found = apiset_stale(&state->set, wanted);
	missing = state->addr < wanted->n_addrs;
	stale = state->found < state->set.n;
	if (missing)
		text.ip = wanted->addrs[state->addr];
	if (missing && (!stale || t->api->change.request == NULL))
		return create(t, &text, stale);
	if (!stale)
		return commit(t);
	text.id = state->set.found[state->found].id;
	text.was = apikeep_get(&state->keep, APIKEEP_RECORD, state->set.found[state->found].number,
			       (struct span){"", 0});
	text.ttl = ttl_of(t, state->set.found[state->found].ttl);
	return missing ? apitalk_ask(t, APITALK_CHANGE, &t->api->change, &text)
		       : apitalk_ask(t, APITALK_REMOVE, &t->api->remove, &text);
}

static bool remove_set(const struct apitalk *t, struct apitext *text, const struct json_t *json)
{
	struct buf values;
	bool sent;

	buf_init(&values, REQUEST_BODY_MAX);
	apivalues_add_found(text, json, &values);
	text->values = values.text;
	sent = apitalk_ask(t, APITALK_REMOVE, &t->api->remove, text);
	buf_done(&values);
	return sent;
}

static bool send_set(const struct apitalk *t, struct apitext *text, bool exists, unsigned ttl)
{
	const struct recordapi *api = t->api;

	if (!exists)
		return create(t, text, false);
	text->ttl = ttl_of(t, ttl);
	return apitalk_ask(t, APITALK_CHANGE,
			   api->change.request != NULL ? &api->change : &api->create, text);
}

/* A set is written as a whole, with what stays of it as it came. json: NULL: there is none. */
static bool write_set_found(const struct apitalk *t, const struct json_t *json)
{
	const struct apiset *set = &t->state->set;
	struct apitext text = apitalk_text(t);
	unsigned ttl = json != NULL ? apiitems_number(&text, json, t->api->set_ttl) : 0;
	struct buf values;
	size_t n_stay;
	bool sent;

	if (set->n > 0)
		text.id = set->found[0].id;
	buf_init(&values, REQUEST_BODY_MAX);
	n_stay = apivalues_add(&text, json, set, &values);
	text.values = values.text;
	text.ttl = ttl_of(t, ttl);
	if (values.failed)
		sent = apitalk_end(t, VERDICT_REFUSED_CONFIG, "the request is too long");
	else if (values.len == 0)
		sent = remove_set(t, &text, json);
	else
		sent = send_set(t, &text, set->n > 0 || n_stay > 0, ttl);
	buf_done(&values);
	return sent;
}

static bool write_set(const struct apitalk *t)
{
	const struct wanted *wanted = apitalk_wanted(t);
	const struct apiset *set = &t->state->set;
	const char *found = apikeep_get(&t->state->keep, APIKEEP_RECORD, 0, (struct span){"", 0});
	json_t *json;
	bool sent;

	if (apiset_missing(set, wanted) == wanted->n_addrs && apiset_stale(set, wanted) == set->n)
		return commit(t);
	json = found != NULL ? json_loads(found, JSON_DECODE_ANY, NULL) : NULL;
	sent = write_set_found(t, json);
	json_decref(json);
	return sent;
}

bool apiwrite_begin(const struct apitalk *t)
{
	return t->api->list != NULL ? write_set(t) : write_record(t);
}

/* The write under way has come into effect. */
static bool note_written(const struct apitalk *t)
{
	const struct wanted *wanted = apitalk_wanted(t);
	struct apitalk_state *state = t->state;
	struct span address;

	state->wrote = true;
	if (t->api->list != NULL)
		return commit(t);
	if (state->write == APITALK_REMOVE) {
		apiset_remove(&state->set, state->found);
	} else if (state->write == APITALK_CHANGE) {
		apiset_replace(&state->set, state->found, wanted->addrs[state->addr]);
	} else {
		address = (struct span){wanted->addrs[state->addr],
					strlen(wanted->addrs[state->addr])};
		(void)apiset_add(&state->set, (struct span){"", 0}, address, wanted->type);
	}
	return write_record(t);
}

static bool ask_action(const struct apitalk *t)
{
	struct apitext text = apitalk_text(t);

	text.id = t->state->action;
	if (t->state->n_actions++ == ACTIONS_MAX)
		return apitalk_end(t, VERDICT_RETRY, "still at it");
	if (!apitalk_ask(t, APITALK_ACTION, &t->api->action, &text))
		return false;
	t->request->delay_ms = ACTION_DELAY_MS;
	return true;
}

/* What is written, or goes on to be. */
static bool take_action(const struct apitalk *t, const struct reply *reply)
{
	const struct apitext text = apitalk_text(t);

	switch (apilist_action(&text, reply->json, t->state->action)) {
	case APILIST_ACTION_RUNS:
		return ask_action(t);
	case APILIST_ACTION_FAILED:
		return apitalk_end(t, VERDICT_RETRY, "says that the change failed");
	case APILIST_ACTION_NONE:
		break;
	}
	return note_written(t);
}

bool apiwrite_take(const struct apitalk *t, const struct reply *reply)
{
	enum apitalk_stage stage = t->state->stage;
	bool good, acts = t->api->action_id != NULL && stage != APITALK_COMMIT;

	if (stage != APITALK_ACTION) {
		t->state->write = stage;
		t->state->action[0] = '\0';
	}
	good = apierror_so_already(t, reply);
	if (!good && reply->status == 404 && !apierror_known(t, reply) && stage != APITALK_CREATE &&
	    stage != APITALK_COMMIT)
		return apitalk_end(t, VERDICT_RETRY, "the record is gone meanwhile");
	if (!good && !apierror_none(t, reply, acts))
		return apierror_end(t, reply);
	if (stage == APITALK_COMMIT)
		return end_written(t);
	return acts && !good ? take_action(t, reply) : note_written(t);
}
