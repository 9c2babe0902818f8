/* SPDX-License-Identifier: MIT */
#include "providers/apiwrite.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "providers/apibatch.h"
#include "providers/apierror.h"
#include "providers/apiitems.h"
#include "providers/apilist.h"
#include "providers/apimark.h"
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

static bool end_committed(const struct apitalk *t)
{
	return apibatch_waits(t) ? apibatch_end(t) : end_written(t);
}

static bool send_commit(const struct apitalk *t)
{
	const struct apitext text = apitalk_text(t);

	if (t->api->commit.request == NULL)
		return end_committed(t);
	return apitalk_ask(t, APITALK_COMMIT, &t->api->commit, &text);
}

/* A try before may have ended between what it wrote and this. */
static bool commit(const struct apitalk *t)
{
	/* what is right already waits, too, but not for a batch without a commit */
	if (!apibatch_waits(t) || (!t->state->wrote && t->api->commit.request == NULL))
		return t->api->commit.request == NULL ? end_written(t) : send_commit(t);
	apibatch_close(t);
	return false;
}

/* Behind all addresses: the owner's mark may have to go, too. */
static bool finish(const struct apitalk *t)
{
	enum apimark mark = apimark_end(t);

	return mark == APIMARK_KNOWN ? commit(t) : mark == APIMARK_ASKED;
}

/* Sends a change, or gathers it. */
static bool write(const struct apitalk *t, enum apitalk_stage stage,
		  const struct recordapi_call *call, const struct apitext *text)
{
	int rc = apibatch_is_on(t) ? apibatch_add(t, stage, text) : -EINVAL;

	t->state->write = stage;
	t->state->queued = rc == 0;
	if (rc == 0)
		return true;
	/* what is left over is looked at again behind it */
	if ((rc == -ENOSPC || rc == -EAGAIN) && apibatch_waits(t))
		return apibatch_send(t);
	return apitalk_ask(t, stage, call, text);
}

static bool end_absent(const struct apitalk *t)
{
	return apitalk_end(t, VERDICT_REFUSED_NAME,
			   "there is no such record: create it, or set create = yes");
}

/* replaces: it is in the place of one that goes then. */
static bool create(const struct apitalk *t, struct apitext *text, bool replaces)
{
	unsigned kept = 0;

	if (!replaces && !apitalk_is_set(t, "create", true))
		return end_absent(t);
	if (replaces)
		kept = t->state->set.found[t->state->found].ttl;
	text->ttl = ttl_of(t, kept > 0 ? kept : t->api->ttl);
	return write(t, APITALK_CREATE, &t->api->create, text);
}

static bool end_too_large(const struct apitalk *t)
{
	return apitalk_end(t, VERDICT_REFUSED_CONFIG,
			   "what is under the name is too large to be sent again: make it less");
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
	if (stale) {
		text.id = state->set.found[state->found].id;
		text.was = apikeep_get(&state->keep, APIKEEP_RECORD,
				       state->set.found[state->found].number, (struct span){"", 0});
	}
	/* without it, what a person set would be lost */
	if (stale && text.was == NULL && apitext_wants_record(t->api))
		return end_too_large(t);
	if (missing && (!stale || t->api->change.request == NULL))
		return create(t, &text, stale);
	if (!stale)
		return finish(t);
	/* what goes is told as it is */
	text.ttl = state->set.found[state->found].ttl;
	if (missing)
		text.ttl = ttl_of(t, text.ttl);
	return missing ? write(t, APITALK_CHANGE, &t->api->change, &text)
		       : write(t, APITALK_REMOVE, &t->api->remove, &text);
}

/* What goes is told as it is. */
static bool remove_set(const struct apitalk *t, struct apitext *text, const struct json_t *json)
{
	unsigned ttl = apiitems_number(text, json, t->api->set_ttl);
	struct buf values;
	bool sent;

	if (ttl > 0)
		text->ttl = ttl;
	buf_init(&values, REQUEST_BODY_MAX);
	apivalues_add_found(text, json, &values);
	text->values = values.text;
	sent = write(t, APITALK_REMOVE, &t->api->remove, text);
	buf_done(&values);
	return sent;
}

static bool send_set(const struct apitalk *t, struct apitext *text, bool exists, unsigned ttl)
{
	const struct recordapi *api = t->api;

	if (!exists)
		return create(t, text, false);
	text->ttl = ttl_of(t, ttl);
	return write(t, APITALK_CHANGE, api->change.request != NULL ? &api->change : &api->create,
		     text);
}

/* A set is written as a whole, with what stays of it as it came. json: NULL: there is none. */
static bool write_set_found(const struct apitalk *t, const struct json_t *json)
{
	const struct apiset *set = &t->state->set;
	struct apitext text = apitalk_text(t);
	unsigned ttl = json != NULL ? apiitems_number(&text, json, t->api->set_ttl) : 0;
	struct buf values;
	size_t n_found;
	bool sent;

	text.id = apikeep_get(&t->state->keep, APIKEEP_ID, 0, (struct span){"", 0});
	text.was = apikeep_get(&t->state->keep, APIKEEP_RECORD, 0, (struct span){"", 0});
	buf_init(&values, REQUEST_BODY_MAX);
	text.ttl = ttl_of(t, ttl > 0 ? ttl : t->api->ttl); /* of new elements */
	n_found = apivalues_add(&text, json, set, &values);
	text.values = values.text;
	if (values.failed)
		sent = apitalk_end(t, VERDICT_REFUSED_CONFIG, "the request is too long");
	else if (values.len == 0)
		sent = remove_set(t, &text, json);
	else
		sent = send_set(t, &text, n_found > 0, ttl);
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
		return finish(t);
	json = found != NULL ? json_loads(found, JSON_DECODE_ANY, NULL) : NULL;
	/* without it, what others have there would be lost */
	if (set->n > 0 && json == NULL)
		return apitalk_end(t, VERDICT_RETRY, "out of memory");
	sent = write_set_found(t, json);
	json_decref(json);
	return sent;
}

/* The write under way has come into effect, or is gathered. */
static void note_written(const struct apitalk *t)
{
	const struct wanted *wanted = apitalk_wanted(t);
	struct apitalk_state *state = t->state;
	struct span address;

	state->wrote = true;
	if (t->api->list != NULL)
		return;
	if (state->write == APITALK_REMOVE) {
		apiset_remove(&state->set, state->found);
	} else if (state->write == APITALK_CHANGE) {
		apiset_replace(&state->set, state->found, wanted->addrs[state->addr]);
	} else {
		address = (struct span){wanted->addrs[state->addr],
					strlen(wanted->addrs[state->addr])};
		(void)apiset_add(&state->set, (struct span){"", 0}, address, wanted->type);
	}
}

/* The next change that is to be sent, or the end. */
static bool go_on(const struct apitalk *t)
{
	bool under_way;

	do {
		t->state->queued = false;
		if (t->api->list == NULL)
			under_way = write_record(t);
		else
			under_way = t->state->wrote ? finish(t) : write_set(t);
		if (t->state->queued)
			note_written(t);
	} while (t->state->queued);
	return under_way;
}

bool apiwrite_begin(const struct apitalk *t)
{
	if (t->state->mark.due)
		return apimark_write(t);
	return t->state->mark.last ? commit(t) : go_on(t);
}

static bool go_on_written(const struct apitalk *t)
{
	if (t->state->mark.due) {
		apimark_written(t);
		return apiwrite_begin(t);
	}
	note_written(t);
	return go_on(t);
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
	return go_on_written(t);
}

/* What waited for a commit fails with it. */
static bool end_failed(const struct apitalk *t, const struct reply *reply)
{
	if (!apibatch_waits(t))
		return apierror_end(t, reply);
	for (t->state->at = 0; t->state->at < t->job->n_wanted; t->state->at++)
		if (apibatch_has(t, t->state->at))
			(void)apierror_end(t, reply);
	return apibatch_undo(t);
}

static bool take_batch(const struct apitalk *t, const struct reply *reply)
{
	if (apierror_none(t, reply, false))
		return send_commit(t);
	return apierror_ends_all(t, reply) ? end_failed(t, reply) : apibatch_undo(t);
}

bool apiwrite_take(const struct apitalk *t, const struct reply *reply)
{
	enum apitalk_stage stage = t->state->stage;
	bool good, acts = t->api->action_id != NULL && stage != APITALK_COMMIT;

	if (stage == APITALK_BATCH)
		return take_batch(t, reply);
	if (stage != APITALK_ACTION)
		t->state->action[0] = '\0';
	good = apierror_so_already(t, reply);
	if (!good && reply->status == 404 && !apierror_known(t, reply) && stage != APITALK_CREATE &&
	    stage != APITALK_COMMIT)
		return apitalk_end(t, VERDICT_RETRY, "the record is gone meanwhile");
	if (!good && !apierror_none(t, reply, acts))
		return end_failed(t, reply);
	if (stage == APITALK_COMMIT)
		return end_committed(t);
	return acts && !good ? take_action(t, reply) : go_on_written(t);
}
