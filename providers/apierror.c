/* SPDX-License-Identifier: MIT */
#include "providers/apierror.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "providers/apibatch.h"
#include "providers/outcome.h"
#include "providers/pointer.h"
#include "providers/rule.h"
#include "providers/secrets.h"

#define WORDS_MAX 96

/* What a login gives that is shorter is no secret, but the number of an account or the like. */
#define SESSION_MIN 16

/* Where a provider that throttles does not say for how long. */
#define THROTTLE_MS INT64_C(60000)

/* The longest a server may make us wait. */
#define WAIT_MAX_MS (INT64_C(7) * 24 * 3600 * 1000)

/* What a status means by itself (RFC 9110, RFC 4918, RFC 6585, RFC 8470). */
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
	{409, 409, VERDICT_RETRY, false, "in conflict with another change", NULL},
	{412, 412, VERDICT_RETRY, false, "changed meanwhile", NULL},
	{423, 423, VERDICT_RETRY, false, "locked", NULL},
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

/* Some send back what they were sent. */
static bool tells_secret(const struct apitalk *t, struct span words)
{
	struct apikeep_item item;
	size_t at = 0;

	while (apikeep_next(&t->state->keep, &at, &item))
		if (item.scope == APIKEEP_SESSION && strlen(item.value) >= SESSION_MIN &&
		    secrets_tell(words, item.value))
			return true;
	return secrets_tell_any(t->job, words);
}

/* "" where there are none, or they are not to be shown. */
static void read_words(const struct apitalk *t, const struct reply *reply,
		       char ret[static WORDS_MAX])
{
	const char *pointers = t->api->error_text; /* the first that is there; or NULL */
	struct span rest = {pointers, pointers != NULL ? strlen(pointers) : 0};
	char number[POINTER_TEXT_MAX];
	struct span words = {"", 0};

	while (rest.len > 0 && words.len == 0) {
		const json_t *json = pointer_find(reply->json, span_take_word(&rest, " "));

		if (json == NULL || !pointer_text(json, number, &words))
			words.len = 0;
	}
	if (tells_secret(t, words))
		words.len = 0;
	(void)snprintf(ret, WORDS_MAX, "%.*s", (int)words.len, words.text);
}

static const struct service *service_of(const struct apitalk *t)
{
	static const struct service none;

	return t->api->service != NULL ? t->api->service : &none;
}

static bool holds(const struct apitalk *t, const struct service_rule *rule,
		  const struct reply *reply)
{
	const struct wanted *wanted = apitalk_wanted(t);
	struct scope scope = {
		.service = service_of(t), .job = t->job, .names = {wanted->name}, .n_names = 1};

	/* also where there is to be none, {type} is known */
	scope.addrs[wanted->type] = wanted->n_addrs > 0 ? wanted->addrs[0] : "";
	return rule_which(rule, &scope, reply, (struct span){reply->body, reply->len}) >= 0;
}

static const struct service_rule *find_rule(const struct apitalk *t, const struct reply *reply)
{
	const struct service *service = service_of(t);

	for (size_t i = 0; i < service->n_rules; i++)
		if (holds(t, &service->rules[i], reply))
			return &service->rules[i];
	return NULL;
}

static bool is_confirming(enum verdict verdict)
{
	return verdict == VERDICT_DONE || verdict == VERDICT_UNCHANGED;
}

/* Whether good replies say so. */
static bool says_good(const struct apitalk *t)
{
	const struct service *service = service_of(t);

	for (size_t i = 0; i < service->n_rules; i++)
		if (service->rules[i].verdict == VERDICT_DONE)
			return true;
	return false;
}

bool apierror_holds(const struct apitalk *t, const char *conditions, const struct reply *reply)
{
	const struct service_rule rule = {VERDICT_RETRY, conditions};

	return conditions != NULL && holds(t, &rule, reply);
}

bool apierror_none(const struct apitalk *t, const struct reply *reply, bool read)
{
	const struct service_rule *rule = find_rule(t, reply);

	if (read && reply->json == NULL)
		return false;
	if (rule != NULL)
		return is_confirming(rule->verdict);
	return reply->status / 100 == 2 && !says_good(t);
}

bool apierror_so_already(const struct apitalk *t, const struct reply *reply)
{
	const struct service_rule *rule = find_rule(t, reply);

	return rule != NULL && rule->verdict == VERDICT_UNCHANGED;
}

bool apierror_known(const struct apitalk *t, const struct reply *reply)
{
	return find_rule(t, reply) != NULL;
}

bool apierror_is_auth(const struct apitalk *t, const struct reply *reply)
{
	const struct service_rule *rule = find_rule(t, reply);

	return rule != NULL && rule->verdict == VERDICT_REFUSED_AUTH;
}

static int64_t wait_of(const struct reply *reply, enum verdict verdict, int64_t least_ms)
{
	int64_t wait_ms = verdict == VERDICT_THROTTLED ? THROTTLE_MS : 0;

	if (verdict != VERDICT_THROTTLED && verdict != VERDICT_RETRY)
		return 0;
	if (least_ms > 0)
		wait_ms = least_ms;
	if (reply->retry_after_ms >= 0)
		wait_ms = reply->retry_after_ms > least_ms ? reply->retry_after_ms : least_ms;
	return wait_ms < WAIT_MAX_MS ? wait_ms : WAIT_MAX_MS;
}

/* By a rule. What holds for a service as a whole is told by its verdict. */
static void apply_rule(const struct service_rule *rule, struct meaning *meaning)
{
	/* of replies that say it plainly */
	static const int statuses[VERDICT_COUNT] = {
		[VERDICT_RETRY] = 500,         [VERDICT_THROTTLED] = 429,
		[VERDICT_REFUSED_AUTH] = 401,  [VERDICT_REFUSED_NAME] = 404,
		[VERDICT_REFUSED_ABUSE] = 403, [VERDICT_REFUSED_CONFIG] = 400,
	};
	const struct meaning *plain = find_meaning(statuses[rule->verdict]);

	if (meaning->verdict != rule->verdict) {
		meaning->what = plain->what;
		meaning->todo = plain->todo;
	}
	meaning->verdict = rule->verdict;
	meaning->all = rule->verdict == VERDICT_THROTTLED ||
		       rule->verdict == VERDICT_REFUSED_ABUSE ||
		       (rule->verdict == VERDICT_REFUSED_AUTH && meaning->all) ||
		       (rule->verdict == VERDICT_RETRY && meaning->all && meaning->from != 0);
}

static struct meaning meaning_of(const struct reply *reply, const struct service_rule *rule)
{
	struct meaning meaning = *find_meaning(reply->status);

	if (rule != NULL && !is_confirming(rule->verdict))
		apply_rule(rule, &meaning);
	return meaning;
}

bool apierror_ends_all(const struct apitalk *t, const struct reply *reply)
{
	return meaning_of(reply, find_rule(t, reply)).all;
}

/* What to do. Where the status alone tells that something is not allowed, rights are missing. */
static void write_todo(const struct apitalk *t, const struct meaning *meaning,
		       const struct service_rule *rule, char ret[static OUTCOME_WHY_MAX])
{
	bool lacks_rights = meaning->from == 403 && meaning->todo == NULL;
	char credentials[SERVICE_CREDENTIALS_MAX];
	const char *the = "the ";
	struct span words = rule != NULL ? rule_words(rule) : (struct span){"", 0};

	service_credentials(service_of(t), credentials);
	if (strncmp(credentials, the, strlen(the)) == 0)
		the = "";
	ret[0] = '\0';
	if (words.len > 0)
		(void)snprintf(ret, OUTCOME_WHY_MAX, ": %.*s", (int)words.len, words.text);
	else if (meaning->todo != NULL)
		(void)snprintf(ret, OUTCOME_WHY_MAX, ": %s", meaning->todo);
	else if (meaning->verdict == VERDICT_REFUSED_AUTH && lacks_rights)
		(void)snprintf(ret, OUTCOME_WHY_MAX, ": give %s%s %s", the, credentials,
			       t->api->rights);
	else if (meaning->verdict == VERDICT_REFUSED_AUTH)
		(void)snprintf(ret, OUTCOME_WHY_MAX, ": correct %s%s", the, credentials);
}

bool apierror_end(const struct apitalk *t, const struct reply *reply)
{
	const struct service_rule *rule = find_rule(t, reply);
	struct meaning meaning = meaning_of(reply, rule);
	int64_t wait_ms = wait_of(reply, meaning.verdict, rule != NULL ? rule_wait_ms(rule) : 0);
	char words[WORDS_MAX], todo[OUTCOME_WHY_MAX];

	read_words(t, reply, words);
	write_todo(t, &meaning, rule, todo);
	meaning.all |= t->state->stage == APITALK_LOGIN;
	for (size_t i = 0; i < t->job->n_wanted; i++) {
		if (i != t->state->at && !(meaning.all && outcome_is_open(&t->outcomes[i])))
			continue;
		outcome_say(&t->outcomes[i], &t->job->wanted[i], meaning.verdict,
			    "%s: %s (HTTP %d)%s", t->api->who,
			    words[0] != '\0' ? words : meaning.what, reply->status, todo);
		t->outcomes[i].wait_ms = wait_ms;
	}
	return meaning.all && apibatch_undo(t);
}
