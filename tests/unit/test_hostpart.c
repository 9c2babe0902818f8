/* SPDX-License-Identifier: MIT */
#include "netwatch/hostpart.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define ROUNDS 200

static uint32_t seed = 1;

static uint8_t next_byte(void)
{
	seed = seed * 1664525 + 1013904223;
	return (uint8_t)(seed >> 24);
}

static struct address address_of(const char *text)
{
	struct address address = {.preferred_s = UINT32_MAX, .valid_s = UINT32_MAX};
	unsigned len;

	assert_int_equal(addr_parse_prefix(text, &address.addr, &len), 0);
	address.prefix_len = (uint8_t)len;
	return address;
}

static struct hostpart host_of(const char *text, unsigned prefix_max, unsigned prefix_len)
{
	struct hostpart host = {.prefix_max = prefix_max, .prefix_len = prefix_len};

	assert_int_equal(addr_parse(text, &host.bits), 0);
	return host;
}

static void joins(void **state)
{
	static const struct {
		const char *address, *host, *want;
	} rows[] = {
		{"2001:db8:1:2::1/64", "::1234:5678", "2001:db8:1:2::1234:5678"},
		{"2001:db8:1:2:a:b:c:d/64", "::1234:5678", "2001:db8:1:2::1234:5678"},
		{"2001:db8:1:2f::1/60", "::5", "2001:db8:1:20::5"},
		{"2001:db8:1:2f::1/60", "::3:0:0:0:5", "2001:db8:1:23::5"},
		{"2001:db8:1:22ff::1/56", "::ab:0:0:0:5", "2001:db8:1:22ab::5"},
		{"2001:db8:1:2:ffff::1/65", "::1", "2001:db8:1:2:8000::1"},
		{"2001:db8:1:2:ffff::1/71", "::1", "2001:db8:1:2:fe00::1"},
		{"2001:db8::fffe/127", "::1", "2001:db8::ffff"},
		{"a000::1/1", "::1", "8000::1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct address address = address_of(rows[i].address);
		struct hostpart host = host_of(rows[i].host, 127, 0);
		char text[ADDR_TEXT_MAX];
		struct ipaddr joined;

		hostpart_join(&host, &address, &joined);
		assert_string_equal(addr_text(&joined, text), rows[i].want);
	}
}

static void without_a_host_part_an_address_stands_for_itself(void **state)
{
	struct address six = address_of("2001:db8::1/64"), four = address_of("192.0.2.1/24");
	struct hostpart none = {.prefix_max = 0};
	struct ipaddr joined;

	(void)state;
	hostpart_join(&none, &six, &joined);
	assert_true(addr_equal(&joined, &six.addr));
	hostpart_join(&none, &four, &joined);
	assert_true(addr_equal(&joined, &four.addr));
	six.prefix_len = 0;
	assert_int_equal(hostpart_check(&none, &six), HOSTPART_FIT);
}

static void checks(void **state)
{
	static const struct {
		const char *address;
		unsigned prefix_max, prefix_len;
		enum hostpart_fit want;
	} rows[] = {
		{"2001:db8::1/64", 99, 0, HOSTPART_FIT},
		{"2001:db8::1/99", 99, 0, HOSTPART_FIT},
		{"2001:db8::1/100", 99, 0, HOSTPART_OVERLAP},
		{"2001:db8::1/128", 127, 0, HOSTPART_OVERLAP},
		{"2001:db8::1/0", 99, 0, HOSTPART_NO_PREFIX},
		{"2001:db8::1/65", 64, 0, HOSTPART_OVERLAP},
		{"2001:db8::1/64", 64, 0, HOSTPART_FIT},
		{"2001:db8::1/1", 64, 0, HOSTPART_FIT},
		{"2001:db8::1/64", 99, 64, HOSTPART_FIT},
		{"2001:db8::1/60", 99, 64, HOSTPART_OTHER_LENGTH},
		{"2001:db8::1/128", 99, 64, HOSTPART_OTHER_LENGTH},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct address address = address_of(rows[i].address);
		struct hostpart host = host_of("::1", rows[i].prefix_max, rows[i].prefix_len);

		assert_int_equal(hostpart_check(&host, &address), rows[i].want);
	}
}

static bool bit_of(const struct ipaddr *addr, unsigned i)
{
	return addr->bytes[i / 8] >> (7 - i % 8) & 1;
}

/* Bit by bit, for every length: those of the prefix are the address's, the rest the host's. */
static void every_bit_is_from_its_side(void **state)
{
	struct address address = {.addr.family = AF_INET6};
	struct hostpart host = {.bits.family = AF_INET6};
	struct ipaddr joined;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < 16; i++) {
			address.addr.bytes[i] = next_byte();
			host.bits.bytes[i] = next_byte();
		}
		for (unsigned len = 1; len < 128; len++) {
			address.prefix_len = (uint8_t)len;
			host.prefix_max = len;
			assert_int_equal(hostpart_check(&host, &address), HOSTPART_FIT);
			hostpart_join(&host, &address, &joined);
			assert_int_equal(joined.family, AF_INET6);
			assert_true(addr_in_prefix(&joined, &address.addr, len));
			for (unsigned i = 0; i < 128; i++)
				assert_int_equal(bit_of(&joined, i),
						 bit_of(i < len ? &address.addr : &host.bits, i));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins),
		cmocka_unit_test(without_a_host_part_an_address_stands_for_itself),
		cmocka_unit_test(checks),
		cmocka_unit_test(every_bit_is_from_its_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
