/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "providers/all.h"
#include "providers/page.h"

#define URL_MAX 8192

/* Requests of one conversation: the transport allows a job 32 steps. */
#define REQUESTS_MAX 30

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* How both families of a name are sent. */
enum families { FAMILIES_LIST, FAMILIES_PARAMETER, FAMILIES_SEPARATE };

enum phase { PHASE_OPEN, PHASE_SENT, PHASE_ANSWERED };

/* What became of one wanted record so far. */
struct mark {
	struct answer answer;
	uint8_t phase; /* enum phase */
	uint8_t slot;  /* PHASE_SENT: place of its name in the request, and so of its line */
};

struct state {
	struct mark marks[JOB_WANTED_MAX];
	unsigned n_requests;
	unsigned n_names; /* in the request under way */
	bool one_name;    /* the server wants one name a request */
};
_Static_assert(sizeof(struct state) <= PROVIDER_STATE_MAX, "state_size has a cap");

/* The addresses that go into one request for a name. */
struct pair {
	const char *addrs[RECORD_TYPE_COUNT];
};

static enum families families_of(const struct job *job)
{
	const char *text = provider_value(job, "myipv6");

	if (text != NULL && strcmp(text, "myipv6") == 0)
		return FAMILIES_PARAMETER;
	if (text != NULL && strcmp(text, "separate") == 0)
		return FAMILIES_SEPARATE;
	return FAMILIES_LIST;
}

/* What goes into the request that updates wanted[i]: its own address and, if they travel together,
 * the one of the other type still to be sent for its name. */
static struct pair pair_of(const struct job *job, const struct state *state, size_t i)
{
	const struct wanted *mine = &job->wanted[i];
	struct pair pair = {{NULL}};

	pair.addrs[mine->type] = mine->addrs[0];
	if (families_of(job) == FAMILIES_SEPARATE)
		return pair;
	for (size_t k = 0; k < job->n_wanted; k++) {
		const struct wanted *other = &job->wanted[k];

		if (state->marks[k].phase != PHASE_ANSWERED && other->type != mine->type &&
		    strcmp(other->name, mine->name) == 0)
			pair.addrs[other->type] = other->addrs[0];
	}
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
static unsigned find_slot(const struct job *job, const struct state *state, const char *name)
{
	for (size_t k = 0; k < job->n_wanted; k++)
		if (state->marks[k].phase == PHASE_SENT && strcmp(job->wanted[k].name, name) == 0)
			return state->marks[k].slot;
	return state->n_names;
}

/* Takes every open record with this pair into the request, as far as names fit. */
static void add_names(const struct job *job, struct state *state, const struct pair *pair,
		      struct buf *url)
{
	unsigned limit = state->one_name ? 1 : PAGE_NAMES_MAX;

	state->n_names = 0;
	for (size_t i = 0; i < job->n_wanted; i++) {
		struct mark *mark = &state->marks[i];
		const char *name = job->wanted[i].name;
		struct pair its = pair_of(job, state, i);
		unsigned slot = find_slot(job, state, name);

		if (mark->phase != PHASE_OPEN || slot >= limit || !same_pair(&its, pair))
			continue;
		if (slot == state->n_names) {
			buf_text(url, slot == 0 ? "" : ",");
			buf_urlencode(url, name);
			state->n_names++;
		}
		mark->slot = (uint8_t)slot;
		mark->phase = PHASE_SENT;
	}
}

static void add_addresses(const struct pair *pair, enum families families, struct buf *url)
{
	const char *v4 = pair->addrs[RECORD_TYPE_A], *v6 = pair->addrs[RECORD_TYPE_AAAA];

	if (v6 != NULL && families == FAMILIES_PARAMETER) {
		buf_text(url, "&myipv6=");
		buf_urlencode(url, v6);
		v6 = NULL;
	}
	if (v4 == NULL && v6 == NULL)
		return;
	buf_text(url, "&myip=");
	if (v4 != NULL)
		buf_urlencode(url, v4);
	if (v4 != NULL && v6 != NULL)
		buf_text(url, ",");
	if (v6 != NULL)
		buf_urlencode(url, v6);
}

/* The configured url up to the first parameter of ours; it may bring a query, not a fragment. */
static void add_base(const char *base, struct buf *url)
{
	size_t len = strcspn(base, "#");
	const char *query = memchr(base, '?', len);

	buf_add(url, base, len);
	if (query == NULL)
		buf_text(url, "?");
	else if (query + 1 != base + len && base[len - 1] != '&')
		buf_text(url, "&");
	buf_text(url, "hostname=");
}

/* Every record that has no answer yet gets this one. */
static void answer_rest(const struct job *job, struct state *state, const struct answer *answer)
{
	for (size_t i = 0; i < job->n_wanted; i++) {
		if (state->marks[i].phase != PHASE_ANSWERED) {
			state->marks[i].answer = *answer;
			state->marks[i].phase = PHASE_ANSWERED;
		}
	}
}

static size_t find_open(const struct job *job, const struct state *state)
{
	size_t i = 0;

	while (i < job->n_wanted && state->marks[i].phase != PHASE_OPEN)
		i++;
	return i;
}

static enum step end(const struct job *job, const struct state *state, struct outcome *outcomes)
{
	for (size_t i = 0; i < job->n_wanted; i++)
		words_say(&state->marks[i].answer, &job->wanted[i], &outcomes[i]);
	return STEP_END;
}

/* The next request, or the end if none is needed. */
static enum step go_on(const struct job *job, struct state *state, struct request *request,
		       struct outcome *outcomes)
{
	size_t first = find_open(job, state);
	struct buf *url = &request->http.url;
	struct pair pair;

	if (first == job->n_wanted)
		return end(job, state, outcomes);
	if (state->n_requests == REQUESTS_MAX) {
		answer_rest(job, state, &(struct answer){.word = WORD_NOT_ASKED});
		return end(job, state, outcomes);
	}
	request->kind = REQUEST_HTTP;
	request->http.method = "GET";
	request->http.user = provider_value(job, "username");
	request->http.password = provider_value(job, "password");
	buf_init(url, URL_MAX);
	add_base(provider_value(job, "url"), url);
	pair = pair_of(job, state, first);
	add_names(job, state, &pair, url);
	add_addresses(&pair, families_of(job), url);
	if (url->failed) {
		answer_rest(job, state, &(struct answer){.word = WORD_TOO_LONG});
		provider_request_done(request);
		return end(job, state, outcomes);
	}
	state->n_requests++;
	return STEP_SEND;
}

/* A server may send back what it was sent. */
static void hide_secrets(const struct job *job, struct answer *answer)
{
	static const char *const names[] = {"username", "password"};

	if (answer->word != WORD_FOREIGN)
		return;
	for (size_t i = 0; i < 2; i++) {
		const char *text = provider_value(job, names[i]);

		if (text != NULL && text[0] != '\0' &&
		    (strcasestr(answer->detail, text) != NULL ||
		     strcasestr(text, answer->detail) != NULL))
			answer->detail[0] = '\0';
	}
}

/* What the request under way sent. */
static struct pair sent_pair(const struct job *job, const struct state *state)
{
	struct pair sent = {{NULL}};

	for (size_t i = 0; i < job->n_wanted; i++)
		if (state->marks[i].phase == PHASE_SENT)
			sent.addrs[job->wanted[i].type] = job->wanted[i].addrs[0];
	return sent;
}

static void take_reply(const struct job *job, struct state *state, const struct reply *reply)
{
	struct pair sent = sent_pair(job, state);
	struct answer answer = {.word = WORD_MISSING};
	struct page page;

	page_read(reply, state->n_names, &page);
	for (size_t i = 0; i < job->n_wanted; i++) {
		struct mark *mark = &state->marks[i];

		if (mark->phase != PHASE_SENT)
			continue;
		page_answer(&page, mark->slot, job->wanted[i].type, sent.addrs, &answer);
		hide_secrets(job, &answer);
		mark->answer = answer;
		mark->phase = PHASE_ANSWERED;
		if (answer.word == WORD_NUMHOST && state->n_names > 1) {
			mark->phase = PHASE_OPEN;
			state->one_name = true;
		}
	}
	/* an error of the account or server comes once, not once a name */
	if (page_is_single(&page) && words_end_all(answer.word))
		answer_rest(job, state, &answer);
}

/* Answers what no request can be made for. */
static void refuse_unfit(const struct job *job, struct state *state)
{
	for (size_t i = 0; i < job->n_wanted; i++) {
		if (job->wanted[i].n_addrs != 1) {
			state->marks[i].answer = words_make(WORD_BAD_WANTED);
			state->marks[i].phase = PHASE_ANSWERED;
		}
	}
	if (provider_value(job, "url") == NULL)
		answer_rest(job, state, &(struct answer){.word = WORD_NOT_FOUND});
}

static enum step step(const struct job *job, void *memory, const struct reply *reply,
		      struct request *request, struct outcome *outcomes)
{
	struct state *state = memory;

	if (reply == NULL)
		refuse_unfit(job, state);
	else
		take_reply(job, state, reply);
	return go_on(job, state, request, outcomes);
}

static const struct setting settings[] = {
	{
		.name = "url",
		.type = SETTING_URL,
		.required = true,
		.help = "Where updates are sent, path included; may have parameters already.",
	},
	{
		.name = "username",
		.type = SETTING_TEXT,
		.required = true,
		.help = "User name, or whatever the provider wants in its place.",
	},
	{
		.name = "password",
		.type = SETTING_SECRET,
		.required = true,
		.help = "Password or update key.",
	},
	{
		.name = "myipv6",
		.type = SETTING_CHOICE,
		.choices = "myip myipv6 separate",
		.preset = "myip",
		.help = "How IPv6 is sent: in myip after a comma, as myipv6, or in a request of "
			"its own.",
	},
	{0},
};

const struct provider dyndns2_provider = {
	.name = "dyndns2",
	.title = "Any server that speaks the dyndns2 protocol",
	.settings = settings,
	.caps = PROVIDER_BOTH_FAMILIES | PROVIDER_MANY_NAMES | PROVIDER_HTTP,
	.limits = {.min_interval_ms = 30000,
		   .refresh_ms = 25 * DAY_MS,
		   .names_per_request = PAGE_NAMES_MAX,
		   .parallel = 1},
	.state_size = sizeof(struct state),
	.step = step,
};
