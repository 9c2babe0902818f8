/* SPDX-License-Identifier: MIT */
#include "netwatch/attrs.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/message.h"

static void indexes_by_type(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_start(buffer, 20, "1234", 4);
	const struct nlattr *tb[4];
	uint32_t value = 0;

	(void)state;
	mnl_attr_put_u32(nlh, 1, 11);
	mnl_attr_put_u32(nlh, 3 | NLA_F_NESTED, 33);
	mnl_attr_put_u32(nlh, 4, 44); /* beyond the table */
	mnl_attr_put_u32(nlh, 1, 12); /* the last counts */
	assert_int_equal(attrs_index(nlh, MNL_NLMSG_HDRLEN + 4, tb, 3), 0);
	assert_null(tb[0]);
	assert_null(tb[2]);
	assert_int_equal(attrs_u32(tb[1], &value), 0);
	assert_int_equal(value, 12);
	assert_int_equal(attrs_u32(tb[3], &value), 0);
	assert_int_equal(value, 33);
	assert_int_equal(attrs_u32(tb[2], &value), 0);
	assert_int_equal(value, 33); /* absent leaves it alone */
	assert_int_equal(attrs_index(nlh, 10000, tb, 3), 0);
	assert_null(tb[1]);
}

static void refuses_broken_chains(void **state)
{
	static const uint16_t bad[] = {0, 1, 3, 9, 13, 0xffff};
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	const struct nlattr *tb[4];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct nlmsghdr *nlh = message_start(buffer, 20, "1234", 4);

		mnl_attr_put_u32(nlh, 1, 11);
		((struct nlattr *)(buffer + MNL_NLMSG_HDRLEN + 4))->nla_len = bad[i];
		assert_int_equal(attrs_index(nlh, MNL_NLMSG_HDRLEN + 4, tb, 3), -EBADMSG);
	}
}

static void checks_lengths_of_values(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_start(buffer, 20, "", 0);
	const struct nlattr *tb[8];
	struct ipaddr addr = {.family = 99};
	uint32_t value = 7;
	char text[4] = "old";

	(void)state;
	mnl_attr_put(nlh, 1, 3, "abc");
	mnl_attr_put(nlh, 2, 4, "abc");
	mnl_attr_put(nlh, 3, 8, "abcdefg");
	mnl_attr_put(nlh, 4, 0, "");
	mnl_attr_put(nlh, 5, 16, "0123456789abcdef");
	assert_int_equal(attrs_index(nlh, MNL_NLMSG_HDRLEN, tb, 7), 0);
	assert_int_equal(attrs_u32(tb[1], &value), -EBADMSG);
	assert_int_equal(value, 7);
	assert_int_equal(attrs_string(tb[1], text, sizeof(text)), -EBADMSG);
	assert_int_equal(attrs_string(tb[4], text, sizeof(text)), -EBADMSG);
	assert_string_equal(text, "old");
	assert_int_equal(attrs_string(tb[2], text, sizeof(text)), 0);
	assert_string_equal(text, "abc");
	assert_int_equal(attrs_string(tb[3], text, sizeof(text)), 0);
	assert_string_equal(text, "abc"); /* cut */
	assert_int_equal(attrs_address(tb[1], AF_INET, &addr), -EBADMSG);
	assert_int_equal(attrs_address(tb[5], AF_INET, &addr), -EBADMSG);
	assert_int_equal(attrs_address(tb[2], AF_INET6, &addr), -EBADMSG);
	assert_int_equal(addr.family, 99);
	assert_int_equal(attrs_address(tb[5], AF_INET6, &addr), 0);
	assert_int_equal(addr.family, AF_INET6);
	assert_memory_equal(addr.bytes, "0123456789abcdef", 16);
}

static void walks_a_nest(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_start(buffer, 20, "", 0);
	const struct nlattr *tb[2], *inner[8], *attr = NULL;
	struct nlattr *nest = mnl_attr_nest_start(nlh, 1);
	unsigned n = 0;

	(void)state;
	for (uint16_t i = 1; i <= 5; i++)
		mnl_attr_put_u8(nlh, i, (uint8_t)i);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(attrs_index(nlh, MNL_NLMSG_HDRLEN, tb, 1), 0);
	assert_non_null(tb[1]);
	while ((attr = attrs_next(tb[1], attr)))
		assert_int_equal(mnl_attr_get_type(attr), ++n);
	assert_int_equal(n, 5);
	assert_int_equal(attrs_nested(tb[1], inner, 7), 0);
	assert_non_null(inner[5]);
	assert_null(inner[6]);
	((struct nlattr *)(uintptr_t)inner[3])->nla_len = 400;
	assert_int_equal(attrs_nested(tb[1], inner, 7), -EBADMSG);
	assert_non_null(inner[2]);
	assert_null(inner[4]);
}

static void tells_a_whole_message_from_a_part(void **state)
{
	static const struct {
		uint32_t len;
		int left;
		bool whole;
	} rows[] = {
		{16, 16, true},  {40, 40, true},  {40, 41, true},           {40, 39, false},
		{16, 15, false}, {16, 0, false},  {16, -4, false},          {15, 40, false},
		{0, 40, false},  {41, 40, false}, {0x80000010u, 40, false}, {UINT32_MAX, 40, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct nlmsghdr nlh = {.nlmsg_len = rows[i].len};

		assert_int_equal(attrs_whole(&nlh, rows[i].left), rows[i].whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(indexes_by_type),
		cmocka_unit_test(refuses_broken_chains),
		cmocka_unit_test(checks_lengths_of_values),
		cmocka_unit_test(walks_a_nest),
		cmocka_unit_test(tells_a_whole_message_from_a_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
