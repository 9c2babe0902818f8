/* SPDX-License-Identifier: MIT */
#include "providers/apierror.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "providers/outcome.h"
#include "providers/pointer.h"
#include "providers/rule.h"

#define WORDS_MAX 96

/* Where a provider that throttles does not say for how long. */
#define THROTTLE_MS INT64_C(60000)

/* The longest a server may make us wait. */
#define WAIT_MAX_MS (INT64_C(7) * 24 * 3600 * 1000)

/* What a status means by itself (RFC 9110, RFC 6585, RFC 8470). */
struct meaning {
	int from, to;
	enum verdict verdict;
	bool all;
	const char *what, *todo;
};

static const struct meaning meanings[] = {
	{401, 401, VERDICT_REFUSED_AUTH, true, "not accepted", NULL},
	{403, 403, VERDICT_REFUSED_AUTH, false, "not allowed", NULL},
	{404, 404, VERDICT_REFUSED_NAME, false, "nothing there", "check the name and zone"},
	{408, 408, VERDICT_RETRY, true, "the server failed", NULL},
	{425, 425, VERDICT_RETRY, true, "the server failed", NULL},
	{429, 429, VERDICT_THROTTLED, true, "asked too often", NULL},
	{300, 399, VERDICT_RETRY, true, "redirected, which is not followed", NULL},
	{400, 499, VERDICT_REFUSED_CONFIG, false, "the request was refused",
	 "correct what it says"},
	{500, 599, VERDICT_RETRY, true, "the server failed", NULL},
	{0, 999, VERDICT_RETRY, true, "a reply that is not understood", NULL},
};

static const struct meaning *find_meaning(int status)
{
	const struct meaning *meaning = meanings;

	while (status < meaning->from || status > meaning->to)
		meaning++;
	return meaning;
}

/* The first rule that holds; NULL: none. */
static const struct service_rule *find_rule(const struct recordapi *api, const struct reply *reply,
					    const struct wanted *wanted)
{
	static const struct job no_job;
	const struct service *service = api->service;
	struct scope scope = {.service = service, .job = &no_job, .names = {""}, .n_names = 1};

	if (wanted != NULL)
		scope.names[0] = wanted->name;
	for (size_t i = 0; service != NULL && i < service->n_rules; i++)
		if (rule_which(&service->rules[i], &scope, reply,
			       (struct span){reply->body, reply->len}) >= 0)
			return &service->rules[i];
	return NULL;
}

/* Whether rules tell what success is. */
static bool is_told(const struct service *service)
{
	for (size_t i = 0; service != NULL && i < service->n_rules; i++)
		if (service->rules[i].verdict == VERDICT_DONE)
			return true;
	return false;
}

bool apierror_none(const struct recordapi *api, const struct reply *reply, bool read)
{
	const struct service_rule *rule = find_rule(api, reply, NULL);
	const json_t *ok;

	if (rule != NULL || is_told(api->service))
		return rule != NULL && rule->verdict == VERDICT_DONE &&
		       (!read || reply->json != NULL);
	if (reply->status / 100 != 2)
		return false;
	if (api->ok == NULL)
		return !read || reply->json != NULL;
	ok = pointer_at(reply->json, api->ok);
	return json_is_true(ok);
}

/* "" where there is none. */
static void read_words(const struct reply *reply, const char *pointer, char ret[static WORDS_MAX])
{
	const json_t *json = pointer != NULL ? pointer_at(reply->json, pointer) : NULL;
	char number[POINTER_TEXT_MAX];
	struct span words;

	ret[0] = '\0';
	if (json != NULL && pointer_text(json, number, &words))
		(void)snprintf(ret, WORDS_MAX, "%.*s", (int)words.len, words.text);
}

const struct recordapi_error *apierror_find(const struct recordapi *api, const struct reply *reply)
{
	static const struct recordapi_error so = {"", VERDICT_DONE, NULL};
	const struct service_rule *rule = find_rule(api, reply, NULL);
	const struct recordapi_error *error = api->errors;
	char code[WORDS_MAX];

	if (rule != NULL)
		return rule->verdict == VERDICT_UNCHANGED ? &so : NULL;
	read_words(reply, api->error_code, code);
	while (error != NULL && error->code != NULL && strcmp(error->code, code) != 0)
		error++;
	return error != NULL && error->code != NULL ? error : NULL;
}

/* What a rule says instead of the status. */
static void apply_rule(const struct service_rule *rule, const struct reply *reply, char *todo,
		       struct meaning *meaning)
{
	struct span words = rule_words(rule);

	meaning->verdict = rule->verdict;
	meaning->todo = NULL;
	meaning->all = meaning->all && rule->verdict != VERDICT_REFUSED_NAME &&
		       rule->verdict != VERDICT_REFUSED_CONFIG;
	if (reply->status / 100 == 2)
		meaning->what = "the request was refused";
	if (words.len == 0)
		return;
	(void)snprintf(todo, WORDS_MAX, "%.*s", (int)words.len, words.text);
	meaning->todo = todo;
}

/* What a person corrects or gives rights. */
static void say_credentials(const struct recordapi *api, bool known, char todo[static WORDS_MAX])
{
	char credentials[SERVICE_CREDENTIALS_MAX];
	const char *secret = api->secret;

	if (secret == NULL) {
		service_credentials(api->service, credentials);
		secret = credentials;
	}
	(void)snprintf(todo, WORDS_MAX, "%s the %s%s%s", known ? "give" : "correct", secret,
		       known ? " " : "", known ? api->rights : "");
}

static int64_t wait_of(const struct reply *reply, enum verdict verdict)
{
	if (verdict != VERDICT_THROTTLED && verdict != VERDICT_RETRY)
		return 0;
	if (reply->retry_after_ms >= 0)
		return reply->retry_after_ms < WAIT_MAX_MS ? reply->retry_after_ms : WAIT_MAX_MS;
	return verdict == VERDICT_THROTTLED ? THROTTLE_MS : 0;
}

bool apierror_say(const struct recordapi *api, const struct reply *reply,
		  const struct wanted *wanted, struct outcome *ret)
{
	const struct recordapi_error *error = apierror_find(api, reply);
	const struct service_rule *rule = find_rule(api, reply, wanted);
	struct meaning meaning = *find_meaning(reply->status);
	char words[WORDS_MAX], todo[WORDS_MAX] = "";

	read_words(reply, api->error_text, words);
	if (rule != NULL && rule->verdict != VERDICT_DONE && rule->verdict != VERDICT_UNCHANGED)
		apply_rule(rule, reply, todo, &meaning);
	if (error != NULL && error->verdict != VERDICT_DONE) {
		meaning.all = error->verdict == VERDICT_REFUSED_AUTH && meaning.all;
		meaning.verdict = error->verdict;
		meaning.todo = error->todo;
	}
	if (meaning.verdict == VERDICT_REFUSED_AUTH && meaning.todo == NULL) {
		say_credentials(api, reply->status == 403 && error == NULL && rule == NULL, todo);
		meaning.todo = todo;
	}
	outcome_say(ret, wanted, meaning.verdict, "%s: %s (HTTP %d)%s%s", api->who,
		    words[0] != '\0' ? words : meaning.what, reply->status,
		    meaning.todo != NULL ? ": " : "", meaning.todo != NULL ? meaning.todo : "");
	ret->wait_ms = wait_of(reply, meaning.verdict);
	if (rule != NULL && rule_wait_ms(rule) > ret->wait_ms)
		ret->wait_ms = rule_wait_ms(rule);
	return meaning.all;
}
