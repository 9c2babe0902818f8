/* SPDX-License-Identifier: MIT */
#include "providers/all.h"
#include "providers/dnsupdate.c"

#include "tests/unit/talk.h"

#define KEY "hmac-sha256:ddns-key:AAAA"

#define VALUES_MAX    5
#define EXCHANGES_MAX 6

static const struct wanted both[] = {
	{.name = "home.example.org",
	 .type = RECORD_TYPE_A,
	 .addrs = {"192.0.2.1", "192.0.2.2"},
	 .n_addrs = 2,
	 .ttl = 300},
	{.name = "home.example.org",
	 .type = RECORD_TYPE_AAAA,
	 .addrs = {"2001:db8::1"},
	 .n_addrs = 1},
};
static const struct wanted six[] = {
	{.name = "home.example.org",
	 .type = RECORD_TYPE_AAAA,
	 .addrs = {"2001:db8::1"},
	 .n_addrs = 1},
};
static const struct wanted gone[] = {
	{.name = "home.example.org", .type = RECORD_TYPE_AAAA},
};

/* What a request must be, and the reply to it. */
struct exchange {
	enum dns_op op;
	const char *server;
	uint16_t port;
	const char *name;
	struct reply reply;
};

struct row {
	const char *name;
	struct value values[VALUES_MAX];
	const struct wanted *wanted; /* NULL: both */
	struct exchange exchanges[EXCHANGES_MAX];
	size_t n_exchanges;
	enum verdict verdict;
	const char *why;
};

#define SOA(owner, mname)                                            \
	{                                                            \
		.kind = REQUEST_DNS, .zone = owner, .primary = mname \
	}
#define ADDRESSES(...)                                        \
	{                                                     \
		.kind = REQUEST_DNS, .addrs = { __VA_ARGS__ } \
	}
#define CODES(code, signed)                                              \
	{                                                                \
		.kind = REQUEST_DNS, .rcode = code, .tsig_error = signed \
	}
#define RETRY_HINT ", then `nlddns retry home.example.org`"

static const struct row rows[] = {
	{
		.name = "all is found",
		.values = {{"key", KEY}, {"port", "5353"}},
		.exchanges = {{DNS_OP_SOA, "", 53, "home.example.org",
			       SOA("Example.org.", "NS.example.net.")},
			      {DNS_OP_ADDRESSES, "", 53, "ns.example.net",
			       ADDRESSES("198.51.100.1", "2001:db8:1::1")},
			      {DNS_OP_UPDATE, "198.51.100.1", 5353, "example.org", CODES(0, 0)}},
		.n_exchanges = 3,
		.verdict = VERDICT_DONE,
		.why = "updated at 198.51.100.1",
	},
	{
		.name = "all is configured",
		.values = {{"key", KEY}, {"server", "2001:db8::53"}, {"zone", "Example.org."}},
		.exchanges = {{DNS_OP_UPDATE, "2001:db8::53", 53, "example.org", CODES(0, 0)}},
		.n_exchanges = 1,
		.verdict = VERDICT_DONE,
		.why = "updated at 2001:db8::53",
	},
	{
		.name = "without a key",
		.values = {{"server", "198.51.100.1"}, {"zone", "example.org"}},
		.exchanges = {{DNS_OP_UPDATE, "198.51.100.1", 53, "example.org", CODES(0, 0)}},
		.n_exchanges = 1,
		.verdict = VERDICT_DONE,
		.why = "updated at 198.51.100.1",
	},
	{
		.name = "the server is asked for the zone",
		.values = {{"key", KEY}, {"server", "198.51.100.1"}, {"port", "5353"}},
		.exchanges = {{DNS_OP_SOA, "198.51.100.1", 5353, "home.example.org",
			       SOA("example.org", "elsewhere.example")},
			      {DNS_OP_UPDATE, "198.51.100.1", 5353, "example.org", CODES(0, 0)}},
		.n_exchanges = 2,
		.verdict = VERDICT_DONE,
		.why = "updated at 198.51.100.1",
	},
	{
		.name = "a server by name",
		.values = {{"key", KEY}, {"server", "NS1.example."}},
		.exchanges = {{DNS_OP_ADDRESSES, "", 53, "ns1.example", ADDRESSES("198.51.100.1")},
			      {DNS_OP_SOA, "198.51.100.1", 53, "home.example.org",
			       SOA("home.example.org", "")},
			      {DNS_OP_UPDATE, "198.51.100.1", 53, "home.example.org", CODES(0, 0)}},
		.n_exchanges = 3,
		.verdict = VERDICT_DONE,
		.why = "updated at 198.51.100.1",
	},
	{
		.name = "a zone without a server",
		.values = {{"key", KEY}, {"zone", "example.org"}},
		.exchanges = {{DNS_OP_SOA, "", 53, "example.org", SOA("example.org", "ns.example")},
			      {DNS_OP_ADDRESSES, "", 53, "ns.example", ADDRESSES("2001:db8::53")},
			      {DNS_OP_UPDATE, "2001:db8::53", 53, "example.org", CODES(0, 0)}},
		.n_exchanges = 3,
		.verdict = VERDICT_DONE,
		.why = "updated at 2001:db8::53",
	},
	{
		.name = "deleted",
		.values = {{"key", KEY}, {"zone", "example.org"}, {"server", "ns.example"}},
		.wanted = gone,
		.exchanges = {{DNS_OP_ADDRESSES, "", 53, "ns.example",
			       ADDRESSES("198.51.100.1", "2001:db8::53")},
			      {DNS_OP_UPDATE, "198.51.100.1", 53, "example.org", CODES(0, 0)}},
		.n_exchanges = 2,
		.verdict = VERDICT_DONE,
		.why = "deleted at 198.51.100.1",
	},
	{
		.name = "the server's address of the family that is published",
		.values = {{"key", KEY}, {"zone", "example.org"}, {"server", "ns.example"}},
		.wanted = six,
		.exchanges = {{DNS_OP_ADDRESSES, "", 53, "ns.example",
			       ADDRESSES("198.51.100.1", "2001:db8::53")},
			      {DNS_OP_UPDATE, "2001:db8::53", 53, "example.org", CODES(0, 0)}},
		.n_exchanges = 2,
		.verdict = VERDICT_DONE,
		.why = "updated at 2001:db8::53",
	},
	{
		.name = "an alias leads elsewhere: its parents are asked",
		.values = {{"key", KEY}, {"server", "198.51.100.1"}},
		.exchanges = {{DNS_OP_SOA, "198.51.100.1", 53, "home.example.org",
			       SOA("cdn.example", "ns.cdn.example")},
			      {DNS_OP_SOA, "198.51.100.1", 53, "example.org", SOA("", "")},
			      {DNS_OP_SOA, "198.51.100.1", 53, "org", SOA("org", "a.example")},
			      {DNS_OP_UPDATE, "198.51.100.1", 53, "org", CODES(5, 0)}},
		.n_exchanges = 4,
		.verdict = VERDICT_REFUSED_AUTH,
		.why = "the server does not allow this update (REFUSED): allow it there or correct "
		       "key" RETRY_HINT,
	},
	{
		.name = "a zone that only ends alike holds nothing",
		.values = {{"server", "198.51.100.1"}},
		.exchanges = {{DNS_OP_SOA, "198.51.100.1", 53, "home.example.org",
			       SOA("ample.org", "ns.example")},
			      {DNS_OP_SOA, "198.51.100.1", 53, "example.org", SOA(".", "")},
			      {DNS_OP_SOA, "198.51.100.1", 53, "org", CODES(3, 0)}},
		.n_exchanges = 3,
		.verdict = VERDICT_RETRY,
		.why = "no zone found for the name (NXDOMAIN): set zone or server",
	},
	{
		.name = "a resolver that fails is not asked for more",
		.values = {{"key", KEY}},
		.exchanges = {{DNS_OP_SOA, "", 53, "home.example.org", CODES(2, 0)}},
		.n_exchanges = 1,
		.verdict = VERDICT_RETRY,
		.why = "no zone found for the name (SERVFAIL): set zone or server",
	},
	{
		.name = "a code nobody knows",
		.values = {{"key", KEY}},
		.exchanges = {{DNS_OP_SOA, "", 53, "home.example.org", CODES(4095, 0)}},
		.n_exchanges = 1,
		.verdict = VERDICT_RETRY,
		.why = "no zone found for the name (unknown reply code): set zone or server",
	},
	{
		.name = "the configured zone is part of another",
		.values = {{"zone", "home.example.org"}},
		.exchanges = {{DNS_OP_SOA, "", 53, "home.example.org", SOA("example.org", "ns.x")}},
		.n_exchanges = 1,
		.verdict = VERDICT_REFUSED_CONFIG,
		.why = "the configured zone is not one by itself: correct zone" RETRY_HINT,
	},
	{
		.name = "the configured zone does not hold the name",
		.values = {{"zone", "example.net"}, {"server", "198.51.100.1"}},
		.verdict = VERDICT_REFUSED_CONFIG,
		.why = "the name is not in the configured zone: correct zone" RETRY_HINT,
	},
	{
		.name = "the configured zone does not hold the name, server unknown",
		.values = {{"zone", "example.net"}},
		.verdict = VERDICT_REFUSED_CONFIG,
		.why = "the name is not in the configured zone: correct zone" RETRY_HINT,
	},
	{
		.name = "a SOA without a primary",
		.values = {{"key", KEY}},
		.exchanges = {{DNS_OP_SOA, "", 53, "home.example.org", SOA("example.org", ".")}},
		.n_exchanges = 1,
		.verdict = VERDICT_REFUSED_CONFIG,
		.why = "the zone's SOA names no primary server: set server" RETRY_HINT,
	},
	{
		.name = "a primary without an address",
		.values = {{"key", KEY}},
		.exchanges = {{DNS_OP_SOA, "", 53, "home.example.org", SOA("example.org", "ns.x")},
			      {DNS_OP_ADDRESSES, "", 53, "ns.x", CODES(3, 0)}},
		.n_exchanges = 2,
		.verdict = VERDICT_RETRY,
		.why = "no address found for the DNS server ns.x: check server",
	},
	{
		.name = "a bad key",
		.values = {{"key", "hmac-md5:k:AAAA"}},
		.verdict = VERDICT_REFUSED_CONFIG,
		.why = "the key's algorithm is not hmac-sha256 or hmac-sha512: make a new key with "
		       "tsig-keygen" RETRY_HINT,
	},
};

/* The end of an update, by the codes of its reply. */
static const struct {
	int rcode, tsig_error;
	enum verdict verdict;
	const char *why;
} ends[] = {
	{0, 0, VERDICT_DONE, "updated at 198.51.100.1"},
	{0, -1, VERDICT_RETRY, "the reply is not signed by our key: check server and key"},
	{5, -1, VERDICT_RETRY, "the reply is not signed by our key: check server and key"},
	{0, 16, VERDICT_REFUSED_AUTH,
	 "the server has another secret for this key (BADSIG): correct key" RETRY_HINT},
	{9, 16, VERDICT_REFUSED_AUTH,
	 "the server has another secret for this key (BADSIG): correct key" RETRY_HINT},
	{9, 17, VERDICT_REFUSED_AUTH,
	 "the server does not know this key or its algorithm (BADKEY): correct key" RETRY_HINT},
	{9, 18, VERDICT_RETRY,
	 "the clocks of this machine and the server differ (BADTIME): set the clock"},
	{9, 22, VERDICT_REFUSED_CONFIG,
	 "the server wants another signature length (BADTRUNC): configure it there" RETRY_HINT},
	{0, 99, VERDICT_RETRY, "the answer is not understood (unknown code): see the server's log"},
	{1, 0, VERDICT_REFUSED_CONFIG,
	 "the server does not understand the update (FORMERR): correct server" RETRY_HINT},
	{2, 0, VERDICT_RETRY, "the server failed (SERVFAIL): see its log"},
	{4, 0, VERDICT_REFUSED_CONFIG,
	 "the server takes no updates (NOTIMP): correct server or enable updates there" RETRY_HINT},
	{8, 0, VERDICT_RETRY, "the server asks for what the update did not (NXRRSET): see its log"},
	{9, 0, VERDICT_REFUSED_CONFIG,
	 "the server does not own the zone (NOTAUTH): correct server or zone" RETRY_HINT},
	{10, 0, VERDICT_REFUSED_NAME,
	 "the name is not in the zone (NOTZONE): correct zone" RETRY_HINT},
	{23, 0, VERDICT_RETRY, "the answer is not understood (unknown code): see the server's log"},
	{-5, 0, VERDICT_RETRY, "the answer is not understood (unknown code): see the server's log"},
};

static const char *value_of(const struct value *values, const char *name)
{
	for (; values->name != NULL; values++)
		if (strcmp(values->name, name) == 0)
			return values->text;
	return NULL;
}

static void assert_update(const struct dns_request *dns, const struct job *job)
{
	assert_int_equal(dns->n_wanted, job->n_wanted);
	assert_memory_equal(dns->wanted, job->wanted, job->n_wanted * sizeof(*job->wanted));
	assert_int_equal(dns->ttl, 60);
	if (value_of(job->values, "key") == NULL) {
		assert_null(dns->key_name);
		return;
	}
	assert_string_equal(dns->key_name, "ddns-key");
	assert_string_equal(dns->key_algorithm, "hmac-sha256");
	assert_string_equal(dns->key_secret, "AAAA");
}

static void play(const struct row *row)
{
	const struct wanted *wanted = row->wanted != NULL ? row->wanted : both;
	size_t n_wanted = wanted == both ? 2 : 1, n = 0;
	struct talk talk;

	talk_begin(&talk, &rfc2136_provider, row->values, wanted, n_wanted);
	for (; !talk.ended; n++) {
		const struct exchange *exchange = &row->exchanges[n];
		const struct dns_request *dns = &talk.request.dns;

		assert_true(n < row->n_exchanges);
		assert_int_equal(talk.request.kind, REQUEST_DNS);
		assert_int_equal(dns->op, exchange->op);
		assert_string_equal(dns->server, exchange->server);
		assert_int_equal(dns->port, exchange->port);
		assert_string_equal(dns->name, exchange->name);
		if (dns->op == DNS_OP_UPDATE)
			assert_update(dns, &talk.job);
		else
			assert_null(dns->key_name);
		talk_step(&talk, &exchange->reply);
	}
	assert_int_equal(n, row->n_exchanges);
	for (size_t i = 0; i < n_wanted; i++) {
		assert_string_equal(talk.outcomes[i].why, row->why);
		assert_int_equal(talk.outcomes[i].verdict, row->verdict);
	}
	talk_end(&talk);
}

static void talks_as_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("# %s\n", rows[i].name);
		play(&rows[i]);
	}
}

static void only_a_verified_noerror_confirms(void **state)
{
	const struct value values[] = {
		{"key", KEY}, {"server", "198.51.100.1"}, {"zone", "example.org"}, {NULL, NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const struct reply reply = CODES(ends[i].rcode, ends[i].tsig_error);
		struct talk talk;

		talk_begin(&talk, &rfc2136_provider, values, both, 2);
		talk_step(&talk, &reply);
		assert_true(talk.ended);
		for (size_t k = 0; k < 2; k++) {
			assert_string_equal(talk.outcomes[k].why, ends[i].why);
			assert_int_equal(talk.outcomes[k].verdict, ends[i].verdict);
		}
		talk_end(&talk);
	}
}

/* A name of 120 labels and a server that knows no zone: the search ends. */
static void a_deep_name_ends(void **state)
{
	char name[DNS_NAME_MAX] = "";
	struct wanted wanted = {.name = name, .type = RECORD_TYPE_A, .addrs = {"192.0.2.1"}};
	const struct value values[] = {{NULL, NULL}};
	const struct reply reply = CODES(3, 0);
	struct talk talk;

	(void)state;
	wanted.n_addrs = 1;
	for (size_t i = 0; i < 120; i++)
		memcpy(name + 2 * i, i < 119 ? "a." : "a", 3 - (i == 119));
	talk_begin(&talk, &rfc2136_provider, values, &wanted, 1);
	while (!talk.ended)
		talk_step(&talk, &reply);
	assert_int_equal(talk.n_requests, 1 + ZONE_PARENTS_MAX);
	assert_int_equal(talk.outcomes[0].verdict, VERDICT_RETRY);
	talk_end(&talk);
}

/* Whatever comes back before the update, and however often: an unverified end is never DONE. */
static void random_replies_never_confirm(void **state)
{
	static const char *const texts[] = {"",
					    ".",
					    "org",
					    "example.org",
					    "x.",
					    "home.example.org",
					    "me.example.org",
					    "192.0.2.1",
					    "2001:db8::1",
					    "ORG."};
	const struct value all[] = {{"key", KEY}, {"server", "ns.example"}, {NULL, NULL}};
	uint32_t seed = 7;

	(void)state;
	for (unsigned run = 0; run < 20000; run++) {
		struct talk talk;

		talk_begin(&talk, &rfc2136_provider, run % 2 ? all : all + 2, both, 2);
		while (!talk.ended) {
			struct reply reply = {.kind = REQUEST_DNS};

			seed = seed * 1664525 + 1013904223;
			stpcpy(reply.zone, texts[(seed >> 8) % 10]);
			stpcpy(reply.primary, texts[(seed >> 12) % 10]);
			stpcpy(reply.addrs[0], texts[(seed >> 16) % 10]);
			reply.rcode = (int)((seed >> 20) % 4);
			reply.tsig_error = -1;
			talk_step(&talk, &reply);
		}
		for (size_t i = 0; i < 2; i++)
			assert_int_not_equal(talk.outcomes[i].verdict, VERDICT_DONE);
		talk_end(&talk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talks_as_written),
		cmocka_unit_test(only_a_verified_noerror_confirms),
		cmocka_unit_test(a_deep_name_ends),
		cmocka_unit_test(random_replies_never_confirm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
