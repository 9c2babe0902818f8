/* SPDX-License-Identifier: MIT */
#include "update/updater/dns.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/responder.h"

static const struct files no_files = {"/nonexistent", "/nonexistent"};

/* Time passes only when there is nothing else to wait for. */
static void drive(struct dns_call *call, struct ending *ret)
{
	struct pollfd fds[DNS_FDS_MAX];
	int64_t now = 1000;
	unsigned turns = 0;

	assert_non_null(call);
	while (!dns_work(call, now, ret)) {
		size_t n = dns_pollfds(call, fds);
		bool idle = responders_idle();

		assert_true(n > 0);
		assert_true(dns_due(call) > now);
		assert_true(++turns < 10000);
		if (poll(fds, n, 5) == 0 && idle)
			now += 250;
	}
	dns_free(call);
}

static void ask(const struct dns_request *request, const struct files *files, struct ending *ret)
{
	drive(start(request, NULL, files, 1000), ret);
}

static void fill_file(char *path, const char *text)
{
	int fd = mkstemp(path);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void both_families_are_asked_for_and_joined(void **unused)
{
	static const struct behaviour how = {.answer = {"ns.lan. 1 IN A 127.0.0.2",
							"ns.lan. 1 IN A 127.0.0.3",
							"ns.lan. 1 IN AAAA ::1"}};
	struct responder *r = responder_start(&how);
	struct dns_request request = {
		.op = DNS_OP_ADDRESSES, .server = "127.0.0.1", .port = r->port, .name = "ns.lan"};
	struct ending end;

	(void)unused;
	ask(&request, &no_files, &end);
	assert_false(end.failed);
	assert_int_equal(end.reply.kind, REQUEST_DNS);
	assert_string_equal(end.reply.addrs[0], "127.0.0.2");
	assert_string_equal(end.reply.addrs[1], "127.0.0.3");
	assert_string_equal(end.reply.addrs[2], "::1");
	assert_string_equal(end.reply.addrs[3], "");
	assert_int_equal(r->n_udp, 2);
	responder_stop(r);
}

static void the_system_is_asked_where_it_says(void **unused)
{
	static const struct behaviour how = {
		.authority = {"lan. 60 IN SOA ns.lan. root.lan. 1 2 3 4 5"}};
	char path[] = "/tmp/nlddns-dns-XXXXXX";
	const struct files files = {path, "/nonexistent"};
	struct responder *r = responder_start(&how);
	struct dns_request request = {.op = DNS_OP_SOA, .port = r->port, .name = "a.lan"};
	struct ending end;

	(void)unused;
	fill_file(path, "nameserver 127.0.0.1\n");
	ask(&request, &files, &end);
	assert_false(end.failed);
	assert_string_equal(end.reply.zone, "lan");
	assert_string_equal(end.reply.primary, "ns.lan");
	responder_stop(r);
	unlink(path);
}

static void the_hosts_file_comes_first(void **unused)
{
	char path[] = "/tmp/nlddns-dns-XXXXXX";
	const struct files files = {"/nonexistent", path};
	struct dns_request request = {.op = DNS_OP_ADDRESSES, .port = 1, .name = "ns.lan"};
	struct ending end;

	(void)unused;
	fill_file(path, "127.0.0.7 ns.lan\n");
	ask(&request, &files, &end);
	assert_false(end.failed);
	assert_string_equal(end.reply.addrs[0], "127.0.0.7");
	unlink(path);
}

static void what_cannot_be_asked_ends_with_words(void **unused)
{
	static const struct wanted wanted = {"a.b", RECORD_TYPE_A, {"192.0.2.1"}, 1, 0,
					     false, NULL,          NULL,          0};
	static const struct {
		struct dns_request request;
		const char *word;
	} rows[] = {
		{{.op = DNS_OP_SOA, .server = "ns.example.org", .name = "a.b"}, "not an address"},
		{{.op = DNS_OP_SOA, .server = "127.0.0.1", .name = "a..b"}, "check the key"},
		{{.op = DNS_OP_UPDATE,
		  .server = "127.0.0.1",
		  .name = "b",
		  .wanted = &wanted,
		  .n_wanted = 1,
		  .key_name = "k",
		  .key_algorithm = "hmac-md5",
		  .key_secret = KEY_SECRET},
		 "check the key"},
	};
	struct ending end;

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ask(&rows[i].request, &no_files, &end);
		assert_true(end.failed);
		assert_int_equal(end.failure.verdict, VERDICT_REFUSED_CONFIG);
		assert_non_null(strstr(end.failure.why, rows[i].word));
	}
}

static struct ending known(int rcode, size_t n, const char *prefix)
{
	struct ending end = {.reply.rcode = rcode};

	for (size_t i = 0; i < n; i++)
		snprintf(end.reply.addrs[i], ADDRESS_MAX, "%s%zu", prefix, i);
	return end;
}

static void what_is_known_of_one_family_will_do(void **unused)
{
	static const struct ending failed = {.failed = true, .failure = {.why = "x"}};
	struct ending end;

	(void)unused;
	end = failed;
	merge(&end, &(struct ending){.reply.addrs = {"::1"}});
	assert_false(end.failed);
	assert_string_equal(end.reply.addrs[0], "::1");
	end = known(0, 1, "192.0.2.");
	merge(&end, &failed);
	assert_false(end.failed);
	/* no address known, and one family unknown: not known */
	end = failed;
	merge(&end, &(struct ending){.reply.rcode = 3});
	assert_true(end.failed);
	end = known(3, 0, "");
	merge(&end, &failed);
	assert_true(end.failed);
	end = known(3, 0, "");
	merge(&end, &(struct ending){.reply.rcode = 3});
	assert_false(end.failed);
	assert_int_equal(end.reply.rcode, 3);
}

static void the_families_share_the_room(void **unused)
{
	static const struct {
		size_t a, aaaa, left_a, left_aaaa;
	} rows[] = {{0, 8, 0, 8}, {8, 0, 8, 0}, {8, 8, 4, 4}, {8, 2, 6, 2},
		    {2, 8, 2, 6}, {4, 4, 4, 4}, {6, 2, 6, 2}, {6, 3, 5, 3}};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ending a = known(0, rows[i].a, "192.0.2."),
			      aaaa = known(0, rows[i].aaaa, "::");
		size_t n_a = 0, n_aaaa = 0;

		merge(&a, &aaaa);
		for (size_t j = 0; j < WANTED_ADDRS_MAX; j++) {
			n_a += strchr(a.reply.addrs[j], '.') != NULL;
			n_aaaa += strchr(a.reply.addrs[j], ':') != NULL;
		}
		assert_int_equal(n_a, rows[i].left_a);
		assert_int_equal(n_aaaa, rows[i].left_aaaa);
	}
}

static void a_server_is_asked_for_one_type_and_what_is_odd_is_told(void **unused)
{
	static const struct {
		struct wanted wanted;
		struct behaviour how;
		bool odd;
	} rows[] = {
		{{.type = RECORD_TYPE_A, .addrs = {"8.8.8.8"}, .n_addrs = 1},
		 {.answer = {"a.b. 60 IN A 8.8.4.4"}},
		 false},
		{{.type = RECORD_TYPE_A, .addrs = {"8.8.8.8"}, .n_addrs = 1},
		 {.answer = {"a.b. 60 IN A 8.8.4.4", "a.b. 60 IN A 192.168.0.1"}},
		 true},
		{{.type = RECORD_TYPE_A, .addrs = {"8.8.8.8"}, .n_addrs = 1},
		 {.answer = {"a.b. 60 IN A 100.64.0.1"}},
		 true},
		{{.type = RECORD_TYPE_A, .addrs = {"10.0.0.1"}, .n_addrs = 1},
		 {.answer = {"a.b. 60 IN A 192.168.0.1"}},
		 false},
		{{.type = RECORD_TYPE_A, .addrs = {"192.0.2.1"}, .n_addrs = 1},
		 {.answer = {"a.b. 60 IN A 8.8.8.8"}},
		 false},
		{{.type = RECORD_TYPE_AAAA, .addrs = {"2606:4700::1"}, .n_addrs = 1},
		 {.answer = {"a.b. 60 IN AAAA fd00::1"}},
		 true},
		{{.type = RECORD_TYPE_A}, {.answer = {"a.b. 60 IN A 127.0.0.1"}}, true},
		{{.type = RECORD_TYPE_A}, {.rcode = 3}, false},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct responder *r = responder_start(&rows[i].how);
		struct dns_request request = {.op = DNS_OP_RRSET,
					      .server = "127.0.0.1",
					      .port = r->port,
					      .name = "a.b",
					      .wanted = &rows[i].wanted,
					      .n_wanted = 1};
		struct ending end;

		ask(&request, &no_files, &end);
		assert_false(end.failed);
		if (end.reply.odd != rows[i].odd || r->n_udp != 1)
			fail_msg("row %zu", i);
		if (rows[i].how.answer[0])
			assert_string_not_equal(end.reply.addrs[0], "");
		responder_stop(r);
	}
}

static void addresses_with_a_route_come_first(void **unused)
{
	/* no route ever leads to 255.255.255.255 but a broadcast one, which connect refuses */
	struct reply reply = {.addrs = {"255.255.255.255", "127.0.0.1", "junk", "127.0.0.2"}};

	(void)unused;
	sort_reachable(&reply, NULL);
	assert_string_equal(reply.addrs[0], "127.0.0.1");
	assert_string_equal(reply.addrs[1], "127.0.0.2");
	assert_string_equal(reply.addrs[2], "255.255.255.255");
	assert_string_equal(reply.addrs[3], "junk");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_families_are_asked_for_and_joined),
		cmocka_unit_test(the_system_is_asked_where_it_says),
		cmocka_unit_test(the_hosts_file_comes_first),
		cmocka_unit_test(what_cannot_be_asked_ends_with_words),
		cmocka_unit_test(what_is_known_of_one_family_will_do),
		cmocka_unit_test(the_families_share_the_room),
		cmocka_unit_test(a_server_is_asked_for_one_type_and_what_is_odd_is_told),
		cmocka_unit_test(addresses_with_a_route_come_first),
	};

	return cmocka_run_group_tests_name("dns", tests, NULL, NULL);
}
