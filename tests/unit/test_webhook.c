/* SPDX-License-Identifier: MIT */
#include "providers/webhook.c"

#include "tests/unit/talk.h"

#define URL "https://hooks.example/S3CRET?a=b"

static const struct value values[] = {{"url", URL}, {"message", "{\"event\":\"held\"}"}, {0}};
static const struct wanted wanted = {.name = "a.example.org", .type = RECORD_TYPE_A};

static const struct row {
	int status;
	int64_t retry_after_ms;
	enum verdict verdict;
	int64_t wait_ms;
	const char *why;
} rows[] = {
	{200, -1, VERDICT_DONE, 0, "HTTP 200"},
	{204, -1, VERDICT_DONE, 0, "HTTP 204"},
	{299, -1, VERDICT_DONE, 0, "HTTP 299"},
	{199, -1, VERDICT_RETRY, 0, "HTTP 199"},
	{301, -1, VERDICT_REFUSED_CONFIG, 0, "HTTP 301: moved; write the URL it is at now"},
	{304, -1, VERDICT_REFUSED_CONFIG, 0, "HTTP 304: moved; write the URL it is at now"},
	{400, -1, VERDICT_REFUSED_CONFIG, 0, "HTTP 400: refused"},
	{401, -1, VERDICT_REFUSED_CONFIG, 0, "HTTP 401: refused"},
	{404, 5000, VERDICT_REFUSED_CONFIG, 5000, "HTTP 404: refused"},
	{408, -1, VERDICT_RETRY, 0, "HTTP 408"},
	{429, -1, VERDICT_THROTTLED, 0, "HTTP 429"},
	{429, 90000, VERDICT_THROTTLED, 90000, "HTTP 429"},
	{500, -1, VERDICT_RETRY, 0, "HTTP 500"},
	{503, 120000, VERDICT_RETRY, 120000, "HTTP 503"},
};

static void one_request_and_its_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct reply reply = {.kind = REQUEST_HTTP,
					    .status = rows[i].status,
					    .retry_after_ms = rows[i].retry_after_ms,
					    .body = "S3CRET",
					    .len = 6};
		struct talk talk;

		talk_begin(&talk, &webhook_provider, values, &wanted, 1);
		assert_false(talk.ended);
		assert_int_equal(talk.request.kind, REQUEST_HTTP);
		assert_string_equal(talk.request.http.method, "POST");
		assert_string_equal(talk.request.http.url.text, URL);
		assert_string_equal(talk.request.http.headers.text,
				    "Content-Type: application/json\n");
		assert_string_equal(talk.request.body.text, "{\"event\":\"held\"}");
		talk_step(&talk, &reply);
		assert_true(talk.ended);
		assert_int_equal(talk.outcomes[0].verdict, rows[i].verdict);
		assert_int_equal(talk.outcomes[0].wait_ms, rows[i].wait_ms);
		assert_string_equal(talk.outcomes[0].why, rows[i].why);
		talk_end(&talk);
	}
}

static void without_a_url_there_is_no_request(void **state)
{
	struct talk talk;

	(void)state;
	talk_begin(&talk, &webhook_provider, values + 1, &wanted, 1);
	assert_true(talk.ended);
	assert_int_equal(talk.outcomes[0].verdict, VERDICT_REFUSED_CONFIG);
	talk_end(&talk);
}

static void nobody_can_choose_it(void **state)
{
	(void)state;
	assert_null(provider_find("webhook"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_request_and_its_end),
		cmocka_unit_test(without_a_url_there_is_no_request),
		cmocka_unit_test(nobody_can_choose_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
