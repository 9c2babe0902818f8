/* SPDX-License-Identifier: MIT */
#include "providers/recordapi.h"

#include <errno.h>
#include <string.h>

#include "providers/apibatch.h"
#include "providers/apierror.h"
#include "providers/apilist.h"
#include "providers/apipages.h"
#include "providers/apimark.h"
#include "providers/apiwrite.h"
#include "providers/apizone.h"
#include "providers/outcome.h"
#include "providers/service.h"

static bool find_page(const struct apitalk *t)
{
	const struct apitext text = apitalk_text(t);

	return apitalk_ask(t, APITALK_FIND, &t->api->find, &text);
}

static bool find_records(const struct apitalk *t, enum apizone zone)
{
	if (zone != APIZONE_FOUND)
		return zone == APIZONE_ASKED;
	apipages_begin(t);
	return find_page(t);
}

static bool end_verified(const struct apitalk *t)
{
	const struct wanted *wanted = apitalk_wanted(t);
	const struct apiset *set = &t->state->set;
	const char *what = "holds something else";
	enum truth truth = TRUTH_OTHER;

	if (set->alias) {
		what = "has an alias there";
		truth = TRUTH_UNKNOWN;
	} else if (apiset_is_wanted(set, wanted)) {
		what = "holds the same";
		truth = TRUTH_SAME;
	} else if (apiset_is_odd(set, wanted, t->job->odd)) {
		what = "holds an address of another kind";
		truth = TRUTH_UNKNOWN;
	}
	outcome_say(apitalk_outcome(t), wanted, VERDICT_DONE, "%s %s", t->api->who, what);
	apitalk_outcome(t)->truth = truth;
	return false;
}

static bool go_on_marked(const struct apitalk *t, enum apimark mark)
{
	return mark == APIMARK_KNOWN ? apiwrite_begin(t) : mark == APIMARK_ASKED;
}

static bool end_found(const struct apitalk *t)
{
	struct apiset *set = &t->state->set;

	set->sole = set->n == 1 && !apitalk_is_set(t, "shared", false);
	if (t->job->purpose == PURPOSE_VERIFY)
		return end_verified(t);
	return go_on_marked(t, apimark_begin(t));
}

static bool end_unread(const struct apitalk *t, int error)
{
	if (error == -ENOSPC)
		return apitalk_end(t, VERDICT_REFUSED_CONFIG, "too many records under the name");
	if (error == -EEXIST)
		return apitalk_end(t, VERDICT_REFUSED_CONFIG,
				   "several sets of records under the name: leave one there");
	if (error == -EINVAL) /* some have words there, such as PARK */
		return apitalk_end(t, VERDICT_RETRY,
				   "what it has under the name is no address: give it one there");
	return apitalk_end_strange(t);
}

/* Where there are but ids, each record is asked for by its own. */
static bool read_next(const struct apitalk *t)
{
	struct apitext text = apitalk_text(t);

	if (t->state->n_reads == t->state->n_ids)
		return end_found(t);
	text.id = apikeep_get(&t->state->keep, APIKEEP_ID, t->state->n_reads, (struct span){"", 0});
	return apitalk_ask(t, APITALK_READ, &t->api->read, &text);
}

/* One that is gone meanwhile is none. */
static bool take_read(const struct apitalk *t, const struct reply *reply)
{
	struct apitext text = apitalk_text(t);
	int rc = 0;

	text.id =
		apikeep_get(&t->state->keep, APIKEEP_ID, t->state->n_reads++, (struct span){"", 0});
	if (reply->status != 404 && !apierror_none(t, reply, true))
		return apierror_end(t, reply);
	if (reply->status != 404)
		rc = apilist_record(&text, reply->json, &t->state->set, &t->state->keep);
	return rc < 0 ? end_unread(t, rc) : read_next(t);
}

static bool take_found(const struct apitalk *t, const struct reply *reply)
{
	struct apitalk_state *state = t->state;
	const struct apitext text = apitalk_text(t);
	int rc;

	if ((reply->status == 404 && t->api->none_is_404) ||
	    apierror_holds(t, t->api->find.none, reply))
		return read_next(t);
	if (!apierror_none(t, reply, true))
		return apierror_end(t, reply);
	rc = t->api->read.request != NULL
		     ? apilist_ids(&text, reply->json, &state->keep, &state->n_ids)
		     : apilist_addresses(&text, reply->json, &state->set, &state->keep);
	if (rc == 0 && t->api->find.take != NULL)
		rc = apitalk_take(t, &t->api->find, reply->json, APIKEEP_RECORD, 0);
	if (rc == 0)
		rc = apipages_go_on(t, &t->api->find_pages, t->api->find_list, reply->json);
	if (rc < 0)
		return end_unread(t, rc);
	return rc > 0 ? find_page(t) : read_next(t);
}

static bool begin(const struct apitalk *t)
{
	struct apitalk_state *state = t->state;

	memset(&state->set, 0, sizeof(state->set));
	apikeep_forget(&state->keep, APIKEEP_RECORD);
	apikeep_forget(&state->keep, APIKEEP_ID);
	state->n_ids = 0;
	state->n_reads = 0;
	state->wrote = false;
	state->n_actions = 0;
	memset(&state->mark, 0, sizeof(state->mark));
	/* marks come before their addresses, and go behind them */
	state->no_batch |= apimark_is_on(t);
	return find_records(t, apizone_begin(t));
}

/* Whether there is one more to be asked. */
static const struct recordapi_call *next_login(const struct apitalk *t)
{
	const struct recordapi_call *login = &t->api->login[t->state->n_logins];

	return t->state->n_logins < RECORDAPI_LOGINS_MAX && login->request != NULL ? login : NULL;
}

static bool log_in(const struct apitalk *t)
{
	const struct recordapi_call *login = next_login(t);
	struct apitext text = apitalk_text(t);

	if (login == NULL)
		return begin(t);
	text.login = true;
	return apitalk_ask(t, APITALK_LOGIN, login, &text);
}

/* Once is enough: it would come to the same for the others. */
static bool end_login(const struct apitalk *t)
{
	(void)apitalk_end_strange(t);
	outcome_rest(t->outcomes, t->job, VERDICT_RETRY, apitalk_outcome(t)->why);
	return false;
}

static bool take_login(const struct apitalk *t, const struct reply *reply)
{
	const struct recordapi_call *login = next_login(t);
	int rc;

	if (!apierror_none(t, reply, true))
		return apierror_end(t, reply);
	rc = apitalk_take(t, login, reply->json, APIKEEP_SESSION, 0);
	if (rc < 0)
		return end_login(t);
	t->state->n_logins++;
	return log_in(t);
}

static bool take(const struct apitalk *t, const struct reply *reply)
{
	switch (t->state->stage) {
	case APITALK_LOGIN:
		return take_login(t, reply);
	case APITALK_ZONE:
		return find_records(t, apizone_take(t, reply));
	case APITALK_FIND:
		return take_found(t, reply);
	case APITALK_READ:
		return take_read(t, reply);
	case APITALK_MARK:
	case APITALK_BESIDE:
		return go_on_marked(t, apimark_take(t, reply));
	case APITALK_CREATE:
	case APITALK_CHANGE:
	case APITALK_REMOVE:
	case APITALK_ACTION:
	case APITALK_BATCH:
	case APITALK_COMMIT:
		break;
	}
	return apiwrite_take(t, reply);
}

static bool begin_next(const struct apitalk *t)
{
	for (t->state->at = 0; t->state->at < t->job->n_wanted; t->state->at++)
		if (outcome_is_open(apitalk_outcome(t)) && !apibatch_has(t, t->state->at) &&
		    log_in(t))
			return true;
	return false;
}

enum step recordapi_step(const struct recordapi *api, const struct job *job, void *state,
			 const struct reply *reply, struct request *request,
			 struct outcome *outcomes)
{
	struct apitalk_state *talk = state;
	const struct apitalk t = {api, job, talk, request, outcomes, reply};

	if (reply != NULL && take(&t, reply))
		return STEP_SEND;
	while (!begin_next(&t)) {
		if (!apibatch_waits(&t))
			return STEP_END;
		if (apibatch_send(&t))
			return STEP_SEND;
		(void)apibatch_undo(&t);
	}
	return STEP_SEND;
}

enum step recordapi_step_file(const struct job *job, void *state, const struct reply *reply,
			      struct request *request, struct outcome *outcomes)
{
	return recordapi_step(job->provider->service->api, job, state, reply, request, outcomes);
}
