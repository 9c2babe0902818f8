/* SPDX-License-Identifier: MIT */
#include "providers/provider.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void check_settings(const struct setting *settings)
{
	for (const struct setting *row = settings; row->name != NULL; row++) {
		size_t len = strlen(row->help);

		assert_int_equal(row->help[len - 1], '.');
		assert_int_equal(row->type == SETTING_CHOICE, row->choices != NULL);
		assert_false(row->required && row->preset != NULL);
		for (const struct setting *other = row + 1; other->name != NULL; other++)
			assert_string_not_equal(row->name, other->name);
	}
}

/* What the rest relies on without asking. */
static void every_provider_keeps_the_contract(void **state)
{
	const char *before = "";

	(void)state;
	for (const struct provider *const *at = provider_all(); *at != NULL; at++) {
		const struct provider *provider = *at;

		assert_true(strcmp(before, provider->name) < 0);
		before = provider->name;
		assert_ptr_equal(provider_find(provider->name), provider);
		assert_int_not_equal(provider->title[0], '\0');
		assert_in_range(provider->state_size, 0, PROVIDER_STATE_MAX);
		assert_in_range(provider->limits.names_per_request, 1, JOB_WANTED_MAX);
		if (!(provider->caps & PROVIDER_MANY_NAMES))
			assert_int_equal(provider->limits.names_per_request, 1);
		if (provider->caps & PROVIDER_BOTH_FAMILIES)
			assert_in_range(provider->limits.names_per_request, 1, JOB_WANTED_MAX / 2);
		assert_true(provider->limits.parallel > 0);
		assert_true(provider->limits.min_interval_ms >= 0);
		assert_non_null(provider->step);
		check_settings(provider->settings);
	}
	check_settings(provider_http_settings());
}

static void what_can_be_verified_is_known(void **state)
{
	(void)state;
	assert_true(provider_can_verify(provider_find("rfc2136")));
	assert_true(provider_can_verify(provider_find("hosts")));
	assert_true(provider_can_verify(provider_find("dyndns2")));
	assert_false(provider_can_verify(provider_find("none")));
}

/* A job to verify goes to the provider only if that can read. */
static void a_step_is_the_providers_or_the_zones(void **state)
{
	static const struct wanted wanted = {
		.name = "a.b", .type = RECORD_TYPE_A, .addrs = {"192.0.2.1"}, .n_addrs = 1};
	static const struct {
		const char *name;
		enum purpose purpose;
		enum request_kind kind;
	} rows[] = {
		{"hosts", PURPOSE_UPDATE, REQUEST_FILE},
		{"hosts", PURPOSE_VERIFY, REQUEST_FILE},
		{"dyndns2", PURPOSE_UPDATE, REQUEST_HTTP},
		{"dyndns2", PURPOSE_VERIFY, REQUEST_DNS},
	};
	static const struct value values[] = {
		{"url", "http://x/"}, {"file", "/x"}, {"username", "u"}, {"password", "p"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct job job = {.provider = provider_find(rows[i].name),
					.values = values,
					.n_values = 4,
					.wanted = &wanted,
					.n_wanted = 1,
					.purpose = rows[i].purpose};
		void *memory = calloc(1, provider_state_size(&job));
		struct request request = {.kind = REQUEST_NONE};
		struct outcome outcome = {.wait_ms = 0};

		assert_int_equal(provider_step(&job, memory, NULL, &request, &outcome), STEP_SEND);
		assert_int_equal(request.kind, rows[i].kind);
		provider_request_done(&request);
		free(memory);
	}
}

static void finds_exactly(void **state)
{
	(void)state;
	assert_string_equal(provider_find("dyndns2")->name, "dyndns2");
	assert_null(provider_find("dyndns"));
	assert_null(provider_find("dyndns22"));
	assert_null(provider_find("Dyndns2"));
	assert_null(provider_find(""));
}

static void reads_values(void **state)
{
	const struct value values[] = {{"url", "u"}, {"user", "n"}};
	const struct job job = {.values = values, .n_values = 2};

	(void)state;
	assert_string_equal(provider_value(&job, "user"), "n");
	assert_null(provider_value(&job, "ur"));
	assert_null(provider_value(&job, "password"));
}

static void names_verdicts_both_ways(void **state)
{
	enum verdict verdict;

	(void)state;
	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		assert_int_equal(provider_verdict_parse(provider_verdict_name(i), &verdict), 0);
		assert_int_equal(verdict, i);
	}
	assert_string_equal(provider_verdict_name(VERDICT_REFUSED_AUTH), "refused-auth");
	assert_int_equal(provider_verdict_parse("refused", &verdict), -EINVAL);
	assert_int_equal(provider_verdict_parse("", &verdict), -EINVAL);
	assert_int_equal(verdict, VERDICT_COUNT - 1);
	assert_string_equal(provider_type_name(RECORD_TYPE_A), "A");
	assert_string_equal(provider_type_name(RECORD_TYPE_AAAA), "AAAA");
}

static void names_truths_both_ways(void **state)
{
	enum truth truth;

	(void)state;
	for (unsigned i = 0; i < TRUTH_COUNT; i++) {
		assert_int_equal(provider_truth_parse(provider_truth_name(i), &truth), 0);
		assert_int_equal(truth, i);
	}
	assert_string_equal(provider_truth_name(TRUTH_SAME), "same");
	assert_int_equal(provider_truth_parse("Same", &truth), -EINVAL);
	assert_int_equal(truth, TRUTH_COUNT - 1);
}

static void empties_requests(void **state)
{
	struct request request = {.kind = REQUEST_NONE}, empty = {.kind = REQUEST_NONE};

	(void)state;
	provider_request_done(&request);
	request.kind = REQUEST_HTTP;
	buf_init(&request.http.url, 10);
	buf_init(&request.body, 10);
	buf_text(&request.http.url, "a");
	buf_text(&request.body, "b");
	provider_request_done(&request); /* a leak is the sanitizer's to see */
	assert_memory_equal(&request, &empty, sizeof(request));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_provider_keeps_the_contract),
		cmocka_unit_test(what_can_be_verified_is_known),
		cmocka_unit_test(a_step_is_the_providers_or_the_zones),
		cmocka_unit_test(finds_exactly),
		cmocka_unit_test(reads_values),
		cmocka_unit_test(names_verdicts_both_ways),
		cmocka_unit_test(names_truths_both_ways),
		cmocka_unit_test(empties_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
