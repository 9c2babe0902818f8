/* SPDX-License-Identifier: MIT */
/* Signatures are those that others compute: values of the APIs' documentation, of other clients, or
 * of openssl(1) and Python's hashlib. */
#include "update/updater/signature.c"

#include "tests/unit/signature_rows.h"
#include "update/updater/sign/mac.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

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
	struct signature_moment moment = {.now_ms = given->now_ms ? given->now_ms : NOON};

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

static void every_scheme_signs_as_others_do(void **state)
{
	bool seen[HTTP_SCHEME_COUNT] = {false};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		print_message("# %s %s\n", sign_name(vectors[i].given.scheme),
			      vectors[i].given.url);
		assert_signed(&vectors[i].given, &vectors[i].expected);
		seen[vectors[i].given.scheme] = true;
	}
	for (unsigned i = 0; i < HTTP_SCHEME_COUNT; i++)
		assert_true(seen[i] || !schemes[i]);
}

/* The clocks change on the last Sundays of March and October, at 01:00 UTC. */
static void wedos_keeps_the_time_of_prague(void **state)
{
	static const struct {
		int64_t now; /* seconds */
		const char *hour;
	} rows[] = {
		{1774745999, "01"}, /* 2026-03-29T00:59:59Z */
		{1774746000, "03"}, /* 2026-03-29T01:00:00Z */
		{1792889999, "02"}, /* 2026-10-25T00:59:59Z */
		{1792890000, "02"}, /* 2026-10-25T01:00:00Z */
		{1784583000, "23"}, /* 2026-07-20T21:30:00Z */
		{1767223800, "00"}, /* 2025-12-31T23:30:00Z */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct given given = {.scheme = HTTP_SCHEME_WEDOS,
				      {"u", "p"},
				      "POST",
				      "https://a.example/",
				      .body = "{\"request\":{}}",
				      .now_ms = rows[i].now * 1000};
		struct mac mac = mac_digest("sha1", (struct span){"p", 1});
		struct request request;
		struct buf text;
		const char *why;

		buf_init(&text, 200);
		buf_text(&text, "u");
		mac_add_hex(&mac, &text);
		buf_text(&text, rows[i].hour);
		mac = mac_digest("sha1", (struct span){text.text, text.len});
		buf_cut(&text, 0);
		mac_add_hex(&mac, &text);
		assert_int_equal(sign(&request, &given, &why), 0);
		assert_non_null(strstr(request.body.text, text.text));
		buf_done(&text);
		provider_request_done(&request);
	}
}

static void what_cannot_be_signed_says_why(void **state)
{
	static const struct {
		struct given given;
		const char *why;
	} rows[] = {
		{{.scheme = HTTP_SCHEME_TRANSIP, {"me", "no key"}, "POST", "https://a.example/"},
		 "the private key is none"},
		{{.scheme = HTTP_SCHEME_TRANSIP, {"me", EC_PEM}, "POST", "https://a.example/"},
		 "the private key is none"},
		{{.scheme = HTTP_SCHEME_ORACLE, {"t/u/f", ""}, "GET", "https://a.example/"},
		 "the private key is none"},
		{{.scheme = HTTP_SCHEME_GOOGLE,
		  {"{\"private_key\":7}"},
		  "POST",
		  "https://a.example/"},
		 "no private_key"},
		{{.scheme = HTTP_SCHEME_GOOGLE, {PEM}, "POST", "https://a.example/"},
		 "e-mail address"},
		{{.scheme = HTTP_SCHEME_GOOGLE,
		  {"{nonsense", "me@a.example"},
		  "POST",
		  "https://a.example/"},
		 "the private key is none"},
		{{.scheme = HTTP_SCHEME_WEDOS,
		  {"u", "p"},
		  "POST",
		  "https://a.example/",
		  .body = "[]"},
		 "no JSON object"},
		{{.scheme = HTTP_SCHEME_OVH, {"A\nB: c", "AS", "CK"}, "GET", "https://a.example/"},
		 "more than one line"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct request request;
		const char *why = "";

		assert_int_equal(sign(&request, &rows[i].given, &why), -EINVAL);
		if (!strstr(why, rows[i].why))
			fail_msg("%s: not %s", why, rows[i].why);
		provider_request_done(&request);
	}
}

/* More than it has room for is no signature, and no overflow. */
static void what_is_too_much_fails(void **state)
{
	static char many[2048], word[4096];
	struct given query = {.scheme = HTTP_SCHEME_ALIYUN, {AK, SK}, "GET", many};
	struct given header = {
		.scheme = HTTP_SCHEME_BAIDU, {word, SK}, "GET", "https://a.example/"};
	struct request request;
	const char *why;
	size_t len = (size_t)snprintf(many, sizeof(many), "https://a.example/?");

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		len += (size_t)snprintf(many + len, sizeof(many) - len, "a%u=%u&", i, i);
	assert_int_equal(sign(&request, &query, &why), -ENOMEM);
	provider_request_done(&request);
	memset(word, 'a', sizeof(word) - 1);
	assert_int_equal(sign(&request, &header, &why), -ENOMEM);
	provider_request_done(&request);
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
		cmocka_unit_test(every_scheme_signs_as_others_do),
		cmocka_unit_test(wedos_keeps_the_time_of_prague),
		cmocka_unit_test(what_cannot_be_signed_says_why),
		cmocka_unit_test(what_is_too_much_fails),
		cmocka_unit_test(what_has_no_scheme_stays),
		cmocka_unit_test(a_moment_is_like_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
