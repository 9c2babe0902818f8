/* SPDX-License-Identifier: MIT */
/* Reading before writing, reading alone, and several names in one job. */
#include "providers/all.h"
#include "providers/dnsupdate.c"

#include "tests/unit/script.h"

#define KEY    "hmac-sha256:ddns-key:AAAA"
#define SERVER "198.51.100.1"
#define FIXED                                     \
	{                                         \
		{"key", KEY}, {"server", SERVER}, \
		{                                 \
			"zone", "example.org"     \
		}                                 \
	}
#define UNFIXED                    \
	{                          \
		{                  \
			"key", KEY \
		}                  \
	}
#define RECORD(host, sort, addr, doubt)                                                   \
	{                                                                                 \
		.name = host ".example.org", .type = RECORD_TYPE_##sort, .addrs = {addr}, \
		.n_addrs = 1, .unsure = doubt                                             \
	}
#define A(host)    RECORD(host, A, "192.0.2.1", false)
#define AAAA(host) RECORD(host, AAAA, "2001:db8::1", false)

static const struct script scripts[] = {
	{
		.name = "what already is so is not written",
		.values = FIXED,
		.wanted = {RECORD("a", A, "192.0.2.1", true),
			   RECORD("a", AAAA, "2001:db8::1", true)},
		.exchanges = {{"RRSET a.example.org A at " SERVER " signed",
			       SCRIPT_HOLDS("192.0.2.1")},
			      {"RRSET a.example.org AAAA at " SERVER " signed",
			       SCRIPT_HOLDS("2001:DB8:0::1")}},
		.ends = {{VERDICT_UNCHANGED, TRUTH_UNKNOWN, "already so at " SERVER},
			 {VERDICT_UNCHANGED, TRUTH_UNKNOWN, "already so at " SERVER}},
	},
	{
		.name = "only what differs is written",
		.values = FIXED,
		.wanted = {RECORD("a", A, "192.0.2.1", true),
			   RECORD("a", AAAA, "2001:db8::1", true)},
		.exchanges = {{"RRSET a.example.org A at " SERVER " signed",
			       SCRIPT_HOLDS("192.0.2.1", "192.0.2.2")},
			      {"RRSET a.example.org AAAA at " SERVER " signed",
			       SCRIPT_HOLDS("2001:db8::1")},
			      {"UPDATE example.org at " SERVER ": a.example.org A signed",
			       SCRIPT_CODE(0)}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER},
			 {VERDICT_UNCHANGED, TRUTH_UNKNOWN, "already so at " SERVER}},
	},
	{
		.name = "what is known is not read",
		.values = FIXED,
		.wanted = {A("a"), RECORD("a", AAAA, "2001:db8::1", true)},
		.exchanges = {{"RRSET a.example.org AAAA at " SERVER " signed",
			       SCRIPT_HOLDS("2001:db8::1")},
			      {"UPDATE example.org at " SERVER ": a.example.org A signed",
			       SCRIPT_CODE(0)}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER},
			 {VERDICT_UNCHANGED, TRUTH_UNKNOWN, "already so at " SERVER}},
	},
	{
		.name = "the zone and its server are found first",
		.values = UNFIXED,
		.wanted = {RECORD("a", A, "192.0.2.1", true)},
		.exchanges = {{"SOA a.example.org", SCRIPT_SOA("example.org", "ns.example.org")},
			      {"ADDRESSES ns.example.org", SCRIPT_ADDRESSES(SERVER)},
			      {"RRSET a.example.org A at " SERVER " signed", SCRIPT_HOLDS("")},
			      {"UPDATE example.org at " SERVER ": a.example.org A signed",
			       SCRIPT_CODE(0)}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER}},
	},
	{
		.name = "a removal that already is done",
		.values = FIXED,
		.wanted = {{.name = "a.example.org", .type = RECORD_TYPE_A, .unsure = true}},
		.exchanges = {{"RRSET a.example.org A at " SERVER " signed",
			       {.kind = REQUEST_DNS, .authoritative = true, .rcode = 3}}},
		.ends = {{VERDICT_UNCHANGED, TRUTH_UNKNOWN, "already so at " SERVER}},
	},
	{
		.name = "what nobody vouches for is written: a stranger's answer",
		.values = FIXED,
		.wanted = {RECORD("a", A, "192.0.2.1", true)},
		.exchanges = {{"RRSET a.example.org A at " SERVER " signed",
			       {.kind = REQUEST_DNS,
				.authoritative = true,
				.tsig_error = -1,
				.addrs = {"192.0.2.1"}}},
			      {"UPDATE example.org at " SERVER ": a.example.org A signed",
			       SCRIPT_CODE(0)}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER}},
	},
	{
		.name = "what nobody vouches for is written: not the server's to say",
		.values = FIXED,
		.wanted = {RECORD("a", A, "192.0.2.1", true)},
		.exchanges = {{"RRSET a.example.org A at " SERVER " signed",
			       {.kind = REQUEST_DNS, .addrs = {"192.0.2.1"}}},
			      {"UPDATE example.org at " SERVER ": a.example.org A signed",
			       SCRIPT_CODE(0)}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER}},
	},
	{
		.name = "to verify is to read",
		.purpose = PURPOSE_VERIFY,
		.values = FIXED,
		.wanted = {A("a"), AAAA("a"), A("b"), A("c"), A("d"), A("e")},
		.exchanges = {{"RRSET a.example.org A at " SERVER " signed",
			       SCRIPT_HOLDS("192.0.2.1")},
			      {"RRSET a.example.org AAAA at " SERVER " signed",
			       SCRIPT_HOLDS("2001:db8::2", "2001:db8::1")},
			      {"RRSET b.example.org A at " SERVER " signed", SCRIPT_HOLDS("")},
			      {"RRSET c.example.org A at " SERVER " signed",
			       {.kind = REQUEST_DNS, .authoritative = true, .alias = true}},
			      {"RRSET d.example.org A at " SERVER " signed",
			       {.kind = REQUEST_DNS,
				.authoritative = true,
				.odd = true,
				.addrs = {"10.0.0.1"}}},
			      {"RRSET e.example.org A at " SERVER " signed", SCRIPT_CODE(5)}},
		.ends = {{VERDICT_DONE, TRUTH_SAME, SERVER " holds the same"},
			 {VERDICT_DONE, TRUTH_OTHER, SERVER " holds 2001:db8::2 and more"},
			 {VERDICT_DONE, TRUTH_OTHER, SERVER " holds no address"},
			 {VERDICT_DONE, TRUTH_UNKNOWN, SERVER " has an alias there"},
			 {VERDICT_DONE, TRUTH_UNKNOWN,
			  SERVER " holds an address of another kind, 10.0.0.1"},
			 {VERDICT_DONE, TRUTH_UNKNOWN, SERVER " does not tell"}},
	},
	{
		.name = "several names go in one message",
		.values = UNFIXED,
		.wanted = {A("a"), AAAA("a"), A("b")},
		.exchanges = {{"SOA a.example.org", SCRIPT_SOA("example.org", "ns.example.org")},
			      {"ADDRESSES ns.example.org", SCRIPT_ADDRESSES(SERVER)},
			      {"SOA b.example.org", SCRIPT_SOA("example.org", "ns.example.org")},
			      {"UPDATE example.org at " SERVER
			       ": a.example.org A, a.example.org AAAA, b.example.org A signed",
			       SCRIPT_CODE(0)}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER},
			 {VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER},
			 {VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER}},
	},
	{
		.name = "each zone has its message and its server",
		.values = UNFIXED,
		.wanted = {A("a"), A("x.sub"), A("b")},
		.exchanges = {{"SOA a.example.org", SCRIPT_SOA("example.org", "ns.example.org")},
			      {"ADDRESSES ns.example.org", SCRIPT_ADDRESSES(SERVER)},
			      {"SOA x.sub.example.org", SCRIPT_SOA("sub.example.org", "ns.sub")},
			      {"SOA b.example.org", SCRIPT_SOA("example.org", "ns.example.org")},
			      {"UPDATE example.org at " SERVER
			       ": a.example.org A, b.example.org A signed",
			       SCRIPT_CODE(0)},
			      {"SOA sub.example.org", SCRIPT_SOA("sub.example.org", "ns.sub")},
			      {"ADDRESSES ns.sub", SCRIPT_ADDRESSES("198.51.100.2")},
			      {"UPDATE sub.example.org at 198.51.100.2: x.sub.example.org A signed",
			       SCRIPT_CODE(0)}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER},
			 {VERDICT_DONE, TRUTH_UNKNOWN, "updated at 198.51.100.2"},
			 {VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER}},
	},
	{
		.name = "a name without a zone fails alone",
		.values = {{"server", SERVER}},
		.wanted = {A("a"), A("b"), AAAA("a")},
		.exchanges = {{"SOA a.example.org at " SERVER, SCRIPT_CODE(2)},
			      {"SOA b.example.org at " SERVER, SCRIPT_SOA("example.org", "")},
			      {"UPDATE example.org at " SERVER ": b.example.org A",
			       SCRIPT_CODE(0)}},
		.ends = {{VERDICT_RETRY, TRUTH_UNKNOWN,
			  "no zone found for the name (SERVFAIL): set zone or server"},
			 {VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER},
			 {VERDICT_RETRY, TRUTH_UNKNOWN,
			  "no zone found for the name (SERVFAIL): set zone or server"}},
	},
	{
		.name = "a primary without an address fails its zone alone",
		.values = UNFIXED,
		.wanted = {A("a"), A("x.sub")},
		.exchanges = {{"SOA a.example.org", SCRIPT_SOA("example.org", "ns.example.org")},
			      {"ADDRESSES ns.example.org", SCRIPT_CODE(3)},
			      {"SOA x.sub.example.org", SCRIPT_SOA("sub.example.org", "ns.sub")},
			      {"ADDRESSES ns.sub", SCRIPT_ADDRESSES("198.51.100.2")},
			      {"UPDATE sub.example.org at 198.51.100.2: x.sub.example.org A signed",
			       SCRIPT_CODE(0)}},
		.ends = {{VERDICT_RETRY, TRUTH_UNKNOWN,
			  "no address found for the DNS server ns.example.org: check server"},
			 {VERDICT_DONE, TRUTH_UNKNOWN, "updated at 198.51.100.2"}},
	},
	{
		.name = "a name outside the configured zone fails alone",
		.values = {{"server", SERVER}, {"zone", "sub.example.org"}},
		.wanted = {A("x.sub"), A("a")},
		.exchanges = {{"UPDATE sub.example.org at " SERVER ": x.sub.example.org A",
			       SCRIPT_CODE(0)}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER},
			 {VERDICT_REFUSED_CONFIG, TRUTH_UNKNOWN,
			  "the name is not in the configured zone: correct zone, then "
			  "`nlddns retry a.example.org`"}},
	},
	{
		.name = "a refused message is tried name by name",
		.values = {{"server", SERVER}, {"zone", "example.org"}},
		.wanted = {A("a"), A("b"), A("c"), AAAA("a"), AAAA("b")},
		.exchanges =
			{{"UPDATE example.org at " SERVER
			  ": a.example.org A, b.example.org A, c.example.org A, "
			  "a.example.org AAAA, b.example.org AAAA",
			  SCRIPT_CODE(5)},
			 {"UPDATE example.org at " SERVER ": a.example.org A, a.example.org AAAA",
			  SCRIPT_CODE(0)},
			 {"UPDATE example.org at " SERVER ": b.example.org A, b.example.org AAAA",
			  SCRIPT_CODE(10)},
			 {"UPDATE example.org at " SERVER ": c.example.org A", SCRIPT_CODE(0)}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER},
			 {VERDICT_REFUSED_NAME, TRUTH_UNKNOWN,
			  "the name is not in the zone (NOTZONE): correct zone, then "
			  "`nlddns retry b.example.org`"},
			 {VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER},
			 {VERDICT_DONE, TRUTH_UNKNOWN, "updated at " SERVER},
			 {VERDICT_REFUSED_NAME, TRUTH_UNKNOWN,
			  "the name is not in the zone (NOTZONE): correct zone, then "
			  "`nlddns retry b.example.org`"}},
	},
	{
		.name = "what is wrong with all is not tried name by name",
		.values = {{"server", SERVER}, {"zone", "example.org"}},
		.wanted = {A("a"), A("b")},
		.exchanges = {{"UPDATE example.org at " SERVER ": a.example.org A, b.example.org A",
			       SCRIPT_CODE(4)}},
		.ends = {{VERDICT_REFUSED_CONFIG, TRUTH_UNKNOWN,
			  "the server takes no updates (NOTIMP): correct server or enable updates "
			  "there, then `nlddns retry a.example.org`"},
			 {VERDICT_REFUSED_CONFIG, TRUTH_UNKNOWN,
			  "the server takes no updates (NOTIMP): correct server or enable updates "
			  "there, then `nlddns retry b.example.org`"}},
	},
};

static void talks_as_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		script_play(&scripts[i], &rfc2136_provider);
}

/* The longest conversation: every zone is searched for, every record read, the message refused. */
static void what_is_not_asked_is_left(void **state)
{
	static const struct reply soa = SCRIPT_SOA("example.org", "ns.example.org"),
				  address = SCRIPT_ADDRESSES(SERVER), none = SCRIPT_HOLDS(""),
				  refused = SCRIPT_CODE(5);
	static const struct value values[] = {{NULL, NULL}};
	struct wanted wanted[RECORDS_MAX + 1];
	char names[DNSUPDATE_NAMES_MAX + 1][DNS_NAME_MAX];
	struct talk talk;
	size_t left = 0;

	(void)state;
	for (size_t i = 0; i <= RECORDS_MAX; i++) {
		snprintf(names[i / 2], DNS_NAME_MAX, "n%zu.example.org", i / 2);
		wanted[i] = (struct wanted){.name = names[i / 2],
					    .type = i % 2 ? RECORD_TYPE_AAAA : RECORD_TYPE_A,
					    .addrs = {i % 2 ? "2001:db8::1" : "192.0.2.1"},
					    .n_addrs = 1,
					    .unsure = true};
	}
	talk_begin(&talk, &rfc2136_provider, values, wanted, RECORDS_MAX + 1);
	while (!talk.ended) {
		enum dns_op op = talk.request.dns.op;

		talk_step(&talk, op == DNS_OP_SOA         ? &soa
				 : op == DNS_OP_ADDRESSES ? &address
				 : op == DNS_OP_RRSET     ? &none
							  : &refused);
	}
	assert_int_equal(talk.n_requests, REQUESTS_MAX);
	for (size_t i = 0; i <= RECORDS_MAX; i++)
		left += strcmp(talk.outcomes[i].why, "left for the next try") == 0;
	/* 8 zones, the primary, 16 records, one message of all, and four of one name */
	assert_int_equal(left,
			 RECORDS_MAX + 1 -
				 2 * (REQUESTS_MAX - DNSUPDATE_NAMES_MAX - 1 - RECORDS_MAX - 1));
	talk_end(&talk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talks_as_written),
		cmocka_unit_test(what_is_not_asked_is_left),
	};

	return cmocka_run_group_tests_name("rfc2136_read", tests, NULL, NULL);
}
