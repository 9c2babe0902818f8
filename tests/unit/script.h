/* SPDX-License-Identifier: MIT */
/* Conversations of DNS requests as text: what is asked, what comes back, and how each record ends.
 */
#ifndef TESTS_UNIT_SCRIPT_H
#define TESTS_UNIT_SCRIPT_H

#include <stdio.h>

#include "tests/unit/talk.h"

#define SCRIPT_EXCHANGES_MAX 32
#define SCRIPT_RECORDS_MAX   20

/* asked: "SOA a.example.org", "RRSET a.example.org A at 192.0.2.1", "UPDATE example.org at
 * 192.0.2.1: a.example.org A, ..."; "signed" at the end where it is. */
struct exchange {
	const char *asked;
	struct reply reply;
};

struct end {
	enum verdict verdict;
	enum truth truth;
	const char *why;
};

struct script {
	const char *name;
	enum purpose purpose;
	struct value values[5];
	struct wanted wanted[SCRIPT_RECORDS_MAX]; /* end with one without a name */
	struct exchange exchanges[SCRIPT_EXCHANGES_MAX];
	struct end ends[SCRIPT_RECORDS_MAX];
};

#define SCRIPT_SOA(owner, mname)                                     \
	{                                                            \
		.kind = REQUEST_DNS, .zone = owner, .primary = mname \
	}
#define SCRIPT_SERVERS(...)                                   \
	{                                                     \
		.kind = REQUEST_DNS, .hosts = { __VA_ARGS__ } \
	}
#define SCRIPT_ADDRESSES(...)                                 \
	{                                                     \
		.kind = REQUEST_DNS, .addrs = { __VA_ARGS__ } \
	}
#define SCRIPT_HOLDS(...)                                                                        \
	{                                                                                        \
		.kind = REQUEST_DNS, .authoritative = true, .ttl = 300, .addrs = { __VA_ARGS__ } \
	}
#define SCRIPT_CODE(code)                          \
	{                                          \
		.kind = REQUEST_DNS, .rcode = code \
	}

static inline void script_describe(const struct request *request, char *text, size_t size)
{
	static const char *const ops[] = {"SOA", "NS", "ADDRESSES", "RRSET", "UPDATE"};
	const struct dns_request *dns = &request->dns;
	size_t n;

	assert_int_equal(request->kind, REQUEST_DNS);
	n = (size_t)snprintf(text, size, "%s %s", ops[dns->op], dns->name);
	if (dns->op == DNS_OP_RRSET)
		n += (size_t)snprintf(text + n, size - n, " %s",
				      provider_type_name(dns->wanted[0].type));
	if (dns->server[0] != '\0')
		n += (size_t)snprintf(text + n, size - n, " at %s", dns->server);
	for (size_t i = 0; dns->op == DNS_OP_UPDATE && i < dns->n_wanted; i++)
		n += (size_t)snprintf(text + n, size - n, "%s %s %s", i == 0 ? ":" : ",",
				      dns->wanted[i].name, provider_type_name(dns->wanted[i].type));
	if (dns->key_name != NULL)
		snprintf(text + n, size - n, " signed");
}

static inline void script_play(const struct script *script, const struct provider *provider)
{
	size_t n_wanted = talk_count_wanted(script->wanted, SCRIPT_RECORDS_MAX), n = 0;
	struct talk talk;
	char text[1024];

	talk_begin_for(&talk, provider, script->values, script->wanted, n_wanted, script->purpose);
	for (; !talk.ended; n++) {
		const struct exchange *exchange = &script->exchanges[n];

		script_describe(&talk.request, text, sizeof(text));
		if (n == SCRIPT_EXCHANGES_MAX || exchange->asked == NULL ||
		    strcmp(text, exchange->asked) != 0)
			fail_msg("%s, %zu: %s", script->name, n, text);
		talk_step(&talk, &exchange->reply);
	}
	if (n < SCRIPT_EXCHANGES_MAX && script->exchanges[n].asked != NULL)
		fail_msg("%s: ended before %s", script->name, script->exchanges[n].asked);
	for (size_t i = 0; i < n_wanted; i++) {
		const struct outcome *outcome = &talk.outcomes[i];
		const struct end *end = &script->ends[i];

		if (strcmp(outcome->why, end->why) != 0 || outcome->verdict != end->verdict ||
		    outcome->truth != end->truth)
			fail_msg("%s, record %zu: %d %d %s", script->name, i, outcome->verdict,
				 outcome->truth, outcome->why);
	}
	talk_end(&talk);
}

#endif
