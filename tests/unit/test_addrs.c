/* SPDX-License-Identifier: MIT */
#include "update/daemon/addrs.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/addrs_room.h"

static void reads_and_writes(void **state)
{
	static const struct {
		const char *text, *canonical;
		size_t n;
	} rows[] = {
		{"none", "none", 0},
		{"203.0.113.5", "203.0.113.5", 1},
		{"203.0.113.6,203.0.113.5", "203.0.113.5 203.0.113.6", 2},
		{"2001:DB8::2,2001:db8:0::1,2001:db8::2", "2001:db8::1 2001:db8::2", 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[ADDRS_TEXT_MAX];
		struct addrs addrs;

		assert_int_equal(addrs_parse(rows[i].text, addrs_room(), &addrs), 0);
		assert_int_equal(addrs.n, rows[i].n);
		assert_string_equal(addrs_text(&addrs, ' ', text), rows[i].canonical);
	}
}

static void refuses_what_is_no_list(void **state)
{
	static const char *const rows[] = {
		"",
		",",
		"x",
		"203.0.113.5,",
		",203.0.113.5",
		"203.0.113.5 203.0.113.6",
		"none,none",
		"1.0.0.1,1.0.0.2,1.0.0.3,1.0.0.4,1.0.0.5,1.0.0.6,1.0.0.7,1.0.0.8,1.0.0.9",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct addrs addrs = {.n = 99};

		assert_int_equal(addrs_parse(rows[i], addrs_room(), &addrs), -EINVAL);
		assert_int_equal(addrs.n, 99);
	}
}

static void the_longest_text_fits(void **state)
{
	struct ipaddr addr = {.family = AF_INET6}, list[WANTED_ADDRS_MAX];
	struct addrs addrs = {.list = list};
	char text[ADDRS_TEXT_MAX];

	(void)state;
	memset(addr.bytes, 0xff, sizeof(addr.bytes));
	for (int i = 0; i < WANTED_ADDRS_MAX; i++) {
		addr.bytes[0] = (uint8_t)(0x20 + i);
		assert_int_equal(add(list, &addrs.n, &addr), 0);
	}
	addr.bytes[0] = 0x40;
	assert_int_equal(add(list, &addrs.n, &addr), -ENOSPC);
	assert_int_equal(strlen(addrs_text(&addrs, ',', text)), 8 * 39 + 7);
}

static void equal_means_the_same_set(void **state)
{
	struct addrs a, b, c;

	(void)state;
	assert_int_equal(addrs_parse("203.0.113.5,203.0.113.6", addrs_room(), &a), 0);
	assert_int_equal(addrs_parse("203.0.113.6,203.0.113.5", addrs_room(), &b), 0);
	assert_int_equal(addrs_parse("203.0.113.6", addrs_room(), &c), 0);
	assert_true(addrs_equal(&a, &b));
	assert_false(addrs_equal(&a, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes),
		cmocka_unit_test(refuses_what_is_no_list),
		cmocka_unit_test(the_longest_text_fits),
		cmocka_unit_test(equal_means_the_same_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
