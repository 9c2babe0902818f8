/* SPDX-License-Identifier: MIT */
/* Transcripts of services (tests/catalog/README): reads one and plays it against the real step. */
#ifndef TESTS_UNIT_TRANSCRIPT_H
#define TESTS_UNIT_TRANSCRIPT_H

#include <arpa/inet.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cfg/cfg_service.h"
#include "providers/sign.h"
#include "update/updater/decode.h"
#include "update/updater/digest.h"

#define TRANSCRIPT_VALUES_MAX 16
#define TRANSCRIPT_STEPS_MAX  16
#define TRANSCRIPT_TEXT_MAX   8192
#define TRANSCRIPT_HEADER_MAX 256

/* What is known so far of the conversation that is being read. */
struct transcript {
	const char *path;
	int line;
	const struct provider *provider;
	struct value values[TRANSCRIPT_VALUES_MAX];
	size_t n_values;
	struct wanted wanted[8];
	const char *previous[8][WANTED_ADDRS_MAX];
	size_t n_wanted;
	enum purpose purpose;
	char requests[TRANSCRIPT_STEPS_MAX][TRANSCRIPT_TEXT_MAX]; /* "" past the last */
	size_t n_requests;
	struct {
		int status;
		int64_t retry_after_ms;
		char header[TRANSCRIPT_HEADER_MAX]; /* "Name: value", one beside the others */
		char body[TRANSCRIPT_TEXT_MAX];
	} replies[TRANSCRIPT_STEPS_MAX];
	size_t n_replies;
	char ends[8][64]; /* as written; one for all, or one each */
	size_t n_ends;
	char why[128];                /* is in all of their words */
	bool verdicts[VERDICT_COUNT]; /* that were reached */
	bool sent[4];                 /* bit 0: A, bit 1: AAAA, of one name in one conversation */
	char *texts[256];             /* owned: what values and wanted borrow */
	size_t n_texts;
};

static __attribute__((noreturn)) void transcript_fail(const struct transcript *t, const char *what)
{
	fail_msg("%s:%d: %s", t->path, t->line, what);
	abort();
}

static inline const char *transcript_keep(struct transcript *t, const char *text, size_t len)
{
	char *copy = strndup(text, len);

	if (!copy || t->n_texts == sizeof(t->texts) / sizeof(t->texts[0]))
		transcript_fail(t, "too many texts");
	t->texts[t->n_texts++] = copy;
	return copy;
}

/* "KEY = VALUE" */
static inline void transcript_set(struct transcript *t, const char *text)
{
	const char *equals = strstr(text, " = ");

	if (!equals || t->n_values == TRANSCRIPT_VALUES_MAX)
		transcript_fail(t, "set KEY = VALUE");
	t->values[t->n_values++] = (struct value){
		transcript_keep(t, text, (size_t)(equals - text)),
		transcript_keep(t, equals + 3, strlen(equals + 3)),
	};
}

/* A record more, without an address. */
static inline struct wanted *transcript_record(struct transcript *t, const char *name,
					       enum record_type type)
{
	struct wanted *wanted = &t->wanted[t->n_wanted];

	if (t->n_wanted == 8)
		transcript_fail(t, "too many records");
	*wanted = (struct wanted){.name = transcript_keep(t, name, strlen(name)),
				  .type = type,
				  .previous = t->previous[t->n_wanted]};
	t->n_wanted++;
	return wanted;
}

/* Of the record before: one more address, or one that was confirmed before. */
static inline void transcript_more(struct transcript *t, const char *word)
{
	struct wanted *wanted = &t->wanted[t->n_wanted - 1];
	const char *equals = strchr(word, '='), *text = equals ? equals + 1 : word + 1;

	if (t->n_wanted == 0)
		transcript_fail(t, "an address of no record");
	text = transcript_keep(t, text, strlen(text));
	if (equals)
		t->previous[t->n_wanted - 1][wanted->n_previous++] = text;
	else
		wanted->addrs[wanted->n_addrs++] = text;
}

/* "NAME ADDRESS...", and what is in tests/catalog/README. */
static inline void transcript_want(struct transcript *t, char *text)
{
	char *name = strsep(&text, " "), *word;
	const char *other = NULL;
	unsigned ttl = 0;
	size_t first = t->n_wanted;

	while ((word = strsep(&text, " "))) {
		struct wanted *wanted;

		if (strncmp(word, "ttl=", 4) == 0) {
			ttl = (unsigned)strtoul(word + 4, NULL, 10);
			continue;
		}
		if (strncmp(word, "other=", 6) == 0) {
			other = transcript_keep(t, word + 6, strlen(word + 6));
			continue;
		}
		if (word[0] == '+' || strncmp(word, "previous=", 9) == 0) {
			transcript_more(t, word);
			continue;
		}
		if (strcmp(word, "A") == 0 || strcmp(word, "AAAA") == 0) {
			transcript_record(t, name, word[1] ? RECORD_TYPE_AAAA : RECORD_TYPE_A);
			continue;
		}
		wanted = transcript_record(t, name,
					   strchr(word, ':') ? RECORD_TYPE_AAAA : RECORD_TYPE_A);
		wanted->addrs[wanted->n_addrs++] = transcript_keep(t, word, strlen(word));
	}
	for (size_t i = first; i < t->n_wanted; i++)
		t->wanted[i].ttl = ttl;
	for (size_t i = first; i < t->n_wanted && other; i++)
		t->wanted[i].other = other;
}

static inline void transcript_append(struct transcript *t, char *to, const char *text)
{
	size_t len = strlen(to);

	if (len + strlen(text) + 2 > TRANSCRIPT_TEXT_MAX)
		transcript_fail(t, "too long");
	(void)snprintf(to + len, TRANSCRIPT_TEXT_MAX - len, "%s%s", len ? "\n" : "", text);
}

/* "STATUS [retry-after=SECONDS] [BODY]" */
static inline void transcript_reply(struct transcript *t, const char *text)
{
	static const char word[] = "retry-after=";
	char *end;

	if (t->n_replies == TRANSCRIPT_STEPS_MAX)
		transcript_fail(t, "too many replies");
	t->replies[t->n_replies].status = (int)strtol(text, &end, 10);
	t->replies[t->n_replies].retry_after_ms = -1;
	t->replies[t->n_replies].header[0] = '\0';
	if (t->replies[t->n_replies].status < 100)
		transcript_fail(t, "< STATUS BODY");
	end += *end == ' ';
	if (strncmp(end, word, strlen(word)) == 0) {
		t->replies[t->n_replies].retry_after_ms =
			strtol(end + strlen(word), &end, 10) * INT64_C(1000);
		end += *end == ' ';
	}
	(void)snprintf(t->replies[t->n_replies].body, TRANSCRIPT_TEXT_MAX, "%s", end);
	t->n_replies++;
}

/* A request as it is written in a transcript. */
static inline void transcript_show(const struct request *request, char *text, size_t size)
{
	static const char *const ways[] = {"", "\nover ipv4", "\nover ipv6"};
	const struct http_request *http = &request->http;
	int len = snprintf(text, size, "%s %s", http->method, http->url.text);

	if (http->user)
		len += snprintf(text + len, size - (size_t)len, "\nbasic %s:%s", http->user,
				http->password);
	if (http->headers.len > 0)
		len += snprintf(text + len, size - (size_t)len, "\n%.*s",
				(int)http->headers.len - 1, http->headers.text);
	if (http->sign.scheme)
		len += snprintf(text + len, size - (size_t)len, "\nsign %s",
				sign_name(http->sign.scheme));
	for (unsigned i = 0; http->sign.scheme && sign_word(&http->sign, i)[0]; i++)
		len += snprintf(text + len, size - (size_t)len, " %s", sign_word(&http->sign, i));
	len += snprintf(text + len, size - (size_t)len, "%s", ways[http->way]);
	if (request->body.len > 0)
		len += snprintf(text + len, size - (size_t)len, "\nbody %s", request->body.text);
	if ((size_t)len >= size)
		fail_msg("a request is too long for its transcript");
}

static inline void transcript_expect(struct transcript *t, size_t step,
				     const struct request *request)
{
	static char text[TRANSCRIPT_TEXT_MAX];

	transcript_show(request, text, sizeof(text));
	if (step < t->n_requests && strcmp(text, t->requests[step]) != 0)
		fail_msg("%s:%d: request %zu is\n%s\nand not\n%s", t->path, t->line, step + 1, text,
			 t->requests[step]);
}

static inline void transcript_expect_no_secret(const struct transcript *t, const char *why)
{
	for (size_t k = 0; k < t->n_values; k++) {
		bool secret = false;

		for (const struct setting *row = t->provider->settings; row->name; row++)
			secret |= row->type == SETTING_SECRET &&
				  strcmp(row->name, t->values[k].name) == 0;
		if (secret && strstr(why, t->values[k].text))
			fail_msg("%s:%d: a secret is in `%s`", t->path, t->line, why);
	}
}

static inline void transcript_judge(struct transcript *t, const struct outcome *outcomes)
{
	for (size_t i = 0; i < t->n_wanted; i++) {
		const char *expected = t->ends[t->n_ends == 1 ? 0 : i];
		char found[64];

		if (outcomes[i].wait_ms > 0 && strchr(expected, ' '))
			(void)snprintf(found, sizeof(found), "%s %llds",
				       provider_verdict_name(outcomes[i].verdict),
				       (long long)outcomes[i].wait_ms / 1000);
		else
			(void)snprintf(found, sizeof(found), "%s",
				       provider_verdict_name(outcomes[i].verdict));
		if (t->purpose == PURPOSE_VERIFY && outcomes[i].verdict == VERDICT_DONE)
			(void)snprintf(found, sizeof(found), "%s",
				       provider_truth_name(outcomes[i].truth));
		if (!strstr(outcomes[i].why, t->why))
			fail_msg("%s:%d: `%s` is not in `%s`", t->path, t->line, t->why,
				 outcomes[i].why);
		if (strcmp(found, expected) != 0)
			fail_msg("%s:%d: %s %s is %s (%s) and not %s", t->path, t->line,
				 t->wanted[i].name, provider_type_name(t->wanted[i].type), found,
				 outcomes[i].why, expected);
		t->verdicts[outcomes[i].verdict] = true;
		transcript_expect_no_secret(t, outcomes[i].why);
	}
}

/* The value of a reply's header "Name: value", if it is what the request asked for. */
static inline const char *transcript_header(const struct request *request, const char *header)
{
	size_t len = strlen(request->http.take);

	if (len == 0 || strncasecmp(header, request->http.take, len) != 0 ||
	    strncmp(header + len, ": ", 2) != 0)
		return NULL;
	return header + len + 2;
}

static inline struct reply transcript_answer(struct transcript *t, size_t step,
					     const struct request *request)
{
	size_t at = step < t->n_replies ? step : t->n_replies - 1;

	if (t->n_replies == 0)
		transcript_fail(t, "there is no reply");
	return (struct reply){.kind = REQUEST_HTTP,
			      .status = t->replies[at].status,
			      .retry_after_ms = t->replies[at].retry_after_ms,
			      .header = transcript_header(request, t->replies[at].header),
			      .body = t->replies[at].body,
			      .len = strlen(t->replies[at].body)};
}

/* The conversation until it ends; how many requests it had. */
static inline size_t transcript_converse(struct transcript *t, const struct job *job,
					 struct outcome *outcomes)
{
	char *state = calloc(1, t->provider->state_size);
	struct reply reply;
	json_t *json = NULL;
	size_t step = 0;

	assert_non_null(state);
	for (;; step++) {
		struct request request = {0};
		enum step next =
			t->provider->step(job, state, step ? &reply : NULL, &request, outcomes);

		json_decref(json);
		if (next == STEP_END)
			break;
		if (step == 40)
			transcript_fail(t, "it does not end");
		transcript_expect(t, step, &request);
		reply = transcript_answer(t, step, &request);
		json = decode_body(request.http.decode, reply.body, reply.len);
		reply.json = json;
		provider_request_done(&request);
	}
	free(state);
	return step;
}

/* Plays what was read so far. again: other replies to requests that were seen before. */
static inline void transcript_play(struct transcript *t, bool again)
{
	struct outcome outcomes[8] = {0};
	struct job job = {.provider = t->provider,
			  .values = t->values,
			  .n_values = t->n_values,
			  .wanted = t->wanted,
			  .n_wanted = t->n_wanted,
			  .purpose = t->purpose};
	struct digest_values digests = {0};
	unsigned families = 0;

	if (t->n_wanted == 0 || (t->n_ends != 1 && t->n_ends != t->n_wanted))
		transcript_fail(t, "one `=` for all, or one for each record");
	assert_int_equal(digest_make(&job, &digests), 0);
	job.values = digests.values;
	job.n_values = digests.n;
	for (size_t i = 0; i < t->n_wanted; i++)
		if (strcmp(t->wanted[i].name, t->wanted[0].name) == 0)
			families |= 1u << t->wanted[i].type;
	t->sent[families] = true;
	if (transcript_converse(t, &job, outcomes) < t->n_requests && !again)
		transcript_fail(t, "it ends before the last request");
	transcript_judge(t, outcomes);
	digest_done(&digests);
}

/* Begins anew what a line of this kind begins anew. */
static inline void transcript_renew(struct transcript *t, char kind)
{
	t->n_replies = t->n_ends = 0;
	t->why[0] = '\0';
	if (kind == '<')
		return;
	t->n_requests = 0;
	if (kind == '>')
		return;
	t->n_wanted = 0;
	t->purpose = PURPOSE_UPDATE;
}

static inline void transcript_line(struct transcript *t, char *line)
{
	static const char *const methods[] = {"GET ", "POST ", "PUT ", "PATCH ", "DELETE "};
	bool begins = false;

	for (size_t i = 0; i < 5; i++)
		begins |= strncmp(line + 2, methods[i], strlen(methods[i])) == 0;
	if (strncmp(line, "set ", 4) == 0)
		transcript_set(t, line + 4);
	else if (strncmp(line, "want ", 5) == 0)
		transcript_want(t, line + 5);
	else if (strcmp(line, "verify") == 0)
		t->purpose = PURPOSE_VERIFY;
	else if (strncmp(line, "? ", 2) == 0)
		(void)snprintf(t->why, sizeof(t->why), "%.120s", line + 2);
	else if (strncmp(line, "> ", 2) == 0 && begins && t->n_requests < TRANSCRIPT_STEPS_MAX)
		(void)snprintf(t->requests[t->n_requests++], TRANSCRIPT_TEXT_MAX, "%s", line + 2);
	else if (strncmp(line, "> ", 2) == 0 && t->n_requests > 0)
		transcript_append(t, t->requests[t->n_requests - 1], line + 2);
	else if (strncmp(line, "< ", 2) == 0)
		transcript_reply(t, line + 2);
	else if (strncmp(line, "<: ", 3) == 0 && t->n_replies > 0)
		(void)snprintf(t->replies[t->n_replies - 1].header, TRANSCRIPT_HEADER_MAX, "%.250s",
			       line + 3);
	else if (strncmp(line, "<< ", 3) == 0 && t->n_replies > 0)
		transcript_append(t, t->replies[t->n_replies - 1].body, line + 3);
	else if (strncmp(line, "= ", 2) == 0 && t->n_ends < 8)
		(void)snprintf(t->ends[t->n_ends++], sizeof(t->ends[0]), "%.60s", line + 2);
	else
		transcript_fail(t, "no line of a transcript: see tests/catalog/README");
}

static inline void transcript_done(struct transcript *t)
{
	for (size_t i = 0; i < t->n_texts; i++)
		free(t->texts[i]);
	t->n_texts = 0;
}

/* Plays all of a file that was not read yet. */
static inline void transcript_run(struct transcript *t, FILE *file)
{
	static char line[TRANSCRIPT_TEXT_MAX];
	bool ended = false, again = false;

	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		t->line++;
		if (line[0] == '#' || line[0] == '\0')
			continue;
		if (line[0] == '=') {
			ended = true;
		} else if (ended && line[0] != '?') {
			transcript_play(t, again);
			again = line[0] == '<';
			ended = false;
			transcript_renew(t, line[0]);
		}
		transcript_line(t, line);
	}
	if (ended)
		transcript_play(t, again);
	else
		transcript_fail(t, "it has no end: write `= VERDICT`");
}

#endif
