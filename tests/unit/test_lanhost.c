/* SPDX-License-Identifier: MIT */
#include "cfg/lanhost.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct row {
	const char *text, *bytes;
	unsigned prefix_max, prefix_len;
};

static void expect(const struct cfg_host *host, const struct row *row)
{
	unsigned char bytes[16];

	assert_int_equal(inet_pton(AF_INET6, row->bytes, bytes), 1);
	assert_memory_equal(host->bytes, bytes, sizeof(bytes));
	assert_int_equal(host->prefix_max, row->prefix_max);
	assert_int_equal(host->prefix_len, row->prefix_len);
}

static void suffixes(void **state)
{
	static const struct row rows[] = {
		{"::1234:5678", "::1234:5678", 99, 0},
		{"::1234:5678/64", "::1234:5678", 99, 64},
		{"0:0:0:0:0:0:1234:5678", "::1234:5678", 99, 0},
		{"::1", "::1", 127, 0},
		{"::1/127", "::1", 127, 127},
		{"::1/1", "::1", 127, 1},
		{"::8000:0:0:1/64", "::8000:0:0:1", 64, 64},
		{"::f:0:0:0:5/60", "::f:0:0:0:5", 60, 60},
		{"0:1::", "0:1::", 31, 0},
		{"0:8000::/16", "0:8000::", 16, 16},
		{"::192.0.2.7", "::192.0.2.7", 96, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct cfg_host host;

		assert_null(lanhost_parse_suffix(rows[i].text, &host));
		expect(&host, &rows[i]);
	}
}

static void wrong_suffixes(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "is no host part"},
		{"x", "is no host part"},
		{"1234:5678", "is no host part"},
		{"192.0.2.1", "is no host part"},
		{"::1 ::2", "is no host part"},
		{"::1%eth0", "is no host part"},
		{"::1111:1111:1111:1111:1111:1111:1111:1111:1111", "is no host part"},
		{"::", "needs a host part"},
		{"::/64", "needs a host part"},
		{"2001:db8::5", "begins like a whole address"},
		{"1::", "begins like a whole address"},
		{"::1/", "is meant for a prefix"},
		{"::1/0", "is meant for a prefix"},
		{"::1/128", "is meant for a prefix"},
		{"::1/064", "is meant for a prefix"},
		{"::1/+64", "is meant for a prefix"},
		{"::1/64/64", "is meant for a prefix"},
		{"::1/4294967360", "is meant for a prefix"},
		{"::1:0:0:0:5/64", "has bits set within"},
		{"::f:0:0:0:5/61", "has bits set within"},
		{"::1234:5678/100", "has bits set within"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct cfg_host host = {.prefix_max = 7};
		const char *why = lanhost_parse_suffix(rows[i].text, &host);

		assert_non_null(why);
		assert_memory_equal(why, rows[i].why, strlen(rows[i].why));
		assert_int_equal(host.prefix_max, 7);
	}
}

/* Every single bit behind the first 16, with every length: fine as long as the prefix ends before
 * it. */
static void every_bit_with_every_length(void **state)
{
	(void)state;
	for (unsigned bit = 16; bit < 128; bit++) {
		unsigned char bytes[16] = {0};
		char address[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 8];

		bytes[bit / 8] = (unsigned char)(1 << (7 - bit % 8));
		inet_ntop(AF_INET6, bytes, address, sizeof(address));
		for (unsigned len = 1; len < 128; len++) {
			struct cfg_host host;
			bool fine;

			snprintf(text, sizeof(text), "%s/%u", address, len);
			fine = !lanhost_parse_suffix(text, &host);
			assert_int_equal(fine, len <= bit);
			if (fine)
				assert_int_equal(host.prefix_max, bit);
		}
	}
}

static void macs(void **state)
{
	/* The first is the example of RFC 2464, section 4. */
	static const struct row rows[] = {
		{"34-56-78-9A-BC-DE", "::3656:78ff:fe9a:bcde", 64, 0},
		{"00:00:5e:00:53:01", "::200:5eff:fe00:5301", 64, 0},
		{"02:00:00:00:00:01", "::ff:fe00:1", 64, 0},
		{"aA:bB:cC:dD:eE:fF", "::a8bb:ccff:fedd:eeff", 64, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct cfg_host host;

		assert_null(lanhost_parse_mac(rows[i].text, &host));
		expect(&host, &rows[i]);
	}
}

static void wrong_macs(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "is no MAC"},
		{"aa:bb:cc:dd:ee", "is no MAC"},
		{"aa:bb:cc:dd:ee:ff:00", "is no MAC"},
		{"aa:bb:cc:dd:ee:fg", "is no MAC"},
		{"aa:bb:cc:dd:ee-ff", "is no MAC"},
		{"aa.bb.cc.dd.ee.ff", "is no MAC"},
		{"aabb.ccdd.eeff", "is no MAC"},
		{"aa:bb:cc:dd:ee: f", "is no MAC"},
		{"00:00:00:00:00:00", "is all zero"},
		{"01:00:5e:00:00:01", "is the address of a group"},
		{"ff:ff:ff:ff:ff:ff", "is the address of a group"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct cfg_host host = {.prefix_max = 7};
		const char *why = lanhost_parse_mac(rows[i].text, &host);

		assert_non_null(why);
		assert_memory_equal(why, rows[i].why, strlen(rows[i].why));
		assert_int_equal(host.prefix_max, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suffixes),
		cmocka_unit_test(wrong_suffixes),
		cmocka_unit_test(every_bit_with_every_length),
		cmocka_unit_test(macs),
		cmocka_unit_test(wrong_macs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
