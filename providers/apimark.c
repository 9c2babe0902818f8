/* SPDX-License-Identifier: MIT */
#include "providers/apimark.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "providers/apierror.h"
#include "providers/apilist.h"
#include "providers/apipages.h"
#include "providers/apivalues.h"
#include "providers/outcome.h"
#include "providers/service.h"

#define TYPE     "TXT"
#define BELOW    "_nlddns."
#define WILDCARD "_nlddns-wildcard."
#define OWNER    "owner="
#define TEXT_MAX (sizeof(OWNER) + APITALK_OWNER_MAX + 2)

#define OWNER_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

/* The record under way, as it is asked for: what apitext borrows. */
struct view {
	char name[DNS_NAME_MAX];
	char value[TEXT_MAX]; /* of the mark */
	struct wanted wanted;
	struct apitext text;
};

bool apimark_is_on(const struct apitalk *t)
{
	return t->api->txt != RECORDAPI_TXT_NONE && provider_value(t->job, "owner") != NULL &&
	       t->job->purpose == PURPOSE_UPDATE;
}

/* False: the mark's name would be too long. */
static bool view_mark(const struct apitalk *t, struct view *ret)
{
	const char *name = apitalk_wanted(t)->name, *owner = provider_value(t->job, "owner");
	const char *quote = t->api->txt == RECORDAPI_TXT_QUOTED ? "\"" : "";
	bool wildcard = strncmp(name, "*.", 2) == 0;
	int len = snprintf(ret->name, sizeof(ret->name), "%s%s", wildcard ? WILDCARD : BELOW,
			   wildcard ? name + 2 : name);

	(void)snprintf(ret->value, sizeof(ret->value), "%s" OWNER "%s%s", quote, owner, quote);
	ret->wanted = (struct wanted){.name = ret->name, .type = apitalk_wanted(t)->type};
	ret->text = apitalk_text(t);
	ret->text.wanted = &ret->wanted;
	ret->text.type = TYPE;
	return len < DNS_NAME_MAX;
}

/* The name's records of the other type. */
static void view_beside(const struct apitalk *t, struct view *ret)
{
	const struct wanted *wanted = apitalk_wanted(t);

	ret->wanted = (struct wanted){.name = wanted->name,
				      .type = wanted->type == RECORD_TYPE_A ? RECORD_TYPE_AAAA
									    : RECORD_TYPE_A};
	ret->text = apitalk_text(t);
	ret->text.wanted = &ret->wanted;
}

static enum apimark asked(bool under_way)
{
	return under_way ? APIMARK_ASKED : APIMARK_ENDED;
}

static enum apimark ask(const struct apitalk *t, enum apitalk_stage stage)
{
	struct view view;

	if (stage == APITALK_BESIDE)
		view_beside(t, &view);
	else if (!view_mark(t, &view))
		return asked(apitalk_end(t, VERDICT_REFUSED_CONFIG,
					 "the name is too long for a mark: leave out owner"));
	return asked(apitalk_ask(t, stage, &t->api->find, &view.text));
}

static enum apimark look(const struct apitalk *t, enum apitalk_stage stage)
{
	apipages_begin(t);
	return ask(t, stage);
}

enum apimark apimark_begin(const struct apitalk *t)
{
	const struct wanted *wanted = apitalk_wanted(t);
	const struct apiset *set = &t->state->set;
	bool right = wanted->n_addrs > 0 && apiset_is_wanted(set, wanted) &&
		     apiset_others(set, wanted) == 0;

	return apimark_is_on(t) && !right ? look(t, APITALK_MARK) : APIMARK_KNOWN;
}

enum apimark apimark_end(const struct apitalk *t)
{
	if (!t->state->mark.ours || t->state->mark.last || apitalk_wanted(t)->n_addrs > 0)
		return APIMARK_KNOWN;
	t->state->mark.last = true;
	t->state->mark.n_beside = 0;
	return look(t, APITALK_BESIDE);
}

static struct span unquoted(struct span value)
{
	if (value.len >= 2 && value.text[0] == '"' && value.text[value.len - 1] == '"')
		value = (struct span){value.text + 1, value.len - 2};
	return value;
}

/* A text at the name of the mark. */
static void note_text(void *of, const struct apilist_value *found)
{
	const struct apitalk *t = of;
	struct apitalk_mark *mark = &t->state->mark;
	struct span value = unquoted(found->value);
	size_t len = strlen(OWNER);

	if (value.len <= len || memcmp(value.text, OWNER, len) != 0) {
		mark->n_texts++;
		return;
	}
	value = (struct span){value.text + len, value.len - len};
	if (span_is(value, provider_value(t->job, "owner"))) {
		mark->ours = true;
		mark->ttl = found->ttl;
		(void)snprintf(mark->id, sizeof(mark->id), "%s", found->id);
	} else {
		(void)snprintf(mark->other, sizeof(mark->other), "%.*s", (int)value.len,
			       value.text);
	}
}

static void note_beside(void *of, const struct apilist_value *found)
{
	const struct apitalk *t = of;

	(void)found;
	t->state->mark.n_beside++;
}

static enum apimark end_other(const struct apitalk *t)
{
	struct view view;

	(void)view_mark(t, &view);
	outcome_say(apitalk_outcome(t), apitalk_wanted(t), VERDICT_REFUSED_CONFIG,
		    "%s: it is %s's: use another name, or delete the TXT record %s", t->api->who,
		    t->state->mark.other, view.name);
	return APIMARK_ENDED;
}

/* Of a name with others' addresses no mark is made: they would be ours with it. */
static enum apimark take_mark(const struct apitalk *t)
{
	const struct wanted *wanted = apitalk_wanted(t);
	struct apitalk_mark *mark = &t->state->mark;
	struct apiset *set = &t->state->set;

	if (mark->other[0] != '\0')
		return end_other(t);
	if (mark->ours) {
		for (size_t i = 0; i < set->n; i++)
			set->found[i].marked = true;
		return APIMARK_KNOWN;
	}
	if (apiset_missing(set, wanted) == wanted->n_addrs || apiset_foreign(set, wanted) > 0 ||
	    !apitalk_is_set(t, "create", true))
		return APIMARK_KNOWN;
	return look(t, APITALK_BESIDE);
}

/* One address of the other type would be replaced with or without the mark. */
static enum apimark take_beside(const struct apitalk *t)
{
	struct apitalk_mark *mark = &t->state->mark;

	mark->due = mark->n_beside <= (mark->last ? 0 : 1) &&
		    (t->api->list == NULL || mark->n_texts == 0);
	return APIMARK_KNOWN;
}

static int read_page(const struct apitalk *t, const struct reply *reply)
{
	bool beside = t->state->stage == APITALK_BESIDE;
	struct apitalk to = *t; /* not const for its callback */
	struct view view;
	int rc;

	if (beside)
		view_beside(t, &view);
	else
		(void)view_mark(t, &view);
	rc = apilist_values(&view.text, reply->json, beside ? note_beside : note_text, &to);
	return rc < 0 ? rc : apipages_go_on(t, &t->api->find_pages, t->api->find_list, reply->json);
}

enum apimark apimark_take(const struct apitalk *t, const struct reply *reply)
{
	enum apitalk_stage stage = t->state->stage;
	bool none = (reply->status == 404 && t->api->none_is_404) ||
		    apierror_holds(t, t->api->find.none, reply);
	int rc = 0;

	if (!none && !apierror_none(t, reply, true))
		return asked(apierror_end(t, reply));
	if (!none)
		rc = read_page(t, reply);
	if (rc > 0)
		return ask(t, stage);
	if (rc < 0)
		return asked(apitalk_end_strange(t));
	return stage == APITALK_MARK ? take_mark(t) : take_beside(t);
}

bool apimark_write(const struct apitalk *t)
{
	const struct recordapi *api = t->api;
	const struct apitalk_mark *mark = &t->state->mark;
	unsigned least = t->state->zone.ttl_min > 0 ? t->state->zone.ttl_min : api->ttl_min;
	struct view view;
	struct buf values;
	bool sent;

	if (!view_mark(t, &view))
		return false;
	view.text.ip = view.value;
	view.text.id = mark->id;
	view.text.ttl = api->ttl > 0 && api->ttl < least ? least : api->ttl;
	if (mark->last && mark->ttl > 0)
		view.text.ttl = mark->ttl;
	buf_init(&values, REQUEST_BODY_MAX);
	if (api->list != NULL)
		apivalues_add_one(&view.text, &values);
	view.text.values = values.text;
	if (mark->last)
		sent = apitalk_ask(t, APITALK_REMOVE, &api->remove, &view.text);
	else
		sent = apitalk_ask(t, APITALK_CREATE, &api->create, &view.text);
	buf_done(&values);
	return sent;
}

void apimark_written(const struct apitalk *t)
{
	t->state->mark.due = false;
	t->state->mark.ours = !t->state->mark.last;
	t->state->wrote |= t->state->mark.last;
}

const char *apimark_check(const struct job *job, char *why)
{
	const char *owner = provider_value(job, "owner"), *shared = provider_value(job, "shared");
	const struct recordapi *api = job->provider->service->api;

	if (api == NULL || api->txt == RECORDAPI_TXT_NONE || owner == NULL)
		return NULL;
	if (strspn(owner, OWNER_CHARS) != strlen(owner) || strlen(owner) >= APITALK_OWNER_MAX) {
		(void)snprintf(
			why, SERVICE_WHY_MAX,
			"has only letters, digits, -, _ and ., at most %d of them, with this "
			"provider: it goes into a TXT record",
			APITALK_OWNER_MAX - 1);
		return "owner";
	}
	if (shared == NULL || strcmp(shared, "yes") != 0)
		return NULL;
	(void)snprintf(why, SERVICE_WHY_MAX,
		       "cannot be with owner at this provider: its mark is of a name with all "
		       "of its addresses; leave out one of them");
	return "shared";
}
