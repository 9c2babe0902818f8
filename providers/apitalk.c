/* SPDX-License-Identifier: MIT */
#include "providers/apitalk.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "providers/outcome.h"
#include "providers/pointer.h"

_Static_assert(sizeof(struct apitalk_state) <= RECORDAPI_STATE_SIZE, "state_size has a cap");

const struct wanted *apitalk_wanted(const struct apitalk *t)
{
	return &t->job->wanted[t->state->at];
}

struct outcome *apitalk_outcome(const struct apitalk *t)
{
	return &t->outcomes[t->state->at];
}

const char *apitalk_zone(const struct apitalk *t)
{
	return apitalk_wanted(t)->name + t->state->zone_at;
}

bool apitalk_is_set(const struct apitalk *t, const char *setting, bool preset)
{
	const char *text = provider_value(t->job, setting);

	return text != NULL ? strcmp(text, "yes") == 0 : preset;
}

bool apitalk_end(const struct apitalk *t, enum verdict verdict, const char *why)
{
	outcome_say(apitalk_outcome(t), apitalk_wanted(t), verdict, "%s: %s", t->api->who, why);
	return false;
}

bool apitalk_end_strange(const struct apitalk *t)
{
	return apitalk_end(t, VERDICT_RETRY, "a reply that is not understood");
}

struct apitext apitalk_text(const struct apitalk *t)
{
	return (struct apitext){
		.api = t->api,
		.job = t->job,
		.wanted = apitalk_wanted(t),
		.zone = apitalk_zone(t),
		.zone_id = t->state->zone.id,
		.zone_number = t->state->zone.number,
		.page = t->state->page,
		.offset = t->state->n_items,
		.keep = &t->state->keep,
	};
}

bool apitalk_ask(const struct apitalk *t, enum apitalk_stage stage,
		 const struct recordapi_call *call, const struct apitext *text)
{
	int rc;

	/* once: a batch with what was gathered until then, and its commit, are still sent */
	if (t->state->n_requests++ == APITALK_REQUESTS_MAX) {
		outcome_rest(t->outcomes, t->job, VERDICT_RETRY, "left for the next try");
		return false;
	}
	t->state->stage = stage;
	rc = apitext_request(text, call, t->request);
	if (rc == -EMSGSIZE)
		return apitalk_end(t, VERDICT_REFUSED_CONFIG, "the request is too long");
	return rc == 0 || apitalk_end(t, VERDICT_REFUSED_CONFIG,
				      "a setting is missing, or holds what cannot be sent: "
				      "correct it");
}

/* What is there, as text; false: nothing that is to be kept. */
static bool read_taken(const struct apitalk *t, const struct json_t *json, struct span pointer,
		       char number[static POINTER_TEXT_MAX], struct span *ret)
{
	bool whole = span_is(pointer, "whole");
	const struct json_t *member;

	if (apitext_header(pointer).len > 0) {
		*ret = (struct span){t->reply->header, 0};
		ret->len = ret->text != NULL ? strlen(ret->text) : 0;
		return ret->len > 0;
	}
	member = whole ? json : pointer_find(json, pointer);
	/* a text that is all there is may be any error page's */
	return member != NULL && (!whole || json_is_integer(member)) &&
	       pointer_text(member, number, ret) && ret->len > 0 &&
	       memchr(ret->text, '\0', ret->len) == NULL;
}

int apitalk_take(const struct apitalk *t, const struct recordapi_call *call,
		 const struct json_t *json, enum apikeep_scope scope, unsigned number)
{
	struct span rest = {call->take, call->take != NULL ? strlen(call->take) : 0};

	while (rest.len > 0) {
		struct span name = span_take_word(&rest, " ");
		struct span pointer = span_take_word(&rest, " ");
		char number_text[POINTER_TEXT_MAX];
		struct span value;

		if (!read_taken(t, json, pointer, number_text, &value))
			return -EBADMSG;
		if (apikeep_put(&t->state->keep, scope, number, name, value) < 0)
			return -ENOSPC;
	}
	return 0;
}
