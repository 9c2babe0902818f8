/* SPDX-License-Identifier: MIT */
#include "update/updater/web.c"

#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <cmocka.h>

#include "tests/unit/webserver.h"

#define GOOD "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"

/* Stands in for the DNS transport: what it was asked, and what it says at the second look. */
static struct {
	unsigned n_started, n_freed;
	struct dns_request request;
	char bind[16];
	int looks;
	struct ending says;
} dns;

struct dns_call *dns_start(const struct dns_request *request, const char *bind, int64_t now)
{
	(void)now;
	dns.n_started++;
	dns.request = *request;
	snprintf(dns.bind, sizeof(dns.bind), "%s", bind);
	dns.looks = 0;
	return (struct dns_call *)&dns;
}

bool dns_work(struct dns_call *call, int64_t now, struct ending *ret_ending)
{
	(void)call;
	(void)now;
	if (dns.looks++ == 0)
		return false;
	*ret_ending = dns.says;
	return true;
}

size_t dns_pollfds(const struct dns_call *call, struct pollfd ret[static DNS_FDS_MAX])
{
	(void)call;
	ret[0] = (struct pollfd){.fd = -1};
	return 1;
}

int64_t dns_due(const struct dns_call *call)
{
	(void)call;
	return 77;
}

void dns_free(struct dns_call *call)
{
	dns.n_freed += call ? 1 : 0;
}

static struct http *http;

static int start_http(void **unused)
{
	(void)unused;
	http = http_new();
	return http ? 0 : -1;
}

static int stop_http(void **unused)
{
	(void)unused;
	http_free(http);
	return 0;
}

static int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* One request until its end. body: of a reply, cut to 16 bytes. */
static struct ending visit(const char *host, uint16_t port, const char *bind, char body[16])
{
	const struct http_options options = {.bind = bind, .plaintext = true};
	struct request request = {.kind = REQUEST_HTTP, .http.method = "GET"};
	int64_t end = clock_ms() + 5000;
	struct web_call *call;
	struct ending ending;

	buf_init(&request.http.url, 1024);
	buf_printf(&request.http.url, "http://%s:%d/path", host, port);
	call = web_start(http, &request, &options, clock_ms());
	assert_non_null(call);
	while (!web_work(call, clock_ms(), &ending)) {
		assert_true(clock_ms() < end);
		http_wait(http, NULL, 0, 10);
	}
	snprintf(body, 16, "%s", ending.failed ? "" : ending.reply.body);
	web_free(call);
	provider_request_done(&request);
	return ending;
}

static void answer_with(const char *first, const char *second)
{
	dns.says = (struct ending){0};
	dns.n_started = dns.n_freed = 0;
	snprintf(dns.says.reply.addrs[0], ADDRESS_MAX, "%s", first);
	snprintf(dns.says.reply.addrs[1], ADDRESS_MAX, "%s", second);
}

static void host_of_a_bound_request_is_asked_for_by_its_link(void **unused)
{
	static const char *const hosts[] = {"host.invalid", "Host.Invalid", "host.invalid."};
	struct webserver *w = webserver_start(MANNER_ANSWER, GOOD);
	char body[16];

	(void)unused;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		/* the first address refuses */
		answer_with("::1", "127.0.0.1");
		visit(hosts[i], w->port, "wan1", body);
		assert_string_equal(body, "good");
		assert_non_null(strstr(w->request, hosts[i]));
		assert_int_equal(dns.n_started, 1);
		assert_int_equal(dns.n_freed, 1);
		assert_int_equal(dns.request.op, DNS_OP_ADDRESSES);
		assert_string_equal(dns.request.name, hosts[i]);
		assert_string_equal(dns.request.server, "");
		assert_string_equal(dns.bind, "wan1");
	}
	webserver_stop(w);
}

static void others_are_not(void **unused)
{
	static const struct {
		const char *host, *bind;
	} rows[] = {{"127.0.0.1", "wan1"}, {"localhost", NULL}, {"127.0.0.1", NULL}};
	struct webserver *w = webserver_start(MANNER_ANSWER, GOOD);
	char body[16];

	(void)unused;
	answer_with("127.0.0.1", "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		visit(rows[i].host, w->port, rows[i].bind, body);
		assert_string_equal(body, "good");
	}
	assert_int_equal(dns.n_started, 0);
	webserver_stop(w);
}

/* What one link's resolver says of a name is not what another's does. */
static void addresses_found_serve_one_request(void **unused)
{
	struct webserver *w = webserver_start(MANNER_ANSWER, GOOD);
	struct ending ending;
	char body[16];

	(void)unused;
	answer_with("127.0.0.1", "");
	visit("host.invalid", w->port, "wan1", body);
	assert_string_equal(body, "good");
	ending = visit("host.invalid", w->port, NULL, body);
	assert_true(ending.failed);
	assert_non_null(strstr(ending.failure.why, "cannot resolve host.invalid"));
	answer_with("127.0.0.9", "");
	ending = visit("host.invalid", w->port, "wan1", body);
	assert_true(ending.failed);
	assert_non_null(strstr(ending.failure.why, "by link wan1: Connection refused"));
	assert_int_equal(w->n_requests, 1);
	webserver_stop(w);
}

static void without_addresses_it_ends_with_words(void **unused)
{
	static const struct {
		struct ending says;
		enum verdict verdict;
		const char *why;
	} rows[] = {
		{{.reply.rcode = 3},
		 VERDICT_NO_NETWORK,
		 "cannot resolve host.invalid by link wan1: is the name right"},
		{{.failed = true,
		  .failure = {.verdict = VERDICT_NO_NETWORK, .why = "by link wan1: no answer"}},
		 VERDICT_NO_NETWORK,
		 "cannot resolve host.invalid: by link wan1: no answer"},
		{{.failed = true, .failure = {.verdict = VERDICT_RETRY, .why = "garbage"}},
		 VERDICT_NO_NETWORK,
		 "cannot resolve host.invalid: garbage"},
		{{.failed = true,
		  .failure = {.verdict = VERDICT_REFUSED_CONFIG, .why = "check the key"}},
		 VERDICT_REFUSED_CONFIG,
		 "the URL's host host.invalid is no name"},
	};
	char body[16];

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ending ending;

		answer_with("", "");
		dns.says = rows[i].says;
		ending = visit("host.invalid", 1, "wan1", body);
		if (!ending.failed || ending.failure.verdict != rows[i].verdict ||
		    strncmp(ending.failure.why, rows[i].why, strlen(rows[i].why)) != 0)
			fail_msg("row %zu: %d %s", i, ending.failure.verdict, ending.failure.why);
		assert_int_equal(dns.n_freed, 1);
	}
}

static void it_waits_for_what_it_asked(void **unused)
{
	const struct http_options options = {.bind = "wan1", .plaintext = true};
	struct request request = {.kind = REQUEST_HTTP, .http.method = "GET"};
	struct pollfd fds[DNS_FDS_MAX];
	struct web_call *call;

	(void)unused;
	answer_with("", "");
	buf_init(&request.http.url, 64);
	buf_text(&request.http.url, "http://host.invalid/");
	call = web_start(http, &request, &options, 1);
	assert_int_equal(web_pollfds(call, fds), 1);
	assert_int_equal(web_due(call), 77);
	web_free(call);
	assert_int_equal(dns.n_freed, 1);
	provider_request_done(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_of_a_bound_request_is_asked_for_by_its_link),
		cmocka_unit_test(others_are_not),
		cmocka_unit_test(addresses_found_serve_one_request),
		cmocka_unit_test(without_addresses_it_ends_with_words),
		cmocka_unit_test(it_waits_for_what_it_asked),
	};

	return cmocka_run_group_tests_name("web", tests, start_http, stop_http);
}
