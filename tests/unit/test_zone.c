/* SPDX-License-Identifier: MIT */
#include "providers/zone.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void a_zone_holds_its_name_and_what_is_below(void **state)
{
	static const struct {
		const char *zone, *name;
		bool holds;
	} rows[] = {
		{"example.org", "example.org", true},
		{"example.org", "a.b.example.org", true},
		{"EXAMPLE.org", "a.example.ORG", true},
		{"ample.org", "example.org", false},
		{"a.example.org", "example.org", false},
		{"", "example.org", false},
		{"org", "example.org", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (zone_holds(rows[i].zone, rows[i].name) != rows[i].holds)
			fail_msg("row %zu", i);
}

static void names_are_lower_case_without_a_last_dot(void **state)
{
	char text[DNS_NAME_MAX], longest[2 * DNS_NAME_MAX];

	(void)state;
	zone_copy_name(text, "A.Example.ORG.");
	assert_string_equal(text, "a.example.org");
	zone_copy_name(text, "");
	assert_string_equal(text, "");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	zone_copy_name(text, longest);
	assert_int_equal(strlen(text), DNS_NAME_MAX - 1);
}

static void the_search_goes_up_to_the_last_label(void **state)
{
	static const char *const asked[] = {"*.a.example.org", "a.example.org", "example.org",
					    "org"};
	static const struct reply silent = {.kind = REQUEST_DNS};
	struct zone_search search = {0};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct request request = {.kind = REQUEST_NONE};

		zone_ask(&search, "*.a.example.org", &request);
		assert_int_equal(request.dns.op, DNS_OP_SOA);
		assert_string_equal(request.dns.server, "");
		assert_string_equal(request.dns.name, asked[i]);
		assert_int_equal(zone_take(&search, "*.a.example.org", &silent),
				 i < 3 ? ZONE_PARENT : ZONE_NONE);
	}
}

static void an_answer_ends_the_search_or_not(void **state)
{
	static const struct {
		struct reply reply;
		enum zone_finding finding;
	} rows[] = {
		{{.zone = "Example.org."}, ZONE_FOUND},
		{{.zone = "a.example.org"}, ZONE_FOUND},
		{{.zone = "a.example.org", .rcode = 3}, ZONE_FOUND},
		{{.zone = "example.net"}, ZONE_PARENT}, /* an alias */
		{{.rcode = 3}, ZONE_PARENT},
		{{.rcode = 2}, ZONE_NONE},
		{{.rcode = 5}, ZONE_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zone_search search = {0};

		if (zone_take(&search, "a.example.org", &rows[i].reply) != rows[i].finding)
			fail_msg("row %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_holds_its_name_and_what_is_below),
		cmocka_unit_test(names_are_lower_case_without_a_last_dot),
		cmocka_unit_test(the_search_goes_up_to_the_last_label),
		cmocka_unit_test(an_answer_ends_the_search_or_not),
	};

	return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
