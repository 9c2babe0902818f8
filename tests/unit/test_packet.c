/* SPDX-License-Identifier: MIT */
#include "update/updater/packet.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/responder.h"

#define NOW 1700000000

static struct packet build(const struct dns_request *request, enum record_type type)
{
	struct packet packet;

	assert_int_equal(packet_build(request, type, 0x1234, &packet), 0);
	return packet;
}

/* The message as ldns prints its sections. */
static void check_text(const struct packet *packet, const char *const *lines)
{
	ldns_pkt *pkt;
	char *text;

	assert_int_equal(ldns_wire2pkt(&pkt, packet->wire, packet->len), LDNS_STATUS_OK);
	assert_int_equal(ldns_pkt_id(pkt), 0x1234);
	text = ldns_rr_list2str(ldns_pkt_authority(pkt));
	for (; *lines; lines++)
		if (!strstr(text, *lines))
			fail_msg("no \"%s\" in:\n%s", *lines, text);
	free(text);
	ldns_pkt_free(pkt);
}

static const struct wanted wanted[] = {
	{"a.example.org", RECORD_TYPE_A, {"192.0.2.1", "192.0.2.2"}, 2, 0, false, NULL, NULL, 0},
	{"a.example.org", RECORD_TYPE_AAAA, {"2001:db8::1"}, 1, 300, false, NULL, NULL, 0},
	{"*.b.example.org", RECORD_TYPE_A, {0}, 0, 0, false, NULL, NULL, 0},
};

static const struct dns_request update = {
	.op = DNS_OP_UPDATE,
	.name = "example.org",
	.wanted = wanted,
	.n_wanted = 3,
	.ttl = 60,
};

static void an_update_replaces_each_rrset_and_nothing_else(void **unused)
{
	static const char *const lines[] = {
		"a.example.org.\t0\tANY\tA\t",
		"a.example.org.\t60\tIN\tA\t192.0.2.1\n",
		"a.example.org.\t60\tIN\tA\t192.0.2.2\n",
		"a.example.org.\t0\tANY\tAAAA\t",
		"a.example.org.\t300\tIN\tAAAA\t2001:db8::1\n",
		"*.b.example.org.\t0\tANY\tA\t",
		NULL,
	};
	struct packet packet = build(&update, RECORD_TYPE_A);
	ldns_pkt *pkt;
	ldns_rr *zone;

	(void)unused;
	check_text(&packet, lines);
	assert_int_equal(ldns_wire2pkt(&pkt, packet.wire, packet.len), LDNS_STATUS_OK);
	assert_int_equal(ldns_pkt_get_opcode(pkt), LDNS_PACKET_UPDATE);
	assert_false(ldns_pkt_rd(pkt));
	assert_int_equal(ldns_pkt_ancount(pkt), 0);
	assert_int_equal(ldns_pkt_nscount(pkt), 6);
	assert_int_equal(ldns_pkt_arcount(pkt), 0);
	zone = ldns_rr_list_rr(ldns_pkt_question(pkt), 0);
	assert_int_equal(ldns_rr_get_type(zone), LDNS_RR_TYPE_SOA);
	ldns_pkt_free(pkt);
	packet_done(&packet);
}

static void questions_ask_for_what_they_should(void **unused)
{
	static const struct {
		struct dns_request request;
		enum record_type type;
		ldns_rr_type asked;
		bool recursive;
	} rows[] = {
		{{.op = DNS_OP_SOA, .name = "a.b"}, RECORD_TYPE_A, LDNS_RR_TYPE_SOA, true},
		{{.op = DNS_OP_SERVERS, .name = "a.b"}, RECORD_TYPE_A, LDNS_RR_TYPE_NS, true},
		{{.op = DNS_OP_ADDRESSES, .name = "a.b"}, RECORD_TYPE_A, LDNS_RR_TYPE_A, true},
		{{.op = DNS_OP_ADDRESSES, .name = "a.b"},
		 RECORD_TYPE_AAAA,
		 LDNS_RR_TYPE_AAAA,
		 true},
		{{.op = DNS_OP_RRSET, .name = "*.b"}, RECORD_TYPE_A, LDNS_RR_TYPE_A, false},
		{{.op = DNS_OP_RRSET, .name = "a.b"}, RECORD_TYPE_AAAA, LDNS_RR_TYPE_AAAA, false},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct packet packet = build(&rows[i].request, rows[i].type);
		ldns_pkt *pkt;

		assert_int_equal(ldns_wire2pkt(&pkt, packet.wire, packet.len), LDNS_STATUS_OK);
		assert_int_equal(ldns_pkt_rd(pkt), rows[i].recursive);
		assert_int_equal(ldns_pkt_get_opcode(pkt), LDNS_PACKET_QUERY);
		assert_int_equal(ldns_rr_get_type(ldns_rr_list_rr(ldns_pkt_question(pkt), 0)),
				 rows[i].asked);
		ldns_pkt_free(pkt);
		packet_done(&packet);
	}
}

static void what_is_no_name_or_address_is_refused(void **unused)
{
	static const struct wanted odd[] = {
		{"a..b", RECORD_TYPE_A, {"192.0.2.1"}, 1, 0, false, NULL, NULL, 0},
		{"a.b", RECORD_TYPE_A, {"2001:db8::1"}, 1, 0, false, NULL, NULL, 0},
		{"a.b", RECORD_TYPE_AAAA, {"192.0.2.1"}, 1, 0, false, NULL, NULL, 0},
	};
	struct packet packet;
	struct dns_request request = update;

	(void)unused;
	request.n_wanted = 1;
	for (size_t i = 0; i < 3; i++) {
		request.wanted = &odd[i];
		assert_int_equal(packet_build(&request, RECORD_TYPE_A, 1, &packet), -EINVAL);
	}
	request = (struct dns_request){.op = DNS_OP_SOA, .name = "a..b"};
	assert_int_equal(packet_build(&request, RECORD_TYPE_A, 1, &packet), -EINVAL);
}

/* The reading of what a server of that behaviour answers. */
static enum packet_finding converse(const struct dns_request *request, enum record_type type,
				    const struct behaviour *how, struct reply *ret)
{
	struct packet packet = build(request, type);
	enum packet_finding finding;
	uint8_t *bytes;
	size_t len;

	bytes = responder_answer(how, true, packet.wire, packet.len, &len);
	finding = packet_read(request, type, &packet, (uint64_t)time(NULL), bytes, len, ret);
	free(bytes);
	packet_done(&packet);
	return finding;
}

#define SOA_OF(zone) zone " 60 IN SOA NS.Example.org. root.example.org. 1 2 3 4 5"

static void the_zone_is_found_in_either_section(void **unused)
{
	static const struct {
		struct behaviour how;
		const char *zone, *primary;
	} rows[] = {
		{{.answer = {SOA_OF("A.example.org.")}}, "a.example.org", "ns.example.org"},
		{{.authority = {SOA_OF("Example.ORG.")}}, "example.org", "ns.example.org"},
		{{.rcode = 3, .authority = {SOA_OF("example.org.")}},
		 "example.org",
		 "ns.example.org"},
		{{.authority = {SOA_OF("org.")}}, "org", "ns.example.org"},
		/* an alias leads elsewhere: not this name's zone */
		{{.answer = {"a.example.org. 60 IN CNAME x.example.net.",
			     SOA_OF("x.example.net.")}},
		 "",
		 ""},
		{{.authority = {SOA_OF("example.net.")}}, "", ""},
		{{.authority = {SOA_OF("b.a.example.org.")}}, "", ""},
		{{.authority = {SOA_OF("ample.org.")}}, "", ""},
		{{.authority = {"example.org. 60 IN NS ns.example.org."}}, "", ""},
		{{.authority = {SOA_OF("a\\046b.example.org.")}}, "", ""},
		{{.rcode = 2}, "", ""},
	};
	static const struct dns_request soa = {.op = DNS_OP_SOA, .name = "a.example.org"};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reply reply;

		if (converse(&soa, RECORD_TYPE_A, &rows[i].how, &reply) != PACKET_ANSWER ||
		    reply.rcode != rows[i].how.rcode || strcmp(reply.zone, rows[i].zone) != 0 ||
		    strcmp(reply.primary, rows[i].primary) != 0)
			fail_msg("row %zu: %s %s", i, reply.zone, reply.primary);
	}
}

static void addresses_are_those_of_the_name(void **unused)
{
	static const struct {
		enum record_type type;
		struct behaviour how;
		const char *addrs[3];
	} rows[] = {
		{RECORD_TYPE_A,
		 {.answer = {"NS.example.org. 60 IN A 192.0.2.1",
			     "ns.example.org. 60 IN A 192.0.2.2",
			     "other.example.org. 60 IN A 192.0.2.3"}},
		 {"192.0.2.1", "192.0.2.2"}},
		{RECORD_TYPE_AAAA,
		 {.answer = {"ns.example.org. 60 IN AAAA 2001:db8::1",
			     "ns.example.org. 60 IN A 192.0.2.1"}},
		 {"2001:db8::1"}},
		{RECORD_TYPE_A,
		 {.answer = {"ns.example.org. 60 IN CNAME b.net.", "b.net. 60 IN CNAME c.net.",
			     "c.net. 60 IN A 192.0.2.9"}},
		 {"192.0.2.9"}},
		{RECORD_TYPE_A,
		 {.answer = {"ns.example.org. 60 IN CNAME ns.example.org."}},
		 {NULL}},
		{RECORD_TYPE_A, {.rcode = 3}, {NULL}},
	};
	static const struct dns_request ask = {.op = DNS_OP_ADDRESSES, .name = "ns.example.org"};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reply reply;

		assert_int_equal(converse(&ask, rows[i].type, &rows[i].how, &reply), PACKET_ANSWER);
		assert_int_equal(reply.rcode, rows[i].how.rcode);
		for (size_t j = 0; j < 3; j++)
			assert_string_equal(reply.addrs[j],
					    rows[i].addrs[j] ? rows[i].addrs[j] : "");
	}
}

static void more_addresses_than_fit_are_left(void **unused)
{
	static const struct behaviour how = {
		.answer = {"a.b. 60 IN A 192.0.2.1", "a.b. 60 IN A 192.0.2.2",
			   "a.b. 60 IN A 192.0.2.3", "a.b. 60 IN A 192.0.2.4",
			   "a.b. 60 IN A 192.0.2.5", "a.b. 60 IN A 192.0.2.6",
			   "a.b. 60 IN A 192.0.2.7", "a.b. 60 IN A 192.0.2.8",
			   "a.b. 60 IN A 192.0.2.9"}};
	static const struct dns_request ask = {.op = DNS_OP_ADDRESSES, .name = "a.b"};
	struct reply reply;

	(void)unused;
	assert_int_equal(converse(&ask, RECORD_TYPE_A, &how, &reply), PACKET_ANSWER);
	assert_string_equal(reply.addrs[WANTED_ADDRS_MAX - 1], "192.0.2.8");
}

static void servers_are_those_of_the_zone(void **unused)
{
	static const struct behaviour how = {
		.answer = {"example.org. 60 IN NS NS1.example.org.",
			   "sub.example.org. 60 IN NS ns.sub.example.org.",
			   "example.org. 60 IN A 192.0.2.1", "example.org. 60 IN NS a\\046b.net.",
			   "example.org. 60 IN NS ns2.example.net.", "example.org. 60 IN NS c.net.",
			   "example.org. 60 IN NS d.net.", "example.org. 60 IN NS e.net."},
		.authority = {"example.org. 60 IN NS f.net."}};
	static const struct dns_request ask = {.op = DNS_OP_SERVERS, .name = "example.org"};
	static const char *const hosts[ZONE_SERVERS_MAX] = {"ns1.example.org", "ns2.example.net",
							    "c.net", "d.net"};
	struct reply reply;

	(void)unused;
	assert_int_equal(converse(&ask, RECORD_TYPE_A, &how, &reply), PACKET_ANSWER);
	for (size_t i = 0; i < ZONE_SERVERS_MAX; i++)
		assert_string_equal(reply.hosts[i], hosts[i]);
}

#define HELD(data) "a.example.org. 60 IN A 192.0.2." data

static void what_a_server_holds_is_read_with_all_its_marks(void **unused)
{
	static const struct {
		struct behaviour how;
		bool alias, more;
		unsigned ttl;
		const char *addrs[3];
	} rows[] = {
		{.how = {.authoritative = true,
			 .answer = {"A.example.org. 300 IN A 192.0.2.2", HELD("1"),
				    "b.example.org. 1 IN A 192.0.2.3"}},
		 .ttl = 60,
		 .addrs = {"192.0.2.2", "192.0.2.1"}},
		{.how = {.authoritative = true, .rcode = 3}},
		/* a referral, and what a resolver remembers */
		{.how = {.authority = {"example.org. 60 IN NS ns.example.org."}}},
		{.how = {.answer = {HELD("1")}}, .ttl = 60, .addrs = {"192.0.2.1"}},
		/* the alias's addresses are not the name's */
		{.how = {.answer = {"a.example.org. 60 IN CNAME b.example.org.",
				    "b.example.org. 60 IN A 192.0.2.1"}},
		 .alias = true},
		{.how = {.answer = {"example.org. 60 IN DNAME example.net."}}, .alias = true},
		/* RFC 2181, section 8 */
		{.how = {.answer = {"a.example.org. 2147483648 IN A 192.0.2.1"}},
		 .addrs = {"192.0.2.1"}},
		{.how = {.answer = {HELD("1"), HELD("2"), HELD("3"), HELD("4"), HELD("5"),
				    HELD("6"), HELD("7"), HELD("8"), HELD("9")}},
		 .more = true,
		 .ttl = 60,
		 .addrs = {"192.0.2.1", "192.0.2.2", "192.0.2.3"}},
	};
	static const struct dns_request ask = {.op = DNS_OP_RRSET, .name = "a.example.org"};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reply reply;

		assert_int_equal(converse(&ask, RECORD_TYPE_A, &rows[i].how, &reply),
				 PACKET_ANSWER);
		if (reply.rcode != rows[i].how.rcode || reply.alias != rows[i].alias ||
		    reply.more != rows[i].more || reply.ttl != rows[i].ttl ||
		    reply.authoritative != rows[i].how.authoritative)
			fail_msg("row %zu", i);
		for (size_t j = 0; j < 3; j++)
			assert_string_equal(reply.addrs[j],
					    rows[i].addrs[j] ? rows[i].addrs[j] : "");
	}
}

static void what_is_no_answer_is_told_apart(void **unused)
{
	static const struct dns_request soa = {.op = DNS_OP_SOA, .name = "a.example.org"};
	static const struct behaviour plain = {0};
	struct packet packet = build(&soa, RECORD_TYPE_A);
	struct reply reply;
	uint8_t *good;
	size_t len;

	(void)unused;
	good = responder_answer(&plain, true, packet.wire, packet.len, &len);
	static const struct {
		size_t at;
		uint8_t bits;
		enum packet_finding finding;
	} rows[] = {
		{0, 0x00, PACKET_ANSWER},    {0, 0x01, PACKET_FOREIGN},
		{1, 0x80, PACKET_FOREIGN},   {2, 0x80, PACKET_FOREIGN},  /* QR */
		{2, 0x28, PACKET_FOREIGN},                               /* opcode */
		{2, 0x02, PACKET_TRUNCATED}, {13, 0x01, PACKET_FOREIGN}, /* name */
		{5, 0x02, PACKET_GARBAGE},                               /* three questions */
		{12, 0x40, PACKET_GARBAGE},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		good[rows[i].at] ^= rows[i].bits;
		assert_int_equal(packet_read(&soa, RECORD_TYPE_A, &packet, NOW, good, len, &reply),
				 rows[i].finding);
		good[rows[i].at] ^= rows[i].bits;
	}
	/* the same name, another type */
	good[len - 3] ^= 1;
	assert_int_equal(packet_read(&soa, RECORD_TYPE_A, &packet, NOW, good, len, &reply),
			 PACKET_FOREIGN);
	assert_int_equal(packet_read(&soa, RECORD_TYPE_A, &packet, NOW, good, 11, &reply),
			 PACKET_FOREIGN);
	free(good);
	packet_done(&packet);
}

static void an_empty_answer_to_an_update_is_one(void **unused)
{
	struct packet packet = build(&update, RECORD_TYPE_A);
	uint8_t header[12] = {0x12, 0x34, 0xa8, 0x05};
	static const struct dns_request soa = {.op = DNS_OP_SOA, .name = "a.b"};
	struct packet question = build(&soa, RECORD_TYPE_A);
	struct reply reply;

	(void)unused;
	assert_int_equal(packet_read(&update, RECORD_TYPE_A, &packet, NOW, header, 12, &reply),
			 PACKET_ANSWER);
	assert_int_equal(reply.rcode, 5);
	header[2] = 0x80;
	assert_int_equal(packet_read(&soa, RECORD_TYPE_A, &question, NOW, header, 12, &reply),
			 PACKET_FOREIGN);
	header[3] = 1; /* FORMERR */
	assert_int_equal(packet_read(&soa, RECORD_TYPE_A, &question, NOW, header, 12, &reply),
			 PACKET_ANSWER);
	packet_done(&packet);
	packet_done(&question);
}

static void a_signed_question_wants_a_signed_answer(void **unused)
{
	static const struct behaviour right = {.sign = SIGN_RIGHT}, wrong = {.sign = SIGN_WRONG},
				      none = {0};
	struct dns_request request = update;
	struct reply reply;

	(void)unused;
	request.key_name = KEY_NAME;
	request.key_algorithm = "hmac-sha512";
	request.key_secret = KEY_SECRET;
	assert_int_equal(converse(&request, RECORD_TYPE_A, &right, &reply), PACKET_ANSWER);
	assert_int_equal(reply.tsig_error, 0);
	assert_int_equal(converse(&request, RECORD_TYPE_A, &wrong, &reply), PACKET_UNSIGNED);
	assert_int_equal(reply.tsig_error, -1);
	assert_int_equal(converse(&request, RECORD_TYPE_A, &none, &reply), PACKET_UNSIGNED);
	assert_int_equal(reply.tsig_error, -1);
}

/* Every record there may be in a job, with names as long as they may be. */
static void what_fits_no_message_is_refused(void **unused)
{
	static struct wanted many[JOB_WANTED_MAX];
	static char names[JOB_WANTED_MAX][DNS_NAME_MAX];
	struct dns_request request = update;
	struct packet packet;

	(void)unused;
	for (size_t i = 0; i < JOB_WANTED_MAX; i++) {
		for (size_t at = 0; at < DNS_NAME_MAX - 1; at++)
			names[i][at] = at % 50 == 49 ? '.' : 'a';
		/* none is the end of another: nothing to point to */
		names[i][DNS_NAME_MAX - 2] = (char)('0' + i % 10);
		names[i][DNS_NAME_MAX - 3] = (char)('a' + i / 10);
		many[i] = (struct wanted){
			names[i], RECORD_TYPE_AAAA, {0}, WANTED_ADDRS_MAX, 0, false, NULL, NULL, 0};
		for (size_t j = 0; j < WANTED_ADDRS_MAX; j++)
			many[i].addrs[j] = "2001:db8::1";
	}
	request.wanted = many;
	request.n_wanted = JOB_WANTED_MAX;
	for (int signed_too = 0; signed_too < 2; signed_too++) {
		request.key_name = signed_too ? KEY_NAME : NULL;
		request.key_algorithm = "hmac-sha256";
		request.key_secret = KEY_SECRET;
		assert_int_equal(packet_build(&request, RECORD_TYPE_A, 1, &packet), -EMSGSIZE);
	}
}

static void random_answers_are_survived(void **unused)
{
	static const struct dns_request soa = {.op = DNS_OP_SOA, .name = "a.example.org"};
	static const struct behaviour how = {.answer = {SOA_OF("a.example.org.")},
					     .authority = {SOA_OF("example.org.")}};
	struct packet packet = build(&soa, RECORD_TYPE_A);
	unsigned seed = 1;
	uint8_t *good;
	size_t len;

	(void)unused;
	good = responder_answer(&how, true, packet.wire, packet.len, &len);
	for (int i = 0; i < 20000; i++) {
		size_t n = len - (size_t)rand_r(&seed) % 4;
		uint8_t *copy = malloc(n);
		struct reply reply = {0};

		memcpy(copy, good, n);
		for (int k = 0; k < 3; k++)
			copy[4 + (size_t)rand_r(&seed) % (n - 4)] = (uint8_t)rand_r(&seed);
		if (packet_read(&soa, RECORD_TYPE_A, &packet, NOW, copy, n, &reply) ==
		    PACKET_ANSWER)
			assert_true(strlen(reply.zone) < DNS_NAME_MAX);
		free(copy);
	}
	free(good);
	packet_done(&packet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_update_replaces_each_rrset_and_nothing_else),
		cmocka_unit_test(questions_ask_for_what_they_should),
		cmocka_unit_test(what_is_no_name_or_address_is_refused),
		cmocka_unit_test(the_zone_is_found_in_either_section),
		cmocka_unit_test(addresses_are_those_of_the_name),
		cmocka_unit_test(more_addresses_than_fit_are_left),
		cmocka_unit_test(servers_are_those_of_the_zone),
		cmocka_unit_test(what_a_server_holds_is_read_with_all_its_marks),
		cmocka_unit_test(what_is_no_answer_is_told_apart),
		cmocka_unit_test(an_empty_answer_to_an_update_is_one),
		cmocka_unit_test(a_signed_question_wants_a_signed_answer),
		cmocka_unit_test(what_fits_no_message_is_refused),
		cmocka_unit_test(random_answers_are_survived),
	};

	return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
