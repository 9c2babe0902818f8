/* SPDX-License-Identifier: MIT */
#include "update/updater/exchange.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/responder.h"

static const struct wanted wanted[] = {
	{"a.example.org", RECORD_TYPE_A, {"192.0.2.1"}, 1, 0, false, NULL, NULL, 0},
};

static const struct dns_request update = {
	.op = DNS_OP_UPDATE,
	.name = "example.org",
	.wanted = wanted,
	.n_wanted = 1,
	.ttl = 60,
	.key_name = KEY_NAME,
	.key_algorithm = "hmac-sha256",
	.key_secret = KEY_SECRET,
};

static const struct dns_request soa = {.op = DNS_OP_SOA, .name = "a.example.org"};

#define SOA "example.org. 60 IN SOA ns.example.org. root.example.org. 1 2 3 4 5"

/* Time passes only when there is nothing else to wait for: 250 ms for every 5 real ones. */
static int64_t drive(struct exchange *x, struct ending *ret)
{
	int64_t now = 1000;
	unsigned turns = 0;

	while (!exchange_work(x, now, ret)) {
		struct pollfd fd = exchange_pollfd(x);
		bool idle = !x->connecting && responders_idle();

		assert_true(exchange_due(x) > now);
		assert_true(now < 200000);
		assert_true(++turns < 10000);
		if (poll(&fd, 1, 5) == 0 && idle)
			now += 250;
	}
	return now - 1000;
}

static int64_t ask_servers(const struct dns_request *request, const union resolv_server *servers,
			   size_t n, struct ending *ret)
{
	const struct exchange_question question = {
		.request = request, .servers = servers, .n_servers = n};
	struct exchange *x;
	int64_t took;

	assert_int_equal(exchange_start(&question, 1000, &x), 0);
	took = drive(x, ret);
	exchange_free(x);
	return took;
}

static int64_t ask(struct responder *r, const struct dns_request *request, struct ending *ret)
{
	union resolv_server server;

	assert_int_equal(resolv_parse("127.0.0.1", r->port, &server), 0);
	return ask_servers(request, &server, 1, ret);
}

static void conversations_end_as_they_should(void **unused)
{
	static const struct {
		const char *what;
		const struct dns_request *request;
		struct behaviour how;
		struct {
			bool failed;
			enum verdict verdict;
			int rcode, tsig_error;
			unsigned n_udp, n_tcp;
		} end;
	} rows[] = {
		{"signed answer", &update, {.sign = SIGN_RIGHT}, {.n_udp = 1}},
		{"signed refusal",
		 &update,
		 {.sign = SIGN_RIGHT, .rcode = 5},
		 {.rcode = 5, .n_udp = 1}},
		{"strangers are ignored",
		 &update,
		 {.sign = SIGN_RIGHT, .udp_stranger = true},
		 {.n_udp = 1}},
		{"forged over UDP, right over TCP",
		 &update,
		 {.sign = SIGN_RIGHT, .udp_unsigned = true},
		 {.n_udp = 1, .n_tcp = 1}},
		{"unsigned by both",
		 &update,
		 {.sign = SIGN_NO},
		 {.tsig_error = -1, .n_udp = 1, .n_tcp = 1}},
		{"another key's signature",
		 &update,
		 {.sign = SIGN_WRONG},
		 {.tsig_error = -1, .n_udp = 1, .n_tcp = 1}},
		{"key unknown there",
		 &update,
		 {.unsigned_error = TSIG_BADKEY, .rcode = 9},
		 {.rcode = 9, .tsig_error = TSIG_BADKEY, .n_udp = 1, .n_tcp = 1}},
		{"key unknown, but only by UDP",
		 &update,
		 {.unsigned_error = TSIG_BADKEY, .rcode = 9, .tcp_closes = true},
		 {.rcode = 9, .tsig_error = -1, .n_udp = 1, .n_tcp = 1}},
		{"truncated", &soa, {.udp_truncated = true}, {.n_udp = 1, .n_tcp = 1}},
		{"garbage over UDP", &soa, {.udp_garbage = true}, {.n_udp = 1, .n_tcp = 1}},
		{"TCP only", &soa, {.udp_silent = true}, {.n_udp = 3, .n_tcp = 1}},
		{"silence",
		 &soa,
		 {.udp_silent = true, .tcp_silent = true},
		 {.failed = true, .verdict = VERDICT_NO_NETWORK, .n_udp = 3}},
		{"closed without an answer",
		 &soa,
		 {.udp_silent = true, .tcp_closes = true},
		 {.failed = true, .verdict = VERDICT_NO_NETWORK, .n_udp = 3, .n_tcp = 1}},
		{"cut off",
		 &soa,
		 {.udp_silent = true, .tcp_cut = true},
		 {.failed = true, .verdict = VERDICT_RETRY, .n_udp = 3, .n_tcp = 1}},
		{"garbage over TCP",
		 &soa,
		 {.udp_silent = true, .tcp_garbage = true},
		 {.failed = true, .verdict = VERDICT_RETRY, .n_udp = 3, .n_tcp = 1}},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct responder *r = responder_start(&rows[i].how);
		struct ending end;

		ask(r, rows[i].request, &end);
		if (end.failed != rows[i].end.failed ||
		    (end.failed && (end.failure.verdict != rows[i].end.verdict ||
				    !strstr(end.failure.why, "127.0.0.1"))) ||
		    (!end.failed && (end.reply.rcode != rows[i].end.rcode ||
				     end.reply.tsig_error != rows[i].end.tsig_error)) ||
		    r->n_udp != rows[i].end.n_udp || r->n_tcp != rows[i].end.n_tcp)
			fail_msg("%s: failed %d %s, rcode %d, tsig %d, %u udp, %u tcp",
				 rows[i].what, end.failed, end.failure.why, end.reply.rcode,
				 end.reply.tsig_error, r->n_udp, r->n_tcp);
		responder_stop(r);
	}
}

static void silence_ends_in_time(void **unused)
{
	static const struct behaviour silent = {.udp_silent = true, .tcp_silent = true};
	struct responder *r = responder_start(&silent);
	struct ending end;
	int64_t took = ask(r, &soa, &end);

	(void)unused;
	assert_true(end.failed);
	assert_in_range(took, 6000 + TRANSPORT_CONNECT_MS, TRANSPORT_REQUEST_MS);
	responder_stop(r);
}

static void the_next_server_is_asked(void **unused)
{
	static const struct behaviour silent = {.udp_silent = true}, good = {.answer = {SOA}};
	struct responder *first = responder_start(&silent), *second = responder_start(&good);
	union resolv_server servers[2];
	struct ending end;

	(void)unused;
	resolv_parse("127.0.0.1", first->port, &servers[0]);
	resolv_parse("127.0.0.1", second->port, &servers[1]);
	assert_in_range(ask_servers(&soa, servers, 2, &end), 1000, 1500);
	assert_false(end.failed);
	assert_string_equal(end.reply.zone, "example.org");
	assert_int_equal(first->n_udp, 1);
	assert_int_equal(second->n_udp, 1);
	responder_stop(first);
	responder_stop(second);
}

static void a_refused_port_fails_at_once(void **unused)
{
	static const struct behaviour good = {0};
	struct responder *r = responder_start(&good);
	union resolv_server server;
	struct ending end;

	(void)unused;
	resolv_parse("127.0.0.1", r->port, &server);
	responder_stop(r);
	assert_in_range(ask_servers(&soa, &server, 1, &end), 0, 500);
	assert_true(end.failed);
	assert_int_equal(end.failure.verdict, VERDICT_NO_NETWORK);
	assert_non_null(strstr(end.failure.why, "Connection refused"));
}

static void a_missing_link_is_named(void **unused)
{
	const char *bind = "nosuchlink0";
	union resolv_server server;
	struct exchange_question question = {
		.request = &soa, .bind = bind, .servers = &server, .n_servers = 1};
	struct exchange *x;
	struct ending end;

	(void)unused;
	resolv_parse("192.0.2.1", 53, &server);
	assert_int_equal(exchange_start(&question, 1000, &x), 0);
	assert_int_equal(drive(x, &end), 0);
	assert_true(end.failed);
	assert_non_null(strstr(end.failure.why, bind));
	assert_non_null(strstr(end.failure.why, "No such device"));
	exchange_free(x);
}

static void a_long_question_goes_by_tcp(void **unused)
{
	static const struct behaviour good = {.sign = SIGN_RIGHT};
	struct responder *r = responder_start(&good);
	struct wanted many[20];
	struct dns_request request = update;
	struct ending end;

	(void)unused;
	for (size_t i = 0; i < 20; i++)
		many[i] = wanted[0];
	request.wanted = many;
	request.n_wanted = 20;
	ask(r, &request, &end);
	assert_false(end.failed);
	assert_int_equal(end.reply.tsig_error, 0);
	assert_int_equal(r->n_udp, 0);
	assert_int_equal(r->n_tcp, 1);
	responder_stop(r);
}

static void a_bad_key_is_refused_before_anything_is_sent(void **unused)
{
	struct dns_request request = update;
	union resolv_server server = {0};
	struct exchange_question question = {
		.request = &request, .servers = &server, .n_servers = 1};
	struct exchange *x = NULL;

	(void)unused;
	request.key_algorithm = "hmac-md5";
	assert_int_equal(exchange_start(&question, 1000, &x), -EINVAL);
	assert_null(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conversations_end_as_they_should),
		cmocka_unit_test(silence_ends_in_time),
		cmocka_unit_test(the_next_server_is_asked),
		cmocka_unit_test(a_refused_port_fails_at_once),
		cmocka_unit_test(a_missing_link_is_named),
		cmocka_unit_test(a_long_question_goes_by_tcp),
		cmocka_unit_test(a_bad_key_is_refused_before_anything_is_sent),
	};

	return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
