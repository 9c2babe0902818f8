/* SPDX-License-Identifier: MIT */
/* The header of a reply, as it comes through the transport; Retry-After is in test_http. */
#include "update/updater/header.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/webserver.h"
#include "update/updater/http.h"

static struct http *http;

/* Whether the server's only reply has so many bytes in the field of that name. */
static bool is_read(const char *text, const char *name, size_t len)
{
	static const struct http_options options = {.plaintext = true};
	struct webserver *w = webserver_start(MANNER_ANSWER, text);
	struct request request = {.kind = REQUEST_HTTP, .http.method = "GET"};
	struct http_call *call;
	struct ending end;
	bool is;

	buf_init(&request.http.url, 100);
	buf_printf(&request.http.url, "http://127.0.0.1:%d/", w->port);
	(void)snprintf(request.http.take, HTTP_TAKE_MAX, "%s", name);
	call = http_start(http, &request, &options);
	assert_non_null(call);
	while (!http_ended(call, &end))
		http_wait(http, NULL, 0, 100);
	assert_false(end.failed);
	is = (end.reply.header ? strlen(end.reply.header) : 0) == len;
	http_call_free(call);
	webserver_stop(w);
	provider_request_done(&request);
	return is;
}

static void one_field_is_read_where_it_is_asked_for(void **unused)
{
	static char texts[2][HTTP_TAKEN_MAX + 100];
	const struct {
		const char *name, *text;
		size_t len; /* of its value; 0: none */
	} rows[] = {
		{"X-Subject-Token", "HTTP/1.1 201 OK\r\nx-subject-token: abc=\r\n\r\n", 4},
		{"X-Subject-Token", "HTTP/1.1 201 OK\r\nX-Subject: abc\r\n\r\n", 0},
		{"X-Subject-Token", "HTTP/1.1 201 OK\r\nX-Subject-Token:\r\n\r\n", 0},
		{"X", "HTTP/1.1 201 OK\r\nX: 1\r\nx: 2\r\n\r\n", 0},
		{"", "HTTP/1.1 201 OK\r\nX: 1\r\n\r\n", 0},
		{"X", texts[0], HTTP_TAKEN_MAX},
		{"X", texts[1], 0},
	};

	(void)unused;
	for (size_t i = 0; i < 2; i++)
		snprintf(texts[i], sizeof(texts[i]), "HTTP/1.1 200 OK\r\nX: %0*d\r\n\r\n",
			 HTTP_TAKEN_MAX + (int)i, 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!is_read(rows[i].text, rows[i].name, rows[i].len))
			fail_msg("row %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_field_is_read_where_it_is_asked_for),
	};
	int rc = -1;

	http = http_new();
	if (http)
		rc = cmocka_run_group_tests(tests, NULL, NULL);
	http_free(http);
	return rc;
}
