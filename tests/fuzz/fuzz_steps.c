/* SPDX-License-Identifier: MIT */
/* Conversations of every provider with servers that say anything: replies of the words that it
 * looks for, in any arrangement. They must end, tell each record why, give no secret away, and ask
 * for nothing that is not one request. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg/catalog.h"
#include "providers/outcome.h"
#include "tests/fuzz/words.h"

#define SECRET "hush-hush-hush"
#define URL    "https://server.example.net/path"

enum { PROVIDERS_MAX = 512, STEPS_MAX = 200, DEPTH_MAX = 6, MEMBERS_MAX = 5, VALUES_MAX = 40 };

static const struct provider *providers[PROVIDERS_MAX];
static size_t n_providers;

static void add_services(void)
{
	struct catalog_list list;

	if (catalog_list("/nonexistent", &list) < 0 || list.n == 0)
		abort();
	for (size_t i = 0; i < list.n && n_providers < PROVIDERS_MAX; i++) {
		struct reader reader = {0};
		struct faults faults = {0};
		struct cfg_service *service = NULL;

		if (catalog_read(&reader, &list.entries[i], &faults, &service) < 0)
			abort();
		if (service->provider.service != NULL && service->service.ended == NULL)
			providers[n_providers++] = &service->provider;
		else
			catalog_free(service);
		reader_done(&reader);
		faults_done(&faults);
	}
	catalog_list_done(&list);
}

static void find_providers(void)
{
	for (const struct provider *const *row = provider_all(); *row != NULL; row++)
		if (!((*row)->caps & PROVIDER_LOCAL))
			providers[n_providers++] = *row;
	add_services();
}

static const char *value_of(const struct setting *row, struct input *input)
{
	static char choice[40];

	switch (row->type) {
	case SETTING_SECRET:
		return SECRET;
	case SETTING_TEXT:
		if (strncmp(row->name, "url", 3) == 0)
			return URL;
		return row->preset != NULL ? row->preset : "text";
	case SETTING_URL:
		return URL;
	case SETTING_PATH:
		return "/nonexistent";
	case SETTING_HOST:
		return input_byte(input) & 1 ? "example.org" : "192.0.2.53";
	case SETTING_NUMBER:
	case SETTING_DURATION:
		return row->preset != NULL ? row->preset : "53";
	case SETTING_BOOL:
		return input_byte(input) & 1 ? "yes" : "no";
	case SETTING_LIST:
		return "text";
	case SETTING_CHOICE:
		break;
	}
	(void)snprintf(choice, sizeof(choice), "%.*s", (int)strcspn(row->choices, " "),
		       row->choices);
	return choice;
}

static size_t fill_values(const struct provider *provider, struct input *input,
			  struct value values[static VALUES_MAX])
{
	size_t n = 0;

	for (const struct setting *row = provider->settings; row->name != NULL; row++)
		if (n < VALUES_MAX && (row->required || input_byte(input) & 1))
			values[n++] = (struct value){row->name, value_of(row, input)};
	return n;
}

static json_t *make_json(const struct words *words, struct input *input, unsigned depth)
{
	unsigned kind = input_byte(input);
	json_t *json;

	if (depth == DEPTH_MAX || kind < 96)
		return json_string(words_any(words, input));
	if (kind < 112)
		return json_integer((json_int_t)input_below(input, 65536) - 2);
	if (kind < 120)
		return json_boolean(kind & 1);
	if (kind < 124)
		return json_null();
	json = kind & 1 ? json_object() : json_array();
	for (size_t n = 1 + input_below(input, MEMBERS_MAX); n > 0; n--)
		if (kind & 1)
			json_object_set_new(json, words_any(words, input),
					    make_json(words, input, depth + 1));
		else
			json_array_append_new(json, make_json(words, input, depth + 1));
	return json;
}

static void make_dns(const struct words *words, struct input *input, struct reply *reply)
{
	reply->rcode = (int)input_below(input, 24);
	reply->tsig_error = (int)input_below(input, 20) - 1;
	(void)snprintf(reply->zone, sizeof(reply->zone), "%s", words_any(words, input));
	(void)snprintf(reply->primary, sizeof(reply->primary), "%s", words_any(words, input));
	for (size_t i = input_below(input, ZONE_SERVERS_MAX + 1); i-- > 0;)
		(void)snprintf(reply->hosts[i], DNS_NAME_MAX, "ns%zu.example.net", i);
	for (size_t i = input_below(input, WANTED_ADDRS_MAX + 1); i-- > 0;)
		(void)snprintf(reply->addrs[i], ADDRESS_MAX,
			       i & 1 ? "2001:db8::%zu" : "192.0.2.%zu", i);
	reply->more = input_byte(input) & 1;
	reply->authoritative = input_byte(input) & 1;
	reply->alias = input_byte(input) & 1;
	reply->error = input_byte(input) & 1 ? -5 : 0;
}

/* Owns what reply borrows. */
struct answer {
	struct reply reply;
	json_t *json;
	char *body;
};

static void make_answer(const struct words *words, struct input *input, enum request_kind kind,
			struct answer *ret)
{
	static const int statuses[] = {200, 200, 200, 201, 202, 204, 302, 400,
				       401, 403, 404, 409, 422, 429, 500, 503};

	*ret = (struct answer){.reply = {.kind = kind, .retry_after_ms = -1}};
	ret->reply.status = statuses[input_below(input, sizeof(statuses) / sizeof(statuses[0]))];
	if (kind == REQUEST_DNS)
		make_dns(words, input, &ret->reply);
	else if (input_byte(input) < 240)
		ret->json = make_json(words, input, 0);
	ret->body = ret->json != NULL ? json_dumps(ret->json, JSON_ENCODE_ANY) : NULL;
	if (ret->body == NULL)
		ret->body = strdup(words_any(words, input));
	if (kind == REQUEST_HTTP && input_byte(input) & 1)
		ret->reply.header = words_any(words, input);
	ret->reply.json = ret->json;
	ret->reply.body = ret->body;
	ret->reply.len = strlen(ret->body);
}

static void free_answer(struct answer *answer)
{
	json_decref(answer->json);
	free(answer->body);
}

/* A byte that ends a line would make another request, or another header of it. */
static void check_request(const struct request *request)
{
	const struct http_request *http = &request->http;

	if (request->kind != REQUEST_HTTP)
		return;
	if (http->method == NULL || http->url.text == NULL ||
	    strncmp(http->url.text, "https://", 8) != 0)
		abort();
	for (const char *c = http->url.text; *c != '\0'; c++)
		if (*c <= ' ' || *c == '\x7f')
			abort();
	for (const char *c = http->headers.text; c != NULL && *c != '\0'; c++)
		if (((unsigned char)*c < ' ' && *c != '\n' && *c != '\t') || *c == '\x7f')
			abort();
	if (http->headers.text != NULL && strstr(http->headers.text, WORDS_LINE) != NULL)
		abort();
}

static void check_outcomes(const struct job *job, const struct outcome *outcomes)
{
	for (size_t i = 0; i < job->n_wanted; i++)
		if (outcome_is_open(&outcomes[i]) || strstr(outcomes[i].why, SECRET) != NULL)
			abort();
}

static void converse(const struct job *job, const struct words *words, struct input *input)
{
	struct outcome outcomes[JOB_WANTED_MAX] = {0};
	void *state = calloc(1, provider_state_size(job) + 1);
	struct answer answer = {0};
	unsigned steps = 0;

	if (state == NULL)
		abort();
	for (;;) {
		struct request request = {0};
		enum step step = provider_step(job, state, steps > 0 ? &answer.reply : NULL,
					       &request, outcomes);

		if (step == STEP_SEND)
			check_request(&request);
		free_answer(&answer);
		if (step == STEP_SEND)
			make_answer(words, input, request.kind, &answer);
		provider_request_done(&request);
		if (step == STEP_END)
			break;
		if (steps++ == STEPS_MAX)
			abort();
	}
	check_outcomes(job, outcomes);
	free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"home.example.org", "example.org", "*.example.org"};
	static const char *const old[] = {"198.51.100.7", "2001:db8::7"};
	struct input input = {data, size};
	struct value values[VALUES_MAX];
	struct wanted wanted[2] = {{.type = RECORD_TYPE_A, .addrs = {"192.0.2.1", "192.0.2.2"}},
				   {.type = RECORD_TYPE_AAAA, .addrs = {"2001:db8::1"}}};
	struct job job = {.values = values, .wanted = wanted};
	struct words words;

	if (n_providers == 0)
		find_providers();
	job.provider = providers[input_below(&input, n_providers)];
	job.n_values = fill_values(job.provider, &input, values);
	job.n_wanted = job.provider->caps & PROVIDER_BOTH_FAMILIES ? 1 + input_below(&input, 2) : 1;
	job.purpose = input_byte(&input) & 1 ? PURPOSE_VERIFY : PURPOSE_UPDATE;
	if (job.purpose == PURPOSE_VERIFY && !provider_can_verify(job.provider))
		job.purpose = PURPOSE_UPDATE;
	for (size_t i = 0; i < job.n_wanted; i++) {
		wanted[i].name = names[input_below(&input, 3)];
		wanted[i].n_addrs = input_below(&input, i == 0 ? 3 : 2);
		if (wanted[i].n_addrs == 0 && !(job.provider->caps & PROVIDER_CAN_DELETE))
			wanted[i].n_addrs = 1;
		if (!(job.provider->caps & PROVIDER_MANY_ADDRS) && wanted[i].n_addrs > 1)
			wanted[i].n_addrs = 1;
		wanted[i].unsure = input_byte(&input) & 1;
		wanted[i].previous = &old[i];
		wanted[i].n_previous = input_below(&input, 2);
	}
	if (job.n_wanted == 2)
		wanted[1].name = wanted[0].name;
	if (job.provider->check != NULL && job.provider->check(&job, (char[160]){""}) != NULL)
		return 0;
	words_collect(job.provider, &words);
	converse(&job, &words, &input);
	words_done(&words);
	return 0;
}
