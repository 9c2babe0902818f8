/* SPDX-License-Identifier: MIT */
#include "netwatch/addr.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct {
	const char *text;
	enum addr_class class;
} classes[] = {
	{"0.0.0.0", ADDR_CLASS_UNSPECIFIED},
	{"0.255.255.255", ADDR_CLASS_UNSPECIFIED},
	{"1.0.0.0", ADDR_CLASS_GLOBAL},
	{"9.255.255.255", ADDR_CLASS_GLOBAL},
	{"10.0.0.0", ADDR_CLASS_PRIVATE},
	{"10.255.255.255", ADDR_CLASS_PRIVATE},
	{"11.0.0.0", ADDR_CLASS_GLOBAL},
	{"100.63.255.255", ADDR_CLASS_GLOBAL},
	{"100.64.0.0", ADDR_CLASS_CGNAT},
	{"100.127.255.255", ADDR_CLASS_CGNAT},
	{"100.128.0.0", ADDR_CLASS_GLOBAL},
	{"127.0.0.1", ADDR_CLASS_LOOPBACK},
	{"128.0.0.0", ADDR_CLASS_GLOBAL},
	{"169.253.255.255", ADDR_CLASS_GLOBAL},
	{"169.254.0.1", ADDR_CLASS_LINK_LOCAL},
	{"172.15.255.255", ADDR_CLASS_GLOBAL},
	{"172.16.0.0", ADDR_CLASS_PRIVATE},
	{"172.31.255.255", ADDR_CLASS_PRIVATE},
	{"172.32.0.0", ADDR_CLASS_GLOBAL},
	{"192.0.0.8", ADDR_CLASS_RESERVED},
	{"192.0.1.0", ADDR_CLASS_GLOBAL},
	{"192.0.2.1", ADDR_CLASS_DOCUMENTATION},
	{"192.88.99.1", ADDR_CLASS_SIXTOFOUR},
	{"192.168.1.1", ADDR_CLASS_PRIVATE},
	{"192.169.0.0", ADDR_CLASS_GLOBAL},
	{"198.17.255.255", ADDR_CLASS_GLOBAL},
	{"198.18.0.0", ADDR_CLASS_BENCHMARK},
	{"198.19.255.255", ADDR_CLASS_BENCHMARK},
	{"198.20.0.0", ADDR_CLASS_GLOBAL},
	{"198.51.100.7", ADDR_CLASS_DOCUMENTATION},
	{"203.0.113.7", ADDR_CLASS_DOCUMENTATION},
	{"223.255.255.255", ADDR_CLASS_GLOBAL},
	{"224.0.0.1", ADDR_CLASS_MULTICAST},
	{"240.0.0.1", ADDR_CLASS_RESERVED},
	{"255.255.255.255", ADDR_CLASS_RESERVED},
	{"::", ADDR_CLASS_UNSPECIFIED},
	{"::1", ADDR_CLASS_LOOPBACK},
	{"::2", ADDR_CLASS_RESERVED},
	{"::ffff:8.8.8.8", ADDR_CLASS_MAPPED},
	{"64:ff9b::808:808", ADDR_CLASS_MAPPED},
	{"64:ff9b:1::1", ADDR_CLASS_RESERVED},
	{"100::1", ADDR_CLASS_RESERVED},
	{"1fff::1", ADDR_CLASS_RESERVED},
	{"2000::1", ADDR_CLASS_GLOBAL},
	{"2001::1", ADDR_CLASS_TEREDO},
	{"2001:1::1", ADDR_CLASS_RESERVED},
	{"2001:2::1", ADDR_CLASS_BENCHMARK},
	{"2001:2:1::1", ADDR_CLASS_RESERVED},
	{"2001:1ff::1", ADDR_CLASS_RESERVED},
	{"2001:200::1", ADDR_CLASS_GLOBAL},
	{"2001:db7::1", ADDR_CLASS_GLOBAL},
	{"2001:db8::1", ADDR_CLASS_DOCUMENTATION},
	{"2001:db9::1", ADDR_CLASS_GLOBAL},
	{"2002:c000:204::1", ADDR_CLASS_SIXTOFOUR},
	{"2003::1", ADDR_CLASS_GLOBAL},
	{"3ffe::1", ADDR_CLASS_GLOBAL},
	{"3fff::1", ADDR_CLASS_DOCUMENTATION},
	{"3fff:1000::1", ADDR_CLASS_GLOBAL},
	{"4000::1", ADDR_CLASS_RESERVED},
	{"fbff::1", ADDR_CLASS_RESERVED},
	{"fc00::1", ADDR_CLASS_ULA},
	{"fdff::1", ADDR_CLASS_ULA},
	{"fe00::1", ADDR_CLASS_RESERVED},
	{"fe80::1", ADDR_CLASS_LINK_LOCAL},
	{"febf::1", ADDR_CLASS_LINK_LOCAL},
	{"fec0::1", ADDR_CLASS_ULA},
	{"ff02::1", ADDR_CLASS_MULTICAST},
};

static void classifies_by_prefix(void **state)
{
	struct ipaddr addr;

	(void)state;
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		assert_int_equal(addr_parse(classes[i].text, &addr), 0);
		if (addr_classify(&addr) != classes[i].class)
			fail_msg("%s is %s", classes[i].text,
				 addr_class_name(addr_classify(&addr)));
	}
	addr = (struct ipaddr){AF_UNSPEC, {0}};
	assert_int_equal(addr_classify(&addr), ADDR_CLASS_UNSPECIFIED);
}

static void names_every_class_once(void **state)
{
	enum addr_class class;

	(void)state;
	for (unsigned i = 0; i < ADDR_CLASS_COUNT; i++) {
		assert_int_equal(addr_class_parse(addr_class_name((enum addr_class)i), &class), 0);
		assert_int_equal(class, i);
	}
	class = ADDR_CLASS_CGNAT;
	assert_int_equal(addr_class_parse("Private", &class), -EINVAL);
	assert_int_equal(addr_class_parse("", &class), -EINVAL);
	assert_int_equal(class, ADDR_CLASS_CGNAT);
}

static void prints_canonical_text(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"192.0.2.1", "192.0.2.1"},
		{"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
		{"2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
		{"::1234:5678", "::1234:5678"},
		{"::1:0", "::1:0"},
		{"::100", "::100"},
		{"::", "::"},
		{"::1:1234:5678", "::1:1234:5678"},
		{"::ffff:c000:0207", "::ffff:192.0.2.7"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	};
	char text[ADDR_TEXT_MAX];
	struct ipaddr addr;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(addr_parse(rows[i].in, &addr), 0);
		assert_string_equal(addr_text(&addr, text), rows[i].out);
	}
	addr = (struct ipaddr){AF_UNSPEC, {1}};
	assert_string_equal(addr_text(&addr, text), "none");
	addr.family = 7;
	assert_string_equal(addr_text(&addr, text), "none");
}

static void refuses_what_is_no_address(void **state)
{
	static const char *const rows[] = {
		"",           " ",           "1.2.3", "1.2.3.4.5",    "01.2.3.4", "1.2.3.256",
		"1.2.3.4/32", "1.2.3.4 ",    "::g",   "fe80::1%eth0", ":",        "1:2:3:4:5:6:7",
		"12345::",    "host.example"};
	struct ipaddr addr = {AF_INET, {9}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (addr_parse(rows[i], &addr) != -EINVAL)
			fail_msg("'%s' was taken", rows[i]);
	}
	assert_int_equal(addr.bytes[0], 9);
}

static void parses_prefixes(void **state)
{
	static const struct {
		const char *text, *addr;
		int len; /* -1: refused */
	} rows[] = {
		{"192.0.2.0/24", "192.0.2.0", 24},
		{"0.0.0.0/0", "0.0.0.0", 0},
		{"192.0.2.1", "192.0.2.1", 32},
		{"2001:db8::/32", "2001:db8::", 32},
		{"2001:db8::1", "2001:db8::1", 128},
		{"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128",
		 "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", 128},
		{"192.0.2.0/33", NULL, -1},
		{"::/129", NULL, -1},
		{"::/4294967296", NULL, -1},
		{"192.0.2.0/", NULL, -1},
		{"192.0.2.0/024", NULL, -1},
		{"192.0.2.0/+4", NULL, -1},
		{"192.0.2.0/ 4", NULL, -1},
		{"192.0.2.0/24/2", NULL, -1},
		{"/24", NULL, -1},
		{"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555", NULL, -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ipaddr addr = {.family = 99}, want;
		unsigned len = 99;
		int r = addr_parse_prefix(rows[i].text, &addr, &len);

		if (rows[i].len < 0) {
			assert_int_equal(r, -EINVAL);
			assert_int_equal(addr.family, 99);
			assert_int_equal(len, 99);
			continue;
		}
		assert_int_equal(r, 0);
		assert_int_equal(len, rows[i].len);
		assert_int_equal(addr_parse(rows[i].addr, &want), 0);
		assert_true(addr_equal(&addr, &want));
	}
}

static void matches_prefixes_bit_by_bit(void **state)
{
	struct ipaddr prefix, addr;

	(void)state;
	assert_int_equal(addr_parse("2001:db8:ffff::", &prefix), 0);
	for (unsigned len = 0; len <= 128; len++) {
		for (unsigned bit = 0; bit < 128; bit++) {
			addr = prefix;
			addr.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
			assert_int_equal(addr_in_prefix(&addr, &prefix, len), bit >= len);
		}
	}
	assert_false(addr_in_prefix(&prefix, &prefix, 129));
	assert_int_equal(addr_parse("32.1.13.184", &addr), 0);
	assert_false(addr_in_prefix(&addr, &prefix, 0));
	assert_true(addr_in_prefix(&addr, &addr, 32));
	assert_false(addr_in_prefix(&addr, &addr, 33));
}

static void orders_totally(void **state)
{
	static const char *const rows[] = {"1.2.3.4", "1.2.3.5", "200.0.0.0", "::", "::1", "ff::"};
	const size_t n = sizeof(rows) / sizeof(*rows);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++) {
			struct ipaddr a, b;

			assert_int_equal(addr_parse(rows[i], &a), 0);
			assert_int_equal(addr_parse(rows[k], &b), 0);
			assert_int_equal(addr_compare(&a, &b), (i > k) - (i < k));
			assert_int_equal(addr_equal(&a, &b), i == k);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classifies_by_prefix),
		cmocka_unit_test(names_every_class_once),
		cmocka_unit_test(prints_canonical_text),
		cmocka_unit_test(refuses_what_is_no_address),
		cmocka_unit_test(parses_prefixes),
		cmocka_unit_test(matches_prefixes_bit_by_bit),
		cmocka_unit_test(orders_totally),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
