/* SPDX-License-Identifier: MIT */
#include "providers/apitext.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define KEY "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n"

static const struct setting settings[] = {{.name = "login", .type = SETTING_TEXT},
					  {.name = "key", .type = SETTING_SECRET},
					  {.name = "region", .type = SETTING_TEXT},
					  {0}};
static const struct provider provider = {.settings = settings};
static const struct value values[] = {{"login", "a login"}, {"key", KEY}, {"md5:key", "0123abcd"}};
static const struct job job = {.provider = &provider, .values = values, .n_values = 3};
static const struct wanted wanted = {.name = "home.example.org"};

static int make(const struct recordapi *api, const struct recordapi_call *call, struct request *ret)
{
	static const struct apikeep keep;
	const struct apitext text = {
		.api = api, .job = &job, .wanted = &wanted, .zone = "example.org", .keep = &keep};

	*ret = (struct request){0};
	return apitext_request(&text, call, ret);
}

static void a_row_tells_how_its_calls_are_signed(void **state)
{
	const struct recordapi api = {.headers = "", .sign = "ovh {login} <{region}> {key}"};
	const struct recordapi_call call = {.request = "GET https://a.example/{sub}"};
	struct request request;

	(void)state;
	assert_int_equal(make(&api, &call, &request), 0);
	assert_int_equal(request.http.sign.scheme, HTTP_SCHEME_OVH);
	assert_string_equal(sign_word(&request.http.sign, 0), "a login");
	assert_string_equal(sign_word(&request.http.sign, 1), "");
	assert_string_equal(sign_word(&request.http.sign, 2), KEY);
	assert_string_equal(request.http.url.text, "https://a.example/home");
	provider_request_done(&request);
}

static void a_call_has_its_own_ways(void **state)
{
	const struct recordapi api = {.headers = "A: {login}\n",
				      .sign = "ovh {login} {login} {key}"};
	const struct recordapi_call own = {.request = "GET https://a.example/",
					   .header = "X-Action: {sub}",
					   .sign = "ovh 1 2 3"};
	const struct recordapi_call none = {.request = "GET https://a.example/", .sign = ""};
	struct request request;

	(void)state;
	assert_int_equal(make(&api, &own, &request), 0);
	assert_string_equal(sign_word(&request.http.sign, 0), "1");
	assert_string_equal(request.http.headers.text, "A: a login\nX-Action: home\n");
	provider_request_done(&request);
	assert_int_equal(make(&api, &none, &request), 0);
	assert_int_equal(request.http.sign.scheme, HTTP_SCHEME_NONE);
	provider_request_done(&request);
}

static void a_word_without_a_value_is_an_error(void **state)
{
	const struct recordapi api = {.headers = "", .sign = "ovh {login} {region} {key}"};
	const struct recordapi header = {.headers = "A: {key}\n"};
	const struct recordapi_call call = {.request = "GET https://a.example/"};
	struct request request;

	(void)state;
	assert_int_equal(make(&api, &call, &request), -EINVAL);
	/* several lines are fine in a signature only */
	assert_int_equal(make(&header, &call, &request), -EINVAL);
}

/* The transport puts them among the values. */
static void digests_are_known(void **state)
{
	const struct recordapi api = {.headers = ""};
	const struct recordapi_call call = {.request = "POST https://a.example/?p={md5:key}",
					    .body = "{\"p\":\"{md5:key}\"}"};
	struct request request;

	(void)state;
	assert_int_equal(make(&api, &call, &request), 0);
	assert_string_equal(request.http.url.text, "https://a.example/?p=0123abcd");
	assert_string_equal(request.body.text, "{\"p\":\"0123abcd\"}");
	provider_request_done(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_tells_how_its_calls_are_signed),
		cmocka_unit_test(a_call_has_its_own_ways),
		cmocka_unit_test(a_word_without_a_value_is_an_error),
		cmocka_unit_test(digests_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
