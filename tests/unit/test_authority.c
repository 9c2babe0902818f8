/* SPDX-License-Identifier: MIT */
#include "providers/authority.c"

#include <errno.h>

#include "providers/all.h"
#include "tests/unit/script.h"

#define NS1 "198.51.100.1"
#define NS2 "198.51.100.2"
#define FOUND(host)                                                                    \
	{"SOA " host ".example.org", SCRIPT_SOA("example.org", "hidden.example.org")}, \
	{                                                                              \
		"NS example.org", SCRIPT_SERVERS("ns1.example.org", "ns2.example.net") \
	}
#define FIRST                                                      \
	{                                                          \
		"ADDRESSES ns1.example.org", SCRIPT_ADDRESSES(NS1) \
	}
#define SECOND                                                     \
	{                                                          \
		"ADDRESSES ns2.example.net", SCRIPT_ADDRESSES(NS2) \
	}
#define SILENT                                           \
	{                                                \
		.kind = REQUEST_DNS, .error = -ETIMEDOUT \
	}
#define A(host)                                                                             \
	{                                                                                   \
		.name = host ".example.org", .type = RECORD_TYPE_A, .addrs = {"192.0.2.1"}, \
		.n_addrs = 1                                                                \
	}
#define AAAA(host)                                                                               \
	{                                                                                        \
		.name = host ".example.org", .type = RECORD_TYPE_AAAA, .addrs = {"2001:db8::1"}, \
		.n_addrs = 1                                                                     \
	}
#define AT(server) "RRSET a.example.org A at " server

static const struct script scripts[] = {
	{
		.name = "one server that agrees is enough",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"), FIRST, {AT(NS1), SCRIPT_HOLDS("192.0.2.1")}},
		.ends = {{VERDICT_DONE, TRUTH_SAME, "ns1.example.org holds the same"}},
	},
	{
		.name = "two servers that agree on something else",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1), SCRIPT_HOLDS("192.0.2.8", "192.0.2.9")},
			      SECOND,
			      {AT(NS2), SCRIPT_HOLDS("192.0.2.9", "192.0.2.8")}},
		.ends = {{VERDICT_DONE, TRUTH_OTHER, "ns1.example.org holds 192.0.2.9 and more"}},
	},
	{
		.name = "nothing there, twice",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1), {.kind = REQUEST_DNS, .authoritative = true, .rcode = 3}},
			      SECOND,
			      {AT(NS2), {.kind = REQUEST_DNS, .authoritative = true, .rcode = 3}}},
		.ends = {{VERDICT_DONE, TRUTH_OTHER, "ns1.example.org holds no address"}},
	},
	{
		.name = "the second server has it already, or still",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1), SCRIPT_HOLDS("192.0.2.9")},
			      SECOND,
			      {AT(NS2), SCRIPT_HOLDS("192.0.2.1")}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "the name servers of example.org differ"}},
	},
	{
		.name = "two servers, two other addresses",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1), SCRIPT_HOLDS("192.0.2.9")},
			      SECOND,
			      {AT(NS2), SCRIPT_HOLDS("192.0.2.8")}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "the name servers of example.org differ"}},
	},
	{
		.name = "beside a silent server one is not enough",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1), SILENT},
			      SECOND,
			      {AT(NS2), SCRIPT_HOLDS("192.0.2.9")}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN,
			  "only one name server of example.org answers"}},
	},
	{
		.name = "a server that is not one of the zone is silent",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1), {.kind = REQUEST_DNS, .addrs = {"192.0.2.1"}}},
			      SECOND,
			      {AT(NS2), SCRIPT_CODE(5)}},
		.ends = {{VERDICT_RETRY, TRUTH_UNKNOWN,
			  "no name server of example.org tells what it holds"}},
	},
	{
		.name = "a server without an address is silent",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"),
			      {"ADDRESSES ns1.example.org", SILENT},
			      SECOND,
			      {AT(NS2), SCRIPT_HOLDS("192.0.2.1")}},
		.ends = {{VERDICT_DONE, TRUTH_SAME, "ns2.example.net holds the same"}},
	},
	{
		.name = "a zone of one server, under two names",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1), SCRIPT_HOLDS("192.0.2.9")},
			      {"ADDRESSES ns2.example.net", SCRIPT_ADDRESSES(NS1)}},
		.ends = {{VERDICT_DONE, TRUTH_OTHER, "ns1.example.org holds 192.0.2.9"}},
	},
	{
		.name = "an alias may be meant",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1),
			       {.kind = REQUEST_DNS, .authoritative = true, .alias = true}}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN, "ns1.example.org has an alias there"}},
	},
	{
		.name = "a private address may be meant",
		.wanted = {A("a")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1),
			       {.kind = REQUEST_DNS,
				.authoritative = true,
				.odd = true,
				.addrs = {"10.0.0.1"}}}},
		.ends = {{VERDICT_DONE, TRUTH_UNKNOWN,
			  "ns1.example.org holds an address of another kind, 10.0.0.1"}},
	},
	{
		.name = "the zone is asked for once, a silent server once",
		.wanted = {A("a"), AAAA("a"), A("b")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1), SILENT},
			      SECOND,
			      {AT(NS2), SCRIPT_HOLDS("192.0.2.1")},
			      {"RRSET a.example.org AAAA at " NS2, SCRIPT_HOLDS("2001:db8::1")},
			      {"SOA b.example.org", SCRIPT_SOA("example.org", "")},
			      {"RRSET b.example.org A at " NS2, SCRIPT_HOLDS("192.0.2.9")}},
		.ends = {{VERDICT_DONE, TRUTH_SAME, "ns2.example.net holds the same"},
			 {VERDICT_DONE, TRUTH_SAME, "ns2.example.net holds the same"},
			 {VERDICT_DONE, TRUTH_UNKNOWN,
			  "only one name server of example.org answers"}},
	},
	{
		.name = "another zone has other servers",
		.wanted = {A("a"), A("x.sub")},
		.exchanges = {FOUND("a"),
			      FIRST,
			      {AT(NS1), SCRIPT_HOLDS("192.0.2.1")},
			      {"SOA x.sub.example.org", SCRIPT_SOA("sub.example.org", "")},
			      {"NS sub.example.org", SCRIPT_SERVERS("ns.sub.example.org")},
			      {"ADDRESSES ns.sub.example.org", SCRIPT_ADDRESSES(NS2)},
			      {"RRSET x.sub.example.org A at " NS2, SCRIPT_HOLDS("192.0.2.9")}},
		.ends = {{VERDICT_DONE, TRUTH_SAME, "ns1.example.org holds the same"},
			 {VERDICT_DONE, TRUTH_OTHER, "ns.sub.example.org holds 192.0.2.9"}},
	},
	{
		.name = "the zone is looked for upwards",
		.wanted = {A("a")},
		.exchanges = {{"SOA a.example.org", SCRIPT_CODE(0)},
			      {"SOA example.org", SCRIPT_SOA("example.org", "")},
			      {"NS example.org", SCRIPT_SERVERS("ns1.example.org")},
			      FIRST,
			      {AT(NS1), SCRIPT_HOLDS("192.0.2.1")}},
		.ends = {{VERDICT_DONE, TRUTH_SAME, "ns1.example.org holds the same"}},
	},
	{
		.name = "no zone fails its name alone",
		.wanted = {A("a"), A("b"), AAAA("a")},
		.exchanges = {{"SOA a.example.org", SCRIPT_CODE(2)},
			      FOUND("b"),
			      FIRST,
			      {"RRSET b.example.org A at " NS1, SCRIPT_HOLDS("192.0.2.1")}},
		.ends = {{VERDICT_RETRY, TRUTH_UNKNOWN,
			  "no zone found for the name (SERVFAIL): is the domain registered?"},
			 {VERDICT_DONE, TRUTH_SAME, "ns1.example.org holds the same"},
			 {VERDICT_RETRY, TRUTH_UNKNOWN,
			  "no zone found for the name (SERVFAIL): is the domain registered?"}},
	},
	{
		.name = "a zone without name servers",
		.wanted = {A("a")},
		.exchanges = {{"SOA a.example.org", SCRIPT_SOA("example.org", "")},
			      {"NS example.org", SCRIPT_CODE(2)}},
		.ends = {{VERDICT_RETRY, TRUTH_UNKNOWN,
			  "no name server of example.org tells what it holds"}},
	},
};

static void talks_as_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct script script = scripts[i];

		script.purpose = PURPOSE_VERIFY;
		script_play(&script, &dyndns2_provider);
	}
}

/* No record is asked of anybody but the zone's own servers, however many there are. */
static void what_is_not_asked_is_left(void **state)
{
	static const struct reply soa = SCRIPT_SOA("example.org", ""),
				  servers = SCRIPT_SERVERS("ns1", "ns2"),
				  one = SCRIPT_ADDRESSES(NS1), two = SCRIPT_ADDRESSES(NS2),
				  holds = SCRIPT_HOLDS("192.0.2.9");
	static const struct value values[] = {{NULL, NULL}};
	struct wanted wanted[JOB_WANTED_MAX];
	char names[JOB_WANTED_MAX][DNS_NAME_MAX];
	struct talk talk;
	size_t other = 0;

	(void)state;
	for (size_t i = 0; i < JOB_WANTED_MAX; i++) {
		snprintf(names[i], DNS_NAME_MAX, "n%zu.example.org", i);
		wanted[i] = (struct wanted){.name = names[i], .addrs = {"192.0.2.1"}, .n_addrs = 1};
	}
	talk_begin_for(&talk, &dyndns2_provider, values, wanted, JOB_WANTED_MAX, PURPOSE_VERIFY);
	while (!talk.ended) {
		const struct dns_request *dns = &talk.request.dns;

		assert_int_equal(dns->op == DNS_OP_RRSET, dns->server[0] != '\0');
		talk_step(&talk, dns->op == DNS_OP_SOA           ? &soa
				 : dns->op == DNS_OP_SERVERS     ? &servers
				 : dns->op == DNS_OP_RRSET       ? &holds
				 : strcmp(dns->name, "ns1") == 0 ? &one
								 : &two);
	}
	assert_int_equal(talk.n_requests, REQUESTS_MAX);
	for (size_t i = 0; i < JOB_WANTED_MAX; i++) {
		other += talk.outcomes[i].truth == TRUTH_OTHER;
		if (talk.outcomes[i].truth == TRUTH_UNKNOWN)
			assert_string_equal(talk.outcomes[i].why, "left for the next try");
	}
	/* the servers and their addresses once, then the zone and two servers a name */
	assert_int_equal(other, (REQUESTS_MAX - 3) / 3);
	talk_end(&talk);
}

/* Whatever comes back: it ends, and nothing is ever a refusal. */
static void random_replies_hold_nothing(void **state)
{
	static const char *const texts[] = {"", ".", "org", "example.org", "a.example.org", "x"};
	static const char *const addrs[] = {"", "192.0.2.1", "192.0.2.9", "x"};
	static const struct wanted wanted[] = {A("a"), AAAA("a"), A("b")};
	static const struct value values[] = {{NULL, NULL}};
	uint32_t seed = 11;

	(void)state;
	for (unsigned run = 0; run < 20000; run++) {
		struct talk talk;

		talk_begin_for(&talk, &dyndns2_provider, values, wanted, 3, PURPOSE_VERIFY);
		while (!talk.ended) {
			struct reply reply = {.kind = REQUEST_DNS};

			seed = seed * 1664525 + 1013904223;
			stpcpy(reply.zone, texts[(seed >> 8) % 6]);
			stpcpy(reply.hosts[0], texts[(seed >> 12) % 6]);
			stpcpy(reply.hosts[1], texts[(seed >> 14) % 6]);
			stpcpy(reply.addrs[0], addrs[(seed >> 16) % 4]);
			reply.authoritative = (seed >> 20) % 8;
			reply.alias = !((seed >> 23) % 8);
			reply.rcode = (seed >> 26) % 8 ? 0 : 3;
			reply.error = (seed >> 29) ? 0 : -ETIMEDOUT;
			talk_step(&talk, &reply);
		}
		for (size_t i = 0; i < 3; i++)
			assert_false(provider_verdict_refused(talk.outcomes[i].verdict));
		talk_end(&talk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talks_as_written),
		cmocka_unit_test(what_is_not_asked_is_left),
		cmocka_unit_test(random_replies_hold_nothing),
	};

	return cmocka_run_group_tests_name("authority", tests, NULL, NULL);
}
