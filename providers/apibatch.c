/* SPDX-License-Identifier: MIT */
#include "providers/apibatch.h"

#include <errno.h>
#include <string.h>

#include "providers/outcome.h"

#define KINDS 3

static const enum apikeep_scope scopes[KINDS] = {APIKEEP_CREATE, APIKEEP_CHANGE, APIKEEP_REMOVE};

bool apibatch_is_on(const struct apitalk *t)
{
	const struct recordapi *api = t->api;

	return api->batch.request != NULL && api->batch_change != NULL &&
	       api->batch_remove != NULL && t->job->n_wanted > 1 && !t->state->no_batch;
}

bool apibatch_waits(const struct apitalk *t)
{
	struct apikeep_item item;
	size_t at = 0;

	while (apikeep_next(&t->state->keep, &at, &item))
		for (size_t i = 0; i < KINDS; i++)
			if (item.scope == scopes[i])
				return true;
	return false;
}

bool apibatch_has(const struct apitalk *t, size_t at)
{
	return (t->state->waiting >> at & 1) != 0;
}

static size_t kind_of(enum apitalk_stage stage)
{
	if (stage == APITALK_CREATE)
		return 0;
	return stage == APITALK_CHANGE ? 1 : 2;
}

int apibatch_add(const struct apitalk *t, enum apitalk_stage stage, const struct apitext *text)
{
	const char *change = t->api->batch_change;
	const char *const templates[KINDS] = {t->api->batch_create != NULL ? t->api->batch_create
									   : change,
					      change, t->api->batch_remove};
	size_t kind = kind_of(stage);
	struct buf item;
	int rc;

	if (apibatch_waits(t) &&
	    strcmp(t->job->wanted[t->state->batch_at].name + t->state->batch_zone.zone_at,
		   text->zone) != 0)
		return -EAGAIN;
	buf_init(&item, APIKEEP_MAX);
	rc = apitext_fill(templates[kind], text, apitext_encoding(t->api, &t->api->batch), &item);
	if (rc == 0 && (item.failed || item.len == 0))
		rc = -ENOSPC;
	if (rc == 0)
		rc = apikeep_put(&t->state->keep, scopes[kind], 0, (struct span){"", 0},
				 (struct span){item.text, item.len});
	buf_done(&item);
	if (rc < 0)
		return rc;
	t->state->batch_at = t->state->at;
	t->state->batch_zone = t->state->zone;
	t->state->batch_zone.zone_at = t->state->zone_at;
	return 0;
}

void apibatch_close(const struct apitalk *t)
{
	t->state->waiting |= UINT64_C(1) << t->state->at;
}

static void add_items(const struct apitalk *t, enum apikeep_scope scope, struct buf *to)
{
	bool json = apitext_encoding(t->api, &t->api->batch) == SCOPE_ENCODE_JSON;
	struct apikeep_item item;
	size_t at = 0;

	while (apikeep_next(&t->state->keep, &at, &item)) {
		if (item.scope != scope)
			continue;
		buf_text(to, json && to->len > 0 ? "," : "");
		buf_text(to, item.value);
	}
}

bool apibatch_send(const struct apitalk *t)
{
	struct buf parts[KINDS + 1]; /* all, and each kind */
	struct apitext text;
	bool sent;

	t->state->at = t->state->batch_at;
	t->state->zone = t->state->batch_zone;
	t->state->zone_at = t->state->batch_zone.zone_at;
	text = apitalk_text(t);
	for (size_t i = 0; i <= KINDS; i++) {
		buf_init(&parts[i], REQUEST_BODY_MAX);
		if (i > 0)
			add_items(t, scopes[i - 1], &parts[i]);
	}
	for (size_t i = 0; i < KINDS; i++)
		add_items(t, scopes[i], &parts[0]);
	for (size_t i = 0; i <= KINDS; i++)
		text.batch[i] = parts[i].text != NULL ? parts[i].text : "";
	sent = apitalk_ask(t, APITALK_BATCH, &t->api->batch, &text);
	for (size_t i = 0; i <= KINDS; i++)
		buf_done(&parts[i]);
	return sent;
}

static void forget(const struct apitalk *t)
{
	for (size_t i = 0; i < KINDS; i++)
		apikeep_forget(&t->state->keep, scopes[i]);
	t->state->waiting = 0;
}

bool apibatch_end(const struct apitalk *t)
{
	for (size_t i = 0; i < t->job->n_wanted; i++)
		if (apibatch_has(t, i))
			outcome_say(&t->outcomes[i], &t->job->wanted[i], VERDICT_DONE,
				    "%s: updated", t->api->who);
	forget(t);
	return false;
}

bool apibatch_undo(const struct apitalk *t)
{
	t->state->no_batch = true;
	forget(t);
	return false;
}
