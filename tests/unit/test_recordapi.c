/* SPDX-License-Identifier: MIT */
/* Every record API does what its transcript says. */
#include "providers/recordapi.c"

#include "tests/unit/ruleseen.h"

#define rule_which ruleseen_which
#include "providers/apierror.c"
#undef rule_which

#include <dirent.h>

#include "tests/unit/recordfault.h"
#include "tests/unit/shipped.h"

/* What each must have been seen to come to. */
static const enum verdict musts[] = {
	VERDICT_DONE,         VERDICT_UNCHANGED,    VERDICT_RETRY,          VERDICT_THROTTLED,
	VERDICT_REFUSED_AUTH, VERDICT_REFUSED_NAME, VERDICT_REFUSED_CONFIG,
};

/* Whether it says once what requests and replies look like, or tells of one conversation after the
 * other. */
static bool is_short(FILE *file)
{
	char line[TRANSCRIPT_TEXT_MAX];
	bool found = false;

	while (!found && fgets(line, sizeof(line), file))
		found = strncmp(line, "find ", 5) == 0;
	rewind(file);
	return found;
}

/* Each name is written by itself; batches are told of one conversation after the other. */
static size_t play_short(struct recordplay *p, const struct provider *provider)
{
	struct recordapi *api;
	const char *batch;

	memcpy(&api, &provider->service->api, sizeof(api)); /* this file's own, as it was read */
	batch = api->batch.request;
	api->batch.request = NULL;
	if (!api->txt != !p->text.txt)
		transcript_fail(p->t,
				"`text` tells what TXT records are like, and `txt` of the row");
	recordfault_run(p);
	api->batch.request = batch;
	return p->n_played;
}

/* How many conversations there were of a short one. */
static size_t play_file(struct transcript *t, FILE *file)
{
	static struct recordplay p;
	bool more = true;

	memset(&p, 0, sizeof(p));
	p.t = t;
	p.text.t = t;
	if (is_short(file)) {
		more = recordtext_read(&p.text, file);
		(void)play_short(&p, t->provider);
	}
	if (more)
		transcript_run(t, file);
	transcript_done(t);
	return p.n_played;
}

static size_t n_apis, n_played;

static void play_api(const struct provider *provider)
{
	static struct transcript t;
	char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "tests/records/%s.txt", provider->name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s: there is no such transcript", path);
	memset(&t, 0, sizeof(t));
	t.path = path;
	t.provider = provider;
	ruleseen_begin(provider->service);
	n_played += play_file(&t, file);
	ruleseen_expect_all(path);
	(void)fclose(file);
	for (size_t i = 0; i < sizeof(musts) / sizeof(musts[0]); i++)
		if (!t.verdicts[musts[i]])
			fail_msg("%s: nothing is %s", path, provider_verdict_name(musts[i]));
	if (!t.sent[1] || !t.sent[2] || !t.sent[3])
		fail_msg("%s: IPv4, IPv6 or both are never wanted", path);
}

/* Does it with each: those written in C, and those that are files. Returns how many. */
static size_t for_each(void (*of)(const struct provider *))
{
	struct catalog_list list = shipped_list();
	size_t n = 0;

	for (const struct provider *const *p = provider_all(); *p; p++) {
		if (((*p)->caps & RECORDAPI_CAPS) != RECORDAPI_CAPS)
			continue;
		of(*p);
		n++;
	}
	for (size_t i = 0; i < list.n; i++) {
		struct cfg_service *service = shipped_read_entry(&list.entries[i]);

		if (service->service.api) {
			of(&service->provider);
			n++;
		}
		catalog_free(service);
	}
	catalog_list_done(&list);
	return n;
}

/* A transcript whose API is gone, or misspelt, proves nothing. */
static void every_transcript_has_its_api(void **state)
{
	DIR *dir = opendir("tests/records");
	struct dirent *entry;
	size_t n = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir)))
		n += strstr(entry->d_name, ".txt") != NULL;
	(void)closedir(dir);
	assert_int_equal(n, n_apis);
}

static void every_api_does_what_its_transcript_says(void **state)
{
	(void)state;
	n_apis = for_each(play_api);
	print_message("# case %zu record APIs, %zu conversations\n", n_apis, n_played);
	assert_true(n_apis > 0);
}

/* Pieces of replies, each in a place where another is due. */
static const char *const scraps[] = {
	"",
	"null",
	"[]",
	"{}",
	"[[]]",
	"{\"result\":{}",
	"{\"success\":true}",
	"{\"success\":true,\"result\":[]}",
	"{\"success\":true,\"result\":[null,{\"name\":\"example.org\",\"id\":\"z\"}]}",
	"{\"success\":true,\"result\":[{\"name\":\"a.example.org\",\"type\":\"A\",\"id\":\"r\","
	"\"content\":\"192.0.2.9\"}],\"result_info\":{\"total_pages\":99}}",
	"{\"success\":true,\"result\":[{\"name\":\"a.example.org\",\"type\":\"A\",\"id\":[],"
	"\"content\":\"\"}]}",
	"{\"errors\":[{\"code\":{},\"message\":[]}]}",
	"{\"errors\":[{\"code\":81058,\"message\":\"\\u0000\\u001b\"}]}",
	"{\"domain_records\":[{\"id\":-1,\"type\":\"A\",\"name\":\"a\",\"data\":\"192.0.2.9\"}],"
	"\"links\":{\"pages\":{\"next\":\"x\"}}}",
	"{\"zone\":{\"id\":1e99,\"name\":\"example.org\"}}",
	"{\"zone\":{\"id\":1,\"name\":\"example.org\"}}",
	"{\"rrsets\":[{\"name\":\"a\",\"type\":\"A\",\"records\":[{\"value\":\"192.0.2.9\"},7]}]}",
	"{\"rrsets\":[{\"name\":\"a\",\"type\":\"A\",\"records\":[{\"value\":\"192.0.2.9\"}]}]}",
	"{\"rrsets\":[{\"name\":\"a.example.org.\",\"type\":\"A\",\"ttl\":-1,\"records\":["
	"{\"content\":\"192.0.2.9\",\"disabled\":true},{\"content\":\"192.0.2.8\"}]}]}",
	"{\"name\":\"example.org.\",\"fqdn\":\"example.org\",\"minimum_ttl\":1e9}",
	"{\"rrset_values\":[\"192.0.2.9\",\"192.0.2.9\"],\"rrset_ttl\":\"x\"}",
	"[{\"name\":\"a.example.org.\",\"type\":\"A\",\"records\":[\"192.0.2.7\"],\"ttl\":1}]",
	"{\"action\":{\"id\":5,\"status\":\"running\"}}",
	"{\"action\":{\"id\":5,\"status\":\"success\"}}",
};
#define N_SCRAPS (sizeof(scraps) / sizeof(scraps[0]))

static const int statuses[] = {200, 200, 200, 200, 201, 204, 302, 400, 403, 404, 404, 429, 500};
#define N_STATUSES (sizeof(statuses) / sizeof(statuses[0]))

static uint32_t seed;

static size_t draw(size_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static struct reply draw_reply(json_t **json)
{
	const char *body = scraps[draw(N_SCRAPS)];

	json_decref(*json);
	*json = decode_body(HTTP_DECODE_JSON, body, strlen(body));
	return (struct reply){.kind = REQUEST_HTTP,
			      .status = statuses[draw(N_STATUSES)],
			      .retry_after_ms = -1,
			      .json = *json,
			      .body = body,
			      .len = strlen(body)};
}

/* However it goes, it ends, with words for each record. */
static void converse_at_random(const struct provider *provider, const struct job *job)
{
	struct outcome outcomes[3] = {0};
	void *state = calloc(1, provider->state_size);
	struct reply reply;
	json_t *json = NULL;
	size_t steps = 0;

	assert_non_null(state);
	for (;; steps++) {
		struct request request = {0};
		enum step next =
			provider->step(job, state, steps > 0 ? &reply : NULL, &request, outcomes);

		provider_request_done(&request);
		if (next == STEP_END)
			break;
		assert_true(steps < APITALK_REQUESTS_MAX);
		reply = draw_reply(&json);
	}
	for (size_t i = 0; i < job->n_wanted; i++)
		assert_false(outcome_is_open(&outcomes[i]));
	json_decref(json);
	free(state);
}

static void converse_often(const struct provider *provider)
{
	static const char *const previous[] = {"192.0.2.9"};
	static const struct value values[] = {
		{"token", "sesame"}, {"key", "sesame"}, {"url", "https://ns.example.net"}};
	const struct wanted wanted[] = {
		{.name = "a.example.org", .addrs = {"192.0.2.1", "192.0.2.2"}, .n_addrs = 2},
		{.name = "a.example.org", .type = RECORD_TYPE_AAAA, .addrs = {"::1"}, .n_addrs = 1},
		{.name = "a.example.org", .previous = previous, .n_previous = 1},
	};

	const struct job job = {.provider = provider,
				.values = values,
				.n_values = 3,
				.wanted = wanted,
				.n_wanted = 3};

	for (uint32_t i = 0; i < 3000; i++) {
		seed = i;
		converse_at_random(provider, &job);
	}
}

static void any_replies_come_to_an_end(void **state)
{
	(void)state;
	(void)for_each(converse_often);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_api_does_what_its_transcript_says),
		cmocka_unit_test(every_transcript_has_its_api),
		cmocka_unit_test(any_replies_come_to_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
