/* SPDX-License-Identifier: MIT */
/* The HTTP client with a libcurl whose TLS library can do less. */
#include <curl/curl.h>
#include <stdarg.h>

#undef curl_easy_setopt
static CURLcode (*const real_setopt)(CURL *easy, CURLoption option, ...) = curl_easy_setopt;
static CURLoption lacking;

static CURLcode lean_setopt(CURL *easy, CURLoption option, ...)
{
	va_list args;
	CURLcode rc;

	if (option == lacking)
		return CURLE_NOT_BUILT_IN;
	va_start(args, option);
	if (option < CURLOPTTYPE_OBJECTPOINT)
		rc = real_setopt(easy, option, va_arg(args, long));
	else
		rc = real_setopt(easy, option, va_arg(args, void *));
	va_end(args);
	return rc;
}

#define curl_easy_setopt lean_setopt
#include "update/updater/http.c"

#include <setjmp.h>
#include <stddef.h>
#include <cmocka.h>

static CURLcode set_without(CURLoption option)
{
	struct http_call call = {.easy = curl_easy_init()};
	CURLcode rc;

	assert_non_null(call.easy);
	lacking = option;
	rc = set_common(&call);
	curl_easy_cleanup(call.easy);
	return rc;
}

static void does_without_a_cache_of_certificates(void **state)
{
	(void)state;
	assert_int_equal(set_without(CURLOPT_CA_CACHE_TIMEOUT), CURLE_OK);
}

static void does_not_do_without_what_is_safe(void **state)
{
	(void)state;
	assert_int_equal(set_without(CURLOPT_SSLVERSION), CURLE_NOT_BUILT_IN);
	assert_int_equal(set_without(CURLOPT_SSL_VERIFYHOST), CURLE_NOT_BUILT_IN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_without_a_cache_of_certificates),
		cmocka_unit_test(does_not_do_without_what_is_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
