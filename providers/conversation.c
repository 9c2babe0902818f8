/* SPDX-License-Identifier: MIT */
#include "providers/conversation.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "providers/compose.h"
#include "providers/outcome.h"
#include "providers/page.h"
#include "providers/reading.h"
#include "providers/secrets.h"
#include "providers/rule.h"

_Static_assert(SERVICE_NAMES_MAX <= PAGE_NAMES_MAX, "a reply has a line for each");

/* Requests of one conversation: the transport allows a job 32 steps. */
#define REQUESTS_MAX 30

#define CUT_MIN 3 /* of a secret's characters at the end of a detail are too many */

enum phase { PHASE_OPEN, PHASE_SENT, PHASE_ANSWERED };

/* What became of one wanted record so far. */
struct mark {
	struct answer answer;
	uint8_t phase; /* enum phase */
	uint8_t slot;  /* PHASE_SENT: place of its name in the request, and so of its line */
	int8_t rule;   /* whose words go with the answer; READING_NO_RULE */
};

struct state {
	struct mark marks[JOB_WANTED_MAX];
	unsigned n_requests;
	unsigned n_names; /* in the request under way */
	bool one_name;    /* the server wants one name a request */
};
_Static_assert(sizeof(struct state) <= CONVERSATION_STATE_SIZE, "state_size has a cap");

struct conversation {
	const struct service *service;
	const struct job *job;
	struct state *state;
};

/* The addresses that go into one request for a name. */
struct pair {
	const char *addrs[RECORD_TYPE_COUNT];
};

/* The other address of the name, where it is known and not sent for its own sake. */
static void complete(struct pair *pair, const struct wanted *mine)
{
	enum record_type other = mine->type == RECORD_TYPE_A ? RECORD_TYPE_AAAA : RECORD_TYPE_A;

	if (pair->addrs[other] == NULL)
		pair->addrs[other] = mine->other;
}

/* What goes into the request that updates wanted[i]: its own address and, if they travel together,
 * the one of the other type still to be sent for its name. */
static struct pair pair_of(const struct conversation *c, size_t i)
{
	const struct wanted *mine = &c->job->wanted[i];
	struct pair pair = {{NULL}};

	pair.addrs[mine->type] = mine->addrs[0];
	if (c->service->both == NULL)
		return pair;
	for (size_t k = 0; k < c->job->n_wanted; k++) {
		const struct wanted *other = &c->job->wanted[k];

		if (c->state->marks[k].phase != PHASE_ANSWERED && other->type != mine->type &&
		    strcmp(other->name, mine->name) == 0)
			pair.addrs[other->type] = other->addrs[0];
	}
	if (c->service->together)
		complete(&pair, mine);
	return pair;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_pair(const struct pair *a, const struct pair *b)
{
	return same_text(a->addrs[RECORD_TYPE_A], b->addrs[RECORD_TYPE_A]) &&
	       same_text(a->addrs[RECORD_TYPE_AAAA], b->addrs[RECORD_TYPE_AAAA]);
}

/* The place of a name that is in the request already, or n_names. */
static unsigned find_slot(const struct conversation *c, const char *name)
{
	const struct state *state = c->state;

	for (size_t k = 0; k < c->job->n_wanted; k++)
		if (state->marks[k].phase == PHASE_SENT &&
		    strcmp(c->job->wanted[k].name, name) == 0)
			return state->marks[k].slot;
	return state->n_names;
}

/* Takes every open record with this pair into the request, as far as names fit. */
static void add_names(struct conversation *c, const struct pair *pair)
{
	unsigned limit = c->state->one_name ? 1 : c->service->names;

	c->state->n_names = 0;
	for (size_t i = 0; i < c->job->n_wanted; i++) {
		struct mark *mark = &c->state->marks[i];
		struct pair its = pair_of(c, i);
		unsigned slot = find_slot(c, c->job->wanted[i].name);

		if (mark->phase != PHASE_OPEN || slot >= limit || !same_pair(&its, pair))
			continue;
		if (slot == c->state->n_names)
			c->state->n_names++;
		mark->slot = (uint8_t)slot;
		mark->phase = PHASE_SENT;
	}
}

/* The request under way. */
static struct scope scope_of(const struct conversation *c)
{
	struct scope scope = {.service = c->service, .job = c->job, .n_names = c->state->n_names};

	for (size_t i = 0; i < c->job->n_wanted; i++) {
		const struct wanted *wanted = &c->job->wanted[i];
		const struct mark *mark = &c->state->marks[i];

		if (mark->phase != PHASE_SENT)
			continue;
		scope.names[mark->slot] = wanted->name;
		scope.addrs[wanted->type] = wanted->addrs[0];
		scope.ttl = wanted->ttl;
	}
	for (size_t i = 0; i < c->job->n_wanted && c->service->together; i++) {
		struct pair pair = {{scope.addrs[RECORD_TYPE_A], scope.addrs[RECORD_TYPE_AAAA]}};

		if (c->state->marks[i].phase == PHASE_SENT)
			complete(&pair, &c->job->wanted[i]);
		memcpy(scope.addrs, pair.addrs, sizeof(scope.addrs));
	}
	return scope;
}

static void answer_one(struct conversation *c, size_t i, enum word word)
{
	c->state->marks[i].answer = words_make(word);
	c->state->marks[i].phase = PHASE_ANSWERED;
	c->state->marks[i].rule = READING_NO_RULE;
}

/* Every record that has no answer yet gets this one. */
static void answer_rest(struct conversation *c, const struct answer *answer, int rule)
{
	for (size_t i = 0; i < c->job->n_wanted; i++) {
		if (c->state->marks[i].phase != PHASE_ANSWERED) {
			c->state->marks[i].answer = *answer;
			c->state->marks[i].phase = PHASE_ANSWERED;
			c->state->marks[i].rule = (int8_t)rule;
		}
	}
}

static size_t find_open(const struct conversation *c)
{
	size_t i = 0;

	while (i < c->job->n_wanted && c->state->marks[i].phase != PHASE_OPEN)
		i++;
	return i;
}

/* What a person corrects when they are refused. NULL: what words say of url, username and password
 * is true. */
static const char *name_credentials(const struct service *service,
				    char text[static SERVICE_CREDENTIALS_MAX])
{
	if (service->title == NULL)
		return NULL;
	service_credentials(service, text);
	return text;
}

/* What is answered stays so, whatever becomes of the rest. */
static void say_answered(const struct conversation *c, struct outcome *outcomes)
{
	char text[SERVICE_CREDENTIALS_MAX];
	const char *credentials = name_credentials(c->service, text);

	for (size_t i = 0; i < c->job->n_wanted; i++) {
		const struct mark *mark = &c->state->marks[i];
		const struct wanted *wanted = &c->job->wanted[i];
		struct span words = {NULL, 0};
		enum verdict verdict;

		if (mark->phase != PHASE_ANSWERED || !outcome_is_open(&outcomes[i]))
			continue;
		words_say(&mark->answer, wanted, credentials, &outcomes[i]);
		if (mark->rule != READING_NO_RULE)
			words = rule_words(&c->service->rules[mark->rule]);
		if (words.len == 0)
			continue;
		verdict = outcomes[i].verdict;
		outcome_say(&outcomes[i], wanted, verdict, "%.*s", (int)words.len, words.text);
		outcomes[i].wait_ms = mark->answer.wait_s * INT64_C(1000);
	}
}

/* The next request, or the end if none is needed. */
static enum step ask_next(struct conversation *c, struct request *request)
{
	size_t first = find_open(c);
	struct answer answer;
	struct pair pair;
	struct scope scope;
	int rc;

	if (first == c->job->n_wanted)
		return STEP_END;
	if (c->state->n_requests == REQUESTS_MAX) {
		answer = words_make(WORD_NOT_ASKED);
		answer_rest(c, &answer, READING_NO_RULE);
		return STEP_END;
	}
	pair = pair_of(c, first);
	add_names(c, &pair);
	scope = scope_of(c);
	rc = compose_request(&scope, request);
	if (rc < 0) {
		answer = words_make(rc == -EMSGSIZE ? WORD_TOO_LONG : WORD_UNFIT);
		answer_rest(c, &answer, READING_NO_RULE);
		return STEP_END;
	}
	c->state->n_requests++;
	return STEP_SEND;
}

/* Whether the detail has the text in it, is a part of it, or was cut off within it. */
static bool tells(const char *detail, const char *text)
{
	size_t len = strlen(detail), n = strlen(text);

	if (secrets_tell((struct span){detail, len}, text))
		return true;
	if (len < WORDS_DETAIL_MAX - 1)
		return false;
	for (n = n < len ? n : len; n >= CUT_MIN; n--)
		if (strncasecmp(detail + len - n, text, n) == 0)
			return true;
	return false;
}

/* A server may send back what it was sent, or a part of it. */
static void hide_secrets(const struct conversation *c, struct answer *answer)
{
	for (size_t i = 0; i < c->job->n_values; i++)
		if (tells(answer->detail, c->job->values[i].text))
			answer->detail[0] = '\0';
}

/* One name may be what all were refused for. */
static bool try_alone(const struct conversation *c, const struct answer *answer, bool for_all)
{
	if (c->state->n_names < 2)
		return false;
	return answer->word == WORD_NUMHOST ||
	       (for_all && (answer->word == WORD_BADAUTH || answer->word == WORD_NOHOST));
}

static void set_answer(struct conversation *c, struct mark *mark, const struct answer *answer,
		       bool for_all)
{
	mark->answer = *answer;
	mark->phase = PHASE_ANSWERED;
	if (try_alone(c, answer, for_all)) {
		mark->phase = PHASE_OPEN;
		c->state->one_name = true;
	}
}

/* A reply that is about the request as a whole. */
static void take_whole(struct conversation *c, const struct answer *answer, int rule)
{
	for (size_t i = 0; i < c->job->n_wanted; i++) {
		struct mark *mark = &c->state->marks[i];

		if (mark->phase != PHASE_SENT)
			continue;
		set_answer(c, mark, answer, true);
		mark->rule = (int8_t)rule;
	}
	if (!try_alone(c, answer, true) && words_end_all(answer->word))
		answer_rest(c, answer, rule);
}

/* A reply with a line for each name. */
static void take_lines(struct conversation *c, const struct reply *reply, const struct scope *scope)
{
	struct answer answer = words_make(WORD_MISSING);
	struct page page;

	page_read(reply, c->state->n_names, &page);
	for (size_t i = 0; i < c->job->n_wanted; i++) {
		struct mark *mark = &c->state->marks[i];

		if (mark->phase != PHASE_SENT)
			continue;
		page_answer(&page, mark->slot, c->job->wanted[i].type, scope->addrs, &answer);
		if (answer.word == WORD_FOREIGN)
			hide_secrets(c, &answer);
		set_answer(c, mark, &answer, false);
		mark->rule = READING_NO_RULE;
	}
	/* an error of the account or server comes once, not once a name */
	if (page_is_single(&page) && words_end_all(answer.word))
		answer_rest(c, &answer, READING_NO_RULE);
}

static void take_reply(struct conversation *c, const struct reply *reply)
{
	struct scope scope = scope_of(c);
	struct reading reading;
	struct reply text = *reply;
	struct answer answer;
	int rule;

	reading_begin(c->service, reply, &reading);
	rule = reading_answer(&reading, &scope, &answer);
	if (rule == READING_NO_RULE && c->service->family == SERVICE_DYNDNS2) {
		text.body = reading.body.text;
		text.len = reading.body.len;
		take_lines(c, &text, &scope);
	} else {
		hide_secrets(c, &answer);
		take_whole(c, &answer, rule);
	}
	reading_done(&reading);
}

/* Whether there is no way to send its address without the other one, which is not known. */
static bool is_alone(const struct conversation *c, size_t i)
{
	struct pair pair = pair_of(c, i);

	if (pair.addrs[RECORD_TYPE_A] != NULL && pair.addrs[RECORD_TYPE_AAAA] != NULL)
		return false;
	return (pair.addrs[RECORD_TYPE_A] != NULL ? c->service->ipv4 : c->service->ipv6) == NULL;
}

/* Answers what no request can be made for. */
static void refuse_unfit(struct conversation *c)
{
	bool zoned = service_is_zoned(c->service);

	for (size_t i = 0; i < c->job->n_wanted; i++) {
		const struct wanted *wanted = &c->job->wanted[i];
		struct span zone;

		if (wanted->n_addrs != 1)
			answer_one(c, i, WORD_BAD_WANTED);
		else if (!service_sets(c->service, wanted->type))
			answer_one(c, i, WORD_NO_TYPE);
		else if (is_alone(c, i))
			answer_one(c, i, WORD_ALONE);
		else if (zoned && !scope_zone(c->service, c->job, wanted->name, &zone))
			answer_one(c, i, WORD_NOT_IN_ZONE);
	}
}

enum step conversation_step(const struct service *service, const struct job *job, void *state,
			    const struct reply *reply, struct request *request,
			    struct outcome *outcomes)
{
	struct conversation c = {service, job, state};
	enum step next;

	if (reply == NULL)
		refuse_unfit(&c);
	else
		take_reply(&c, reply);
	next = ask_next(&c, request);
	say_answered(&c, outcomes);
	return next;
}

enum step conversation_step_file(const struct job *job, void *state, const struct reply *reply,
				 struct request *request, struct outcome *outcomes)
{
	return conversation_step(job->provider->service, job, state, reply, request, outcomes);
}
