/* SPDX-License-Identifier: MIT */
/* Signatures are those that others compute: values of the APIs' documentation, of other clients, or
 * of openssl(1) and Python's hashlib. */
#include "update/updater/signature.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define NOON INT64_C(1767323045000) /* 2026-01-02T03:04:05Z */

struct given {
	enum http_scheme scheme;
	const char *words[SIGN_WORDS_MAX];
	const char *method, *url, *headers, *body;
	const char *nonce;
};

/* Where a text must be in the signed request. */
struct expected {
	const char *url, *body; /* the whole; NULL: as it was */
	const char *headers[6]; /* whole lines */
};

static void begin(struct request *request, const struct given *given)
{
	struct http_request *http = &request->http;

	*request = (struct request){.kind = REQUEST_HTTP, .http.method = given->method};
	buf_init(&http->url, 2048);
	buf_text(&http->url, given->url);
	buf_init(&http->headers, 8192);
	buf_text(&http->headers, given->headers ? given->headers : "");
	buf_init(&request->body, REQUEST_BODY_MAX);
	buf_text(&request->body, given->body ? given->body : "");
	http->sign.scheme = given->scheme;
	buf_init(&http->sign.words, SIGN_TEXT_MAX);
	for (size_t i = 0; i < SIGN_WORDS_MAX && given->words[i]; i++) {
		buf_text(&http->sign.words, given->words[i]);
		buf_add(&http->sign.words, "", 1);
	}
}

static int sign(struct request *request, const struct given *given, const char **ret_why)
{
	struct signature_moment moment = {.now_ms = NOON};

	(void)snprintf(moment.nonce, sizeof(moment.nonce), "%s", given->nonce ? given->nonce : "");
	begin(request, given);
	return signature_make(request, &moment, ret_why);
}

static bool has_line(const struct buf *headers, const char *line)
{
	const char *at = headers->text;
	size_t len = strlen(line);

	while (at && strncmp(at, line, len) != 0) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	return at && at[len] == '\n';
}

static void assert_signed(const struct given *given, const struct expected *expected)
{
	struct request request;
	const char *why = "";

	assert_int_equal(sign(&request, given, &why), 0);
	assert_string_equal(request.http.url.text, expected->url ? expected->url : given->url);
	if (expected->body)
		assert_string_equal(request.body.text, expected->body);
	else if (given->body)
		assert_string_equal(request.body.text, given->body);
	for (size_t i = 0; expected->headers[i]; i++)
		if (!has_line(&request.http.headers, expected->headers[i]))
			fail_msg("no %s in:\n%s", expected->headers[i], request.http.headers.text);
	provider_request_done(&request);
}

static void ovh(void **state)
{
	struct given given = {
		.scheme = HTTP_SCHEME_OVH,
		.words = {"AK", "AS", "CK"},
		.method = "PUT",
		.url = "https://eu.api.ovh.com/1.0/domain/zone/example.com/record/1",
		.body = "{\"target\":\"192.0.2.1\"}",
	};
	const struct expected expected = {
		.headers = {"X-Ovh-Application: AK", "X-Ovh-Consumer: CK",
			    "X-Ovh-Timestamp: 1767323045",
			    "X-Ovh-Signature: $1$082319a4a789c6012f8d0521c0d6c60de1acd88b"},
	};
	/* printf AS+CK+GET+https://eu.api.ovh.com/1.0/me?a=b++1767323000 | sha1sum */
	const struct given at_its_time = {
		.scheme = HTTP_SCHEME_OVH,
		.words = {"AK", "AS", "CK", "1767323000"},
		.method = "GET",
		.url = "https://eu.api.ovh.com/1.0/me?a=b",
	};
	const struct expected then = {
		.headers = {"X-Ovh-Timestamp: 1767323000",
			    "X-Ovh-Signature: $1$83ac1193dd3288231fcf4254afbd1516b2c3dadc"},
	};

	(void)state;
	assert_signed(&given, &expected);
	assert_signed(&at_its_time, &then);
	/* an empty word is none */
	given.words[3] = "";
	assert_signed(&given, &expected);
}

static void what_has_no_scheme_stays(void **state)
{
	const struct given given = {
		.method = "GET", .url = "https://a.example/", .headers = "A: b\n"};
	struct request request;
	const char *why;

	(void)state;
	assert_int_equal(sign(&request, &given, &why), 0);
	assert_string_equal(request.http.headers.text, "A: b\n");
	provider_request_done(&request);
}

static void a_line_break_in_a_header_is_refused(void **state)
{
	const struct given given = {
		.scheme = HTTP_SCHEME_OVH,
		.words = {"A\nB: c", "AS", "CK"},
		.method = "GET",
		.url = "https://a.example/",
	};
	struct request request;
	const char *why = "";

	(void)state;
	assert_int_equal(sign(&request, &given, &why), -EINVAL);
	assert_non_null(strstr(why, "more than one line"));
	provider_request_done(&request);
}

static void a_moment_is_like_no_other(void **state)
{
	struct signature_moment one, other;

	(void)state;
	signature_now(&one);
	signature_now(&other);
	assert_true(one.now_ms > NOON && other.now_ms >= one.now_ms);
	assert_int_equal(strlen(one.nonce), SIGNATURE_NONCE_MAX - 1);
	assert_int_equal(strspn(one.nonce, "0123456789abcdef"), SIGNATURE_NONCE_MAX - 1);
	assert_string_not_equal(one.nonce, other.nonce);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ovh),
		cmocka_unit_test(what_has_no_scheme_stays),
		cmocka_unit_test(a_line_break_in_a_header_is_refused),
		cmocka_unit_test(a_moment_is_like_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
