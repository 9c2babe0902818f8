/* SPDX-License-Identifier: MIT */
#include "netwatch/fault.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct rule any_ipv4 = {.family = FAMILY_IPV4}, any_ipv6 = {.family = FAMILY_IPV6};

static struct address address_of(const char *text, uint32_t flags)
{
	struct address address = {
		.prefix_len = 24, .flags = flags, .preferred_s = UINT32_MAX, .valid_s = UINT32_MAX};

	assert_int_equal(addr_parse(text, &address.addr), 0);
	if (address.addr.family == AF_INET6)
		address.prefix_len = 64;
	return address;
}

static void each_fault_is_found(void **state)
{
	static const struct {
		const char *text;
		uint32_t flags;
		enum fault fault;
	} rows[] = {
		{"9.0.0.1", 0, FAULT_NONE},
		{"9.0.0.1", IFA_F_SECONDARY, FAULT_NONE}, /* the bit of IPv6's temporary */
		{"10.0.0.1", 0, FAULT_CLASS},
		{"100.64.0.1", 0, FAULT_CLASS},
		{"2600::1", 0, FAULT_NONE},
		{"fd00::1", 0, FAULT_CLASS},
		{"2600::1", IFA_F_TENTATIVE, FAULT_TENTATIVE},
		{"2600::1", IFA_F_TENTATIVE | IFA_F_DADFAILED, FAULT_DADFAILED},
		{"2600::1", IFA_F_TEMPORARY, FAULT_SELECT},
		{"2600::1", IFA_F_DEPRECATED, FAULT_DEPRECATED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct address address = address_of(rows[i].text, rows[i].flags);
		bool ipv4 = address.addr.family == AF_INET;

		assert_int_equal(fault_find(&address, ipv4 ? &any_ipv4 : &any_ipv6), rows[i].fault);
	}
}

/* An advertisement's preferred lifetime of 0 comes before the flag. */
static void no_lifetime_left_is_deprecated(void **state)
{
	struct address address = address_of("2600::1", 0);

	(void)state;
	address.preferred_s = 0;
	assert_int_equal(fault_find(&address, &any_ipv6), FAULT_DEPRECATED);
}

static void an_allowed_class_is_lifted_by_name(void **state)
{
	struct address address = address_of("10.0.0.5", 0);
	struct rule rule = any_ipv4;
	char text[FAULT_TEXT_MAX];

	(void)state;
	assert_string_equal(fault_text(FAULT_CLASS, &address, &rule, text),
			    "10.0.0.5 is private, RFC 1918; allow = private lifts it");
	rule.allow = 1u << ADDR_CLASS_PRIVATE;
	assert_int_equal(fault_find(&address, &rule), FAULT_NONE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_found),
		cmocka_unit_test(no_lifetime_left_is_deprecated),
		cmocka_unit_test(an_allowed_class_is_lifted_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
