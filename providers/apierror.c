/* SPDX-License-Identifier: MIT */
#include "providers/apierror.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "providers/outcome.h"
#include "providers/pointer.h"

#define WORDS_MAX 72

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

bool apierror_none(const struct recordapi *api, const struct reply *reply, bool read)
{
	const json_t *ok;

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
	const struct recordapi_error *error = api->errors;
	char code[WORDS_MAX];

	read_words(reply, api->error_code, code);
	while (error != NULL && error->code != NULL && strcmp(error->code, code) != 0)
		error++;
	return error != NULL && error->code != NULL ? error : NULL;
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
	struct meaning meaning = *find_meaning(reply->status);
	char words[WORDS_MAX], todo[WORDS_MAX] = "";

	read_words(reply, api->error_text, words);
	if (error != NULL && error->verdict != VERDICT_DONE) {
		meaning.all = error->verdict == VERDICT_REFUSED_AUTH && meaning.all;
		meaning.verdict = error->verdict;
		meaning.todo = error->todo;
	}
	if (meaning.verdict == VERDICT_REFUSED_AUTH && meaning.todo == NULL) {
		bool known = reply->status == 403 && error == NULL;

		(void)snprintf(todo, sizeof(todo), "%s the %s%s%s", known ? "give" : "correct",
			       api->secret, known ? " " : "", known ? api->rights : "");
		meaning.todo = todo;
	}
	outcome_say(ret, wanted, meaning.verdict, "%s: %s (HTTP %d)%s%s", api->who,
		    words[0] != '\0' ? words : meaning.what, reply->status,
		    meaning.todo != NULL ? ": " : "", meaning.todo != NULL ? meaning.todo : "");
	ret->wait_ms = wait_of(reply, meaning.verdict);
	return meaning.all;
}
