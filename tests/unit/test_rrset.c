/* SPDX-License-Identifier: MIT */
#include "providers/rrset.c"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct wanted two = {.name = "a.example.org",
				  .type = RECORD_TYPE_AAAA,
				  .addrs = {"2001:db8::1", "2001:db8::2"},
				  .n_addrs = 2};
static const struct wanted none = {.name = "a.example.org", .type = RECORD_TYPE_A};

#define GOOD .kind = REQUEST_DNS, .authoritative = true

static const struct {
	const struct wanted *wanted;
	struct reply reply;
	enum rrset rrset;
} rows[] = {
	{&two, {GOOD, .addrs = {"2001:db8::1", "2001:db8::2"}}, RRSET_SAME},
	{&two, {GOOD, .addrs = {"2001:DB8:0:0::2", "2001:db8::1"}}, RRSET_SAME},
	{&two, {GOOD, .addrs = {"2001:db8::1"}}, RRSET_OTHER},
	{&two, {GOOD, .addrs = {"2001:db8::1", "2001:db8::1"}}, RRSET_OTHER},
	{&two, {GOOD, .addrs = {"2001:db8::1", "2001:db8::2", "2001:db8::3"}}, RRSET_OTHER},
	{&two, {GOOD, .more = true, .addrs = {"2001:db8::1", "2001:db8::2"}}, RRSET_OTHER},
	{&two, {GOOD}, RRSET_OTHER},
	{&two, {GOOD, .rcode = 3}, RRSET_OTHER},
	{&none, {GOOD, .rcode = 3}, RRSET_SAME},
	{&none, {GOOD}, RRSET_SAME},
	{&none, {GOOD, .addrs = {"192.0.2.1"}}, RRSET_OTHER},
	/* text that is no address is like nothing */
	{&two, {GOOD, .addrs = {"x", "x"}}, RRSET_OTHER},
	{&two, {GOOD, .odd = true, .addrs = {"fd00::1"}}, RRSET_ODD},
	{&two, {GOOD, .alias = true, .addrs = {"2001:db8::1", "2001:db8::2"}}, RRSET_ALIAS},
	{&two, {.addrs = {"2001:db8::1", "2001:db8::2"}}, RRSET_NONE},
	{&two, {GOOD, .rcode = 2}, RRSET_NONE},
	{&two, {GOOD, .rcode = 5}, RRSET_NONE},
	{&two, {GOOD, .error = -ETIMEDOUT}, RRSET_NONE},
	{&two, {GOOD, .tsig_error = -1, .addrs = {"2001:db8::1", "2001:db8::2"}}, RRSET_NONE},
	{&two, {GOOD, .tsig_error = 17, .addrs = {"2001:db8::1", "2001:db8::2"}}, RRSET_NONE},
};

static void only_exactly_the_wanted_addresses_are_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rrset_read(rows[i].wanted, &rows[i].reply) != rows[i].rrset)
			fail_msg("row %zu", i);
}

static void two_answers_are_equal_in_any_order(void **state)
{
	static const struct reply one = {.addrs = {"192.0.2.1", "192.0.2.2"}},
				  other = {.addrs = {"192.0.2.2", "192.0.2.1"}},
				  less = {.addrs = {"192.0.2.1"}},
				  more = {.addrs = {"192.0.2.1", "192.0.2.2"}, .more = true},
				  empty = {.rcode = 3};

	(void)state;
	assert_true(rrset_equal(&one, &other));
	assert_true(rrset_equal(&empty, &empty));
	assert_false(rrset_equal(&one, &less));
	assert_false(rrset_equal(&less, &one));
	assert_false(rrset_equal(&one, &more));
	assert_false(rrset_equal(&empty, &less));
}

static void a_reading_is_no_refusal(void **state)
{
	static const struct reply reply = {GOOD, .ttl = 300, .addrs = {"192.0.2.1"}};
	static const struct {
		enum rrset rrset;
		enum truth truth;
		const char *why;
	} ends[] = {
		{RRSET_NONE, TRUTH_UNKNOWN, "ns.example does not tell"},
		{RRSET_ALIAS, TRUTH_UNKNOWN, "ns.example has an alias there"},
		{RRSET_ODD, TRUTH_UNKNOWN,
		 "ns.example holds an address of another kind, 192.0.2.1"},
		{RRSET_SAME, TRUTH_SAME, "ns.example holds the same"},
		{RRSET_OTHER, TRUTH_OTHER, "ns.example holds 192.0.2.1"},
	};
	struct outcome outcome;

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		rrset_say(&two, ends[i].rrset, &reply, "ns.example", &outcome);
		assert_int_equal(outcome.verdict, VERDICT_DONE);
		assert_int_equal(outcome.truth, ends[i].truth);
		assert_int_equal(outcome.ttl, 300);
		assert_string_equal(outcome.why, ends[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_exactly_the_wanted_addresses_are_the_same),
		cmocka_unit_test(two_answers_are_equal_in_any_order),
		cmocka_unit_test(a_reading_is_no_refusal),
	};

	return cmocka_run_group_tests_name("rrset", tests, NULL, NULL);
}
