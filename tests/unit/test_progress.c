/* SPDX-License-Identifier: MIT */
#include "update/updater/progress.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct setting settings[] = {
	{.name = "url", .type = SETTING_URL},
	{.name = "token", .type = SETTING_SECRET},
	{.name = "pin", .type = SETTING_SECRET},
	{0},
};

static const struct provider provider = {.name = "fake", .settings = settings};

static const struct value values[] = {
	{"url", "https://host.example/"}, {"token", "se cret/1"}, {"pin", "123"}};

static const struct job job = {.provider = &provider, .values = values, .n_values = 3};

static void http_shows_method_scheme_and_host(void **unused)
{
	static const struct {
		const char *url, *text;
	} rows[] = {
		{"https://host.example/nic/update?hostname=a", "GET https://host.example"},
		{"http://host.example:8443?q", "GET http://host.example:8443"},
		{"https://me:pw@host.example/p#f", "GET https://host.example"},
		{"https://host.example/a@b/c?x", "GET https://host.example"},
		{"https://host.example?u=https://x@y/", "GET https://host.example"},
		{"https://[2001:db8::1]:8443/t0ken", "GET https://[2001:db8::1]:8443"},
		{"https://x.se%20cret%2F1.example/", "GET https://x.*************.example"},
		{"host.example/x", "GET host.example"},
		{"", "GET "},
	};
	char text[256];

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct request request = {.kind = REQUEST_HTTP, .http.method = "GET"};

		buf_init(&request.http.url, 1024);
		buf_text(&request.http.url, rows[i].url);
		progress_describe(&job, &request, text, sizeof(text));
		assert_string_equal(text, rows[i].text);
		provider_request_done(&request);
	}
}

static void dns_shows_name_and_server(void **unused)
{
	struct request request = {.kind = REQUEST_DNS,
				  .dns = {.op = DNS_OP_UPDATE,
					  .name = "example.org",
					  .server = "192.0.2.53",
					  .key_secret = "secret"}};
	char text[256];

	(void)unused;
	progress_describe(&job, &request, text, sizeof(text));
	assert_string_equal(text, "UPDATE example.org at 192.0.2.53");
	request.dns.op = DNS_OP_SOA;
	request.dns.server[0] = '\0';
	progress_describe(&job, &request, text, sizeof(text));
	assert_string_equal(text, "SOA example.org at the system's resolver");
}

static void a_long_url_is_cut(void **unused)
{
	struct request request = {.kind = REQUEST_HTTP, .http.method = "GET"};
	char text[32];

	(void)unused;
	buf_init(&request.http.url, 1024);
	buf_text(&request.http.url, "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example/");
	progress_describe(&job, &request, text, sizeof(text));
	assert_string_equal(text, "GET https://aaaaaaaaaaaaaaaaaaa");
	provider_request_done(&request);
}

static void every_place_of_a_secret_is_covered(void **unused)
{
	char text[] = "se cret/1 and se cret/1, 123";

	(void)unused;
	progress_hide(&job, text);
	assert_string_equal(text, "********* and *********, 123");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_shows_method_scheme_and_host),
		cmocka_unit_test(dns_shows_name_and_server),
		cmocka_unit_test(a_long_url_is_cut),
		cmocka_unit_test(every_place_of_a_secret_is_covered),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
