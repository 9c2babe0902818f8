/* SPDX-License-Identifier: MIT */
#include "update/rule.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static char ula[] = "ula", private[] = "private", nonsense[] = "publik", cidr6[] = "2001:db8::/32",
	    cidr4[] = "192.0.2.0/24", suffix[] = "::1234:5678", long_suffix[] = "::1:0:0:0:5",
	    broken[] = "::zz", ppp[] = "ppp*", wwan[] = "wwan0";

static void families(void **state)
{
	(void)state;
	assert_int_equal(rule_family(RECORD_TYPE_A), FAMILY_IPV4);
	assert_int_equal(rule_family(RECORD_TYPE_AAAA), FAMILY_IPV6);
}

static void everything_is_carried_over(void **state)
{
	char *interfaces[] = {ppp, wwan}, *allow[] = {ula, private};
	struct cfg_source source = {
		.interfaces = interfaces,
		.n_interfaces = 2,
		.select = CFG_SELECT_EUI64,
		.allow = allow,
		.n_allow = 2,
		.ready = CFG_READY_ADDRESS,
		.combine = CFG_COMBINE_ALL,
	};
	struct rule rule;

	(void)state;
	assert_int_equal(rule_make(&source, RECORD_TYPE_AAAA, &rule), 0);
	assert_int_equal(rule.family, FAMILY_IPV6);
	assert_int_equal(rule.n_interfaces, 2);
	assert_string_equal(rule.interfaces[0], "ppp*");
	assert_string_equal(rule.interfaces[1], "wwan0");
	assert_int_equal(rule.select, RULE_SELECT_EUI64);
	assert_int_equal(rule.ready, RULE_READY_ADDRESS);
	assert_int_equal(rule.combine, RULE_COMBINE_ALL);
	assert_int_equal(rule.allow, 1u << ADDR_CLASS_ULA | 1u << ADDR_CLASS_PRIVATE);
	assert_int_equal(rule.match, RULE_MATCH_NONE);
}

static void selects(void **state)
{
	static const enum rule_select expected[] = {
		[CFG_SELECT_STABLE] = RULE_SELECT_STABLE,
		[CFG_SELECT_TEMPORARY] = RULE_SELECT_TEMPORARY,
		[CFG_SELECT_DHCP] = RULE_SELECT_DHCP,
		[CFG_SELECT_EUI64] = RULE_SELECT_EUI64,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct cfg_source source = {.select = (enum cfg_select)i};
		struct rule rule;

		assert_int_equal(rule_make(&source, RECORD_TYPE_A, &rule), 0);
		assert_int_equal(rule.select, expected[i]);
		assert_int_equal(rule.ready, RULE_READY_ROUTE);
		assert_int_equal(rule.combine, RULE_COMBINE_FIRST);
	}
}

static void matches(void **state)
{
	static const struct {
		char *text;
		enum record_type type;
		enum rule_match match;
		unsigned len;
	} rows[] = {
		{cidr6, RECORD_TYPE_AAAA, RULE_MATCH_PREFIX, 32},
		{cidr6, RECORD_TYPE_A, RULE_MATCH_NONE, 0},
		{cidr4, RECORD_TYPE_A, RULE_MATCH_PREFIX, 24},
		{cidr4, RECORD_TYPE_AAAA, RULE_MATCH_NONE, 0},
		{suffix, RECORD_TYPE_AAAA, RULE_MATCH_SUFFIX, 64},
		{suffix, RECORD_TYPE_A, RULE_MATCH_NONE, 0},
		{long_suffix, RECORD_TYPE_AAAA, RULE_MATCH_SUFFIX, 48},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cfg_source source = {.match = rows[i].text};
		struct rule rule;

		assert_int_equal(rule_make(&source, rows[i].type, &rule), 0);
		assert_int_equal(rule.match, rows[i].match);
		assert_int_equal(rule.match_len, rows[i].len);
	}
}

/* The suffix finds the host it names behind any prefix. */
static void suffix_means_the_host(void **state)
{
	struct cfg_source source = {.match = suffix};
	struct address address = {.preferred_s = UINT32_MAX, .valid_s = UINT32_MAX};
	struct link link = {.ifindex = 2, .flags = IFF_UP, .addresses = &address, .n_addresses = 1};
	struct snapshot snapshot = {.links = &link, .n_links = 1};
	struct choice choice;
	struct rule rule;

	(void)state;
	snapshot.routes[FAMILY_IPV6].ifindex = 2;
	assert_int_equal(addr_parse("2a02:1:2:3::1234:5678", &address.addr), 0);
	assert_int_equal(rule_make(&source, RECORD_TYPE_AAAA, &rule), 0);
	choose(&snapshot, &rule, NULL, &choice);
	assert_int_equal(choice.n, 1);
	assert_int_equal(addr_parse("2a02:1:2:3::1234:5679", &address.addr), 0);
	choose(&snapshot, &rule, NULL, &choice);
	assert_int_equal(choice.n, 0);
}

static void host_is_for_ipv6(void **state)
{
	struct cfg_source source = {
		.host = {.bytes = {[12] = 0x12, 0x34, 0x56, 0x78},
			 .prefix_max = 99,
			 .prefix_len = 64},
	};
	char text[ADDR_TEXT_MAX];
	struct rule rule;

	(void)state;
	assert_int_equal(rule_make(&source, RECORD_TYPE_AAAA, &rule), 0);
	assert_string_equal(addr_text(&rule.host.bits, text), "::1234:5678");
	assert_int_equal(rule.host.prefix_max, 99);
	assert_int_equal(rule.host.prefix_len, 64);
	assert_int_equal(rule_make(&source, RECORD_TYPE_A, &rule), 0);
	assert_int_equal(rule.host.prefix_max, 0);
	source.host = (struct cfg_host){.prefix_max = 0};
	assert_int_equal(rule_make(&source, RECORD_TYPE_AAAA, &rule), 0);
	assert_int_equal(rule.host.prefix_max, 0);
}

static void what_cfg_refuses_is_refused(void **state)
{
	char *allow[] = {nonsense};
	struct cfg_source bad_class = {.allow = allow, .n_allow = 1}, bad_match = {.match = broken};
	struct rule rule = {.match_len = 77};

	(void)state;
	assert_int_equal(rule_make(&bad_class, RECORD_TYPE_A, &rule), -EINVAL);
	assert_int_equal(rule_make(&bad_match, RECORD_TYPE_AAAA, &rule), -EINVAL);
	assert_int_equal(rule.match_len, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families),
		cmocka_unit_test(everything_is_carried_over),
		cmocka_unit_test(selects),
		cmocka_unit_test(matches),
		cmocka_unit_test(suffix_means_the_host),
		cmocka_unit_test(host_is_for_ipv6),
		cmocka_unit_test(what_cfg_refuses_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
