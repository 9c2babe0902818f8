/* SPDX-License-Identifier: MIT */
#include "update/updater/http.c"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>
#include <cmocka.h>

#include "tests/unit/tlsserver.h"
#include "tests/unit/webserver.h"

#define GOOD "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"

static struct http *http;

static int setup(void **unused)
{
	(void)unused;
	http = http_new();
	return http ? 0 : -1;
}

static int teardown(void **unused)
{
	(void)unused;
	http_free(http);
	return 0;
}

/* start, port unless 0, end: the parts of a URL. */
static struct request make_request(const char *method, const char *start, int port, const char *end)
{
	struct request request = {.kind = REQUEST_HTTP, .http.method = method};

	buf_init(&request.http.url, 4096);
	buf_text(&request.http.url, start);
	if (port)
		buf_printf(&request.http.url, ":%d", port);
	buf_text(&request.http.url, end);
	buf_init(&request.body, REQUEST_BODY_MAX);
	return request;
}

static int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Until it ends, at most 5 s. The call is the caller's, as its body is borrowed. */
static struct http_call *finish(const struct request *request, const struct http_options *options,
				struct ending *ret)
{
	struct http_call *call = http_start(http, request, options);
	int64_t end = clock_ms() + 5000;

	assert_non_null(call);
	while (!http_ended(call, ret)) {
		assert_true(clock_ms() < end);
		http_wait(http, NULL, 0, 100);
	}
	return call;
}

static const struct http_options plain = {.plaintext = true};

/* One GET to a server of that manner. */
static struct http_call *visit(enum manner manner, const char *text, struct ending *ret)
{
	struct webserver *w = webserver_start(manner, text);
	struct request request = make_request("GET", "http://127.0.0.1", w->port, "/path?secret=1");
	struct http_call *call = finish(&request, &plain, ret);

	assert_int_equal(w->n_requests, 1);
	webserver_stop(w);
	provider_request_done(&request);
	return call;
}

static void replies_are_read(void **unused)
{
	static const struct {
		const char *text;
		int status;
		int64_t retry_after_ms;
		const char *body;
	} rows[] = {
		{GOOD, 200, -1, "good"},
		{"HTTP/1.1 200 OK\r\n\r\ngood to the end", 200, -1, "good to the end"},
		{"HTTP/1.0 200 OK\r\n\r\n", 200, -1, ""},
		{"HTTP/1.1 204 None\r\n\r\n", 204, -1, ""},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
		 "chunked\r\n\r\n2\r\ngo\r\n2\r\nod\r\n0\r\n\r\n",
		 200, -1, "good"},
		{"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 7\r\n\r\n"
		 "badauth",
		 401, -1, "badauth"},
		{"HTTP/1.1 429 Slow\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n", 429, 120000,
		 ""},
		{"HTTP/1.1 503 No\r\nretry-after:0\r\nContent-Length: 0\r\n\r\n", 503, 0, ""},
		{"HTTP/1.1 503 No\r\nRetry-After: 99999999999\r\nContent-Length: 0\r\n\r\n", 503,
		 (int64_t)HEADER_RETRY_AFTER_MAX_S * 1000, ""},
		{"HTTP/1.1 503 No\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n", 503, 0, ""},
		{"HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\n911", 500, -1, "911"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ending end;
		struct http_call *call = visit(MANNER_ANSWER, rows[i].text, &end);

		if (end.failed)
			fail_msg("row %zu: %s", i, end.failure.why);
		assert_int_equal(end.reply.kind, REQUEST_HTTP);
		assert_int_equal(end.reply.status, rows[i].status);
		assert_int_equal(end.reply.retry_after_ms, rows[i].retry_after_ms);
		assert_int_equal(end.reply.len, strlen(rows[i].body));
		assert_string_equal(end.reply.body, rows[i].body);
		http_call_free(call);
	}
}

static void a_redirect_is_a_reply_not_an_order(void **unused)
{
	static const char text[] = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/other\r\n"
				   "Content-Length: 0\r\n\r\n";
	struct ending end;

	(void)unused;
	http_call_free(visit(MANNER_ANSWER, text, &end));
	assert_false(end.failed);
	assert_int_equal(end.reply.status, 302);
}

static void misbehaviour_is_told_apart(void **unused)
{
	static const struct {
		const char *what;
		enum manner manner;
		const char *text;
		enum verdict verdict;
		const char *word;
	} rows[] = {
		{"reset before a byte", MANNER_RESET, "", VERDICT_NO_NETWORK, "127.0.0.1"},
		{"closed before a byte", MANNER_ANSWER, "", VERDICT_NO_NETWORK, "without a reply"},
		{"cut within the body", MANNER_ANSWER,
		 "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ngood", VERDICT_RETRY, "cut off"},
		{"reset within the body", MANNER_RESET,
		 "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ngood", VERDICT_RETRY, "cut off"},
		{"cut within a chunk", MANNER_ANSWER,
		 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ngood", VERDICT_RETRY,
		 "cut off"},
		{"body without end", MANNER_FLOOD, "HTTP/1.1 200 OK\r\n\r\n", VERDICT_RETRY,
		 "larger"},
		{"garbage", MANNER_ANSWER, "good 192.0.2.1\n", VERDICT_RETRY, "not understood"},
		{"impossible status", MANNER_ANSWER, "HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n",
		 VERDICT_RETRY, "impossible status"},
		{"bad chunk", MANNER_ANSWER,
		 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\ngood\r\n",
		 VERDICT_RETRY, ""},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ending end;

		http_call_free(visit(rows[i].manner, rows[i].text, &end));
		if (!end.failed || end.failure.verdict != rows[i].verdict ||
		    !strstr(end.failure.why, rows[i].word) || strstr(end.failure.why, "secret"))
			fail_msg("%s: failed %d verdict %d %s", rows[i].what, end.failed,
				 end.failure.verdict, end.failure.why);
	}
}

static void a_reply_may_be_as_large_as_the_cap(void **unused)
{
	static char text[REPLY_BODY_MAX + 200];

	(void)unused;
	for (size_t over = 0; over < 2; over++) {
		size_t body = REPLY_BODY_MAX + over;
		struct ending end;
		int n = snprintf(text, sizeof(text),
				 "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", body);

		memset(text + n, 'x', body);
		text[(size_t)n + body] = '\0';
		http_call_free(visit(MANNER_ANSWER, text, &end));
		assert_int_equal(end.failed, over == 1);
	}
}

static void a_header_without_end_is_cut_short(void **unused)
{
	static char text[HTTP_HEADER_MAX * 2];
	struct ending end;

	(void)unused;
	snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n");
	while (strlen(text) < HTTP_HEADER_MAX + 1000)
		strcat(text, "X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n");
	http_call_free(visit(MANNER_HANG, text, &end));
	assert_true(end.failed);
	assert_int_equal(end.failure.verdict, VERDICT_RETRY);
	assert_non_null(strstr(end.failure.why, "larger"));
}

static void the_request_says_what_it_should(void **unused)
{
	struct webserver *w = webserver_start(MANNER_ANSWER, GOOD);
	struct request request =
		make_request("POST", "http://127.0.0.1", w->port, "/nic/update?a=b");
	struct ending end;

	(void)unused;
	request.http.user = "me";
	request.http.password = "p:w";
	buf_text(&request.body, "x=1");
	http_call_free(finish(&request, &plain, &end));
	assert_false(end.failed);
	assert_non_null(strstr(w->request, "POST /nic/update?a=b HTTP/1.1\r\n"));
	assert_non_null(strstr(w->request, "\r\nAuthorization: Basic bWU6cDp3\r\n"));
	assert_non_null(
		strstr(w->request, "\r\nUser-Agent: nlddns/" VERSION " (+https://nlddns.org)\r\n"));
	assert_non_null(strstr(w->request, "\r\n\r\nx=1"));
	assert_null(strcasestr(w->request, "accept-encoding"));
	assert_null(strcasestr(w->request, "expect:"));
	assert_null(strcasestr(w->request, "cookie"));
	provider_request_done(&request);
	request = make_request("DELETE", "http://127.0.0.1", w->port, "/r");
	http_call_free(finish(&request, &plain, &end));
	assert_non_null(strstr(w->request, "DELETE /r HTTP/1.1\r\n"));
	assert_null(strcasestr(w->request, "authorization"));
	assert_null(strcasestr(w->request, "content-length"));
	webserver_stop(w);
	provider_request_done(&request);
}

static void proxies_of_the_environment_are_not_ours(void **unused)
{
	struct ending end;

	(void)unused;
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	http_call_free(visit(MANNER_ANSWER, GOOD, &end));
	assert_false(end.failed);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
}

static void what_cannot_be_asked_ends_with_words(void **unused)
{
	static const struct http_options bound = {.bind = "nosuchlink0", .plaintext = true},
					 secure = {0};
	static const struct {
		const char *url;
		const struct http_options *options;
		enum verdict verdict;
		const char *word;
	} rows[] = {
		{"http://127.0.0.1:1/", &secure, VERDICT_REFUSED_CONFIG, "allow-plaintext"},
		{"ftp://127.0.0.1:1/", &plain, VERDICT_REFUSED_CONFIG, "correct it"},
		{"file:///etc/passwd", &plain, VERDICT_REFUSED_CONFIG, "correct it"},
		{"http://", &plain, VERDICT_REFUSED_CONFIG, "correct it"},
		{"http://me:pw@127.0.0.1:1/", &plain, VERDICT_REFUSED_CONFIG, "correct it"},
		{"http://127.0.0.1:1/", &plain, VERDICT_NO_NETWORK, "Connection refused"},
		{"http://192.0.2.1/", &bound, VERDICT_NO_NETWORK, "nosuchlink0: No such device"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct request request = make_request("GET", rows[i].url, 0, "");
		struct ending end;

		http_call_free(finish(&request, rows[i].options, &end));
		if (!end.failed || end.failure.verdict != rows[i].verdict ||
		    !strstr(end.failure.why, rows[i].word) || strstr(end.failure.why, "pw"))
			fail_msg("%s: failed %d verdict %d %s", rows[i].url, end.failed,
				 end.failure.verdict, end.failure.why);
		provider_request_done(&request);
	}
}

/* A hanging call neither delays another nor its own end. */
static void calls_do_not_wait_for_each_other(void **unused)
{
	struct webserver *hang = webserver_start(MANNER_HANG, "HTTP/1.1 200 OK\r\n");
	struct request request = make_request("GET", "http://127.0.0.1", hang->port, "/");
	struct http_call *waiting = http_start(http, &request, &plain);
	struct ending end;
	int64_t start = clock_ms();

	(void)unused;
	for (int i = 0; i < 5; i++) {
		http_call_free(visit(MANNER_ANSWER, GOOD, &end));
		assert_false(end.failed);
	}
	assert_false(http_ended(waiting, &end));
	http_call_free(waiting);
	assert_true(clock_ms() - start < 4000);
	webserver_stop(hang);
	provider_request_done(&request);
}

static void no_connection_outlives_its_request(void **unused)
{
	struct webserver *w = webserver_start(MANNER_HANG, GOOD);
	struct request request = make_request("GET", "http://127.0.0.1", w->port, "/");
	struct http_call *call;
	struct ending end;

	(void)unused;
	call = finish(&request, &plain, &end);
	assert_false(end.failed);
	for (int i = 0; i < 200 && !w->was_left; i++)
		poll(NULL, 0, 5);
	assert_true(w->was_left);
	http_call_free(call);
	webserver_stop(w);
	provider_request_done(&request);
}

static void descriptors_of_others_wake_the_wait(void **unused)
{
	struct pollfd fd = {.events = POLLIN};
	int64_t start = clock_ms();
	int pair[2];

	(void)unused;
	assert_int_equal(pipe(pair), 0);
	fd.fd = pair[0];
	http_wait(http, &fd, 1, 50);
	assert_true(clock_ms() - start >= 49);
	assert_int_equal(write(pair[1], "x", 1), 1);
	http_wait(http, &fd, 1, 5000);
	assert_true(clock_ms() - start < 4000);
	close(pair[0]);
	close(pair[1]);
}

static void visit_tls(const struct tlsserver *tls, const char *ca_file, struct ending *ret)
{
	const struct http_options options = {.ca_file = ca_file};
	struct request request = make_request("GET", "https://127.0.0.1", tls->port, "/");

	http_call_free(finish(&request, &options, ret));
	provider_request_done(&request);
}

static void only_trusted_certificates_of_that_name_do(void **unused)
{
	struct tlsserver tls, other;
	struct ending end;
	char cert[64];

	(void)unused;
	if (!tlsserver_start(&tls, "IP:127.0.0.1"))
		skip();
	snprintf(cert, sizeof(cert), "%s/cert", tls.folder);
	visit_tls(&tls, NULL, &end);
	assert_true(end.failed);
	assert_int_equal(end.failure.verdict, VERDICT_NO_NETWORK);
	assert_non_null(strstr(end.failure.why, "not trusted"));
	visit_tls(&tls, cert, &end);
	if (end.failed)
		fail_msg("%s", end.failure.why);
	assert_int_equal(end.reply.status, 200);
	/* what one job trusts, the next does not */
	visit_tls(&tls, NULL, &end);
	assert_true(end.failed);
	visit_tls(&tls, "/nonexistent", &end);
	assert_true(end.failed);
	assert_non_null(strstr(end.failure.why, "ca-file"));
	tlsserver_stop(&tls);
	assert_true(tlsserver_start(&other, "DNS:example.org"));
	snprintf(cert, sizeof(cert), "%s/cert", other.folder);
	visit_tls(&other, cert, &end);
	assert_true(end.failed);
	assert_non_null(strstr(end.failure.why, "not trusted"));
	tlsserver_stop(&other);
}

/* A folder that trusts the certificate, as the system's store would. */
static void make_store(const char *cert, char folder[static 64], char link[static 128])
{
	FILE *file = fopen(cert, "re");
	X509 *x509 = PEM_read_X509(file, NULL, NULL, NULL);

	fclose(file);
	snprintf(folder, 64, "/tmp/nlddns-store-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(link, 128, "%.63s/%08lx.0", folder, X509_subject_name_hash(x509));
	assert_int_equal(symlink(cert, link), 0);
	X509_free(x509);
}

static void a_ca_file_stands_for_the_system_store(void **unused)
{
	const char *path = http->ca_path, *file = http->ca_file;
	char store[64], link[128], cert[64];
	struct tlsserver tls, other;
	struct ending end;

	(void)unused;
	if (!tlsserver_start(&tls, "IP:127.0.0.1"))
		skip();
	assert_true(tlsserver_start(&other, "IP:127.0.0.1"));
	snprintf(cert, sizeof(cert), "%s/cert", tls.folder);
	make_store(cert, store, link);
	http->ca_path = store;
	http->ca_file = NULL;
	visit_tls(&tls, NULL, &end);
	if (end.failed)
		fail_msg("%s", end.failure.why);
	snprintf(cert, sizeof(cert), "%s/cert", other.folder);
	visit_tls(&tls, cert, &end);
	assert_true(end.failed);
	http->ca_path = path;
	http->ca_file = file;
	unlink(link);
	rmdir(store);
	tlsserver_stop(&tls);
	tlsserver_stop(&other);
}

static void plain_http_on_a_tls_port_is_no_tls(void **unused)
{
	struct webserver *w = webserver_start(MANNER_ANSWER, GOOD);
	struct request request = make_request("GET", "https://127.0.0.1", w->port, "/");
	struct ending end;

	(void)unused;
	w->reads = 5; /* a TLS message has no end of header */
	http_call_free(finish(&request, &plain, &end));
	assert_true(end.failed);
	assert_int_equal(end.failure.verdict, VERDICT_NO_NETWORK);
	webserver_stop(w);
	provider_request_done(&request);
}

static void warming_harms_nothing(void **unused)
{
	struct ending end;

	(void)unused;
	http_warm(http);
	http_call_free(visit(MANNER_ANSWER, GOOD, &end));
	assert_false(end.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_read),
		cmocka_unit_test(a_redirect_is_a_reply_not_an_order),
		cmocka_unit_test(misbehaviour_is_told_apart),
		cmocka_unit_test(a_reply_may_be_as_large_as_the_cap),
		cmocka_unit_test(a_header_without_end_is_cut_short),
		cmocka_unit_test(the_request_says_what_it_should),
		cmocka_unit_test(proxies_of_the_environment_are_not_ours),
		cmocka_unit_test(what_cannot_be_asked_ends_with_words),
		cmocka_unit_test(calls_do_not_wait_for_each_other),
		cmocka_unit_test(no_connection_outlives_its_request),
		cmocka_unit_test(descriptors_of_others_wake_the_wait),
		cmocka_unit_test(only_trusted_certificates_of_that_name_do),
		cmocka_unit_test(a_ca_file_stands_for_the_system_store),
		cmocka_unit_test(plain_http_on_a_tls_port_is_no_tls),
		cmocka_unit_test(warming_harms_nothing),
	};

	return cmocka_run_group_tests_name("http", tests, setup, teardown);
}
