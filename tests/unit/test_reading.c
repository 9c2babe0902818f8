/* SPDX-License-Identifier: MIT */
#include "netwatch/reading.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/message.h"

static struct nlmsghdr *full_link(void *buffer)
{
	struct nlmsghdr *nlh = message_link(buffer, RTM_NEWLINK, AF_UNSPEC, 7, 1);
	struct nlattr *nest;

	mnl_attr_put_u8(nlh, IFLA_OPERSTATE, 6);
	nest = mnl_attr_nest_start(nlh, IFLA_PROP_LIST);
	mnl_attr_put_strz(nlh, IFLA_ALT_IFNAME, "uplink");
	mnl_attr_put_u32(nlh, IFLA_MTU, 1500);
	for (char i = 'a'; i <= 'p'; i++)
		mnl_attr_put_strz(nlh, IFLA_ALT_IFNAME, (const char[]){i, '\0'});
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "wireguard");
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_put_u32(nlh, 4000, 1); /* newer than these headers */
	return nlh;
}

static struct nlmsghdr *full_address(void *buffer)
{
	struct nlmsghdr *nlh = message_address(buffer, RTM_NEWADDR, "198.51.100.254", 7, 0x80);
	const struct ifa_cacheinfo stamps = {.ifa_prefered = 5, .ifa_valid = 9, .cstamp = 77};

	mnl_attr_put(nlh, IFA_LOCAL, 4, "\xcb\x00\x71\x4d");
	mnl_attr_put(nlh, IFA_CACHEINFO, sizeof(stamps), &stamps);
	mnl_attr_put_u32(nlh, IFA_FLAGS, 0x880);
	return nlh;
}

static struct nlmsghdr *full_route(void *buffer, uint8_t family, int32_t expires)
{
	struct nlmsghdr *nlh = message_route(buffer, RTM_NEWROUTE, family, 0, 0);
	const struct rta_cacheinfo stamps = {.rta_expires = expires};

	mnl_attr_put_u32(nlh, RTA_PRIORITY, 1024);
	mnl_attr_put(nlh, RTA_CACHEINFO, sizeof(stamps), &stamps);
	return nlh;
}

static void reads_a_link(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct link link;

	(void)state;
	assert_int_equal(reading_link(full_link(buffer), &link), 1);
	assert_int_equal(link.ifindex, 7);
	assert_string_equal(link.name, "ppp0");
	assert_string_equal(link.kind, "wireguard");
	assert_int_equal(link.operstate, 6);
	assert_string_equal(link.altnames[0], "uplink");
	assert_string_equal(link.altnames[15], "o"); /* the rest is left out */
	assert_int_equal(reading_link(message_link(buffer, RTM_NEWLINK, AF_BRIDGE, 7, 1), &link),
			 0);
	assert_int_equal(reading_link(message_link(buffer, RTM_DELLINK, AF_UNSPEC, 7, 1), &link),
			 0);
}

static void reads_an_address(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0}, text[ADDR_TEXT_MAX];
	struct address address;
	unsigned ifindex;

	(void)state;
	assert_int_equal(reading_address(full_address(buffer), &address, &ifindex), 1);
	assert_int_equal(ifindex, 7);
	assert_string_equal(addr_text(&address.addr, text), "203.0.113.77");
	assert_string_equal(addr_text(&address.peer, text), "198.51.100.254");
	assert_int_equal(address.flags, 0x880);
	assert_int_equal(address.preferred_s, 5);
	assert_int_equal(address.valid_s, 9);
	assert_int_equal(address.created, 77);
	assert_int_equal(reading_address(message_address(buffer, RTM_NEWADDR, "2001:db8::1", 7, 1),
					 &address, &ifindex),
			 1);
	assert_string_equal(addr_text(&address.addr, text), "2001:db8::1");
	assert_int_equal(address.peer.family, AF_UNSPEC);
	assert_int_equal(address.flags, 1);
	assert_int_equal(address.preferred_s, UINT32_MAX);
	assert_int_equal(
		reading_address(message_address(buffer, RTM_NEWADDR, "", 7, 0), &address, &ifindex),
		-EBADMSG);
}

static void reads_a_route(void **state)
{
	static const struct {
		int32_t ticks;
		uint32_t want;
	} rows[] = {{0, UINT32_MAX}, {1, 1}, {100, 1}, {101, 2}, {3000, 30}, {-200, 0}};
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct fib_entry entry;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(reading_route(full_route(buffer, AF_INET6, rows[i].ticks), &entry),
				 1);
		assert_int_equal(entry.route.expires_s, rows[i].want);
	}
	assert_int_equal(entry.route.ifindex, 2);
	assert_int_equal(entry.route.metric, 1024);
	assert_int_equal(entry.route.table, RT_TABLE_MAIN);
	assert_true(reading_is_default(&entry));
	assert_true(reading_leaves_by(&entry, 2));
	assert_false(reading_leaves_by(&entry, 3));
	entry.type = RTN_UNREACHABLE;
	assert_false(reading_is_default(&entry));
}

static void judges_defaults(void **state)
{
	const struct fib_entry good = {.type = RTN_UNICAST, .dst_len = 7};
	struct fib_entry entry = good;

	(void)state;
	assert_true(reading_is_default(&entry));
	entry.dst_len = 8;
	assert_false(reading_is_default(&entry));
	entry = good;
	entry.src_len = 64;
	assert_false(reading_is_default(&entry));
	entry = good;
	entry.cloned = true;
	assert_false(reading_is_default(&entry));
	entry = good;
	entry.type = RTN_BLACKHOLE;
	assert_false(reading_is_default(&entry));
}

static struct nlmsghdr *legs(void *buffer, uint16_t last_len)
{
	struct rtmsg rtm = {.rtm_family = AF_INET, .rtm_type = RTN_UNICAST};
	struct nlmsghdr *nlh = message_start(buffer, RTM_NEWROUTE, &rtm, sizeof(rtm));
	struct rtnexthop hops[2] = {{.rtnh_len = sizeof(hops[0]), .rtnh_ifindex = 4},
				    {.rtnh_len = last_len, .rtnh_ifindex = 5}};

	mnl_attr_put(nlh, RTA_MULTIPATH, sizeof(hops), hops);
	return nlh;
}

static void looks_into_the_legs(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct fib_entry entry;

	(void)state;
	assert_int_equal(reading_route(legs(buffer, sizeof(struct rtnexthop)), &entry), 1);
	assert_int_equal(entry.route.ifindex, 0);
	assert_true(reading_leaves_by(&entry, 4));
	assert_true(reading_leaves_by(&entry, 5));
	assert_false(reading_leaves_by(&entry, 6));
	for (uint16_t len = 0; len < 16; len++) {
		assert_int_equal(reading_route(legs(buffer, len), &entry), 1);
		assert_int_equal(reading_leaves_by(&entry, 5), len == sizeof(struct rtnexthop));
		assert_true(reading_leaves_by(&entry, 4));
	}
}

static void reads_a_rule(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_rule(buffer, RTM_NEWRULE, AF_INET, 1000);
	uint32_t table = 0;

	(void)state;
	assert_int_equal(reading_rule_table(nlh, &table), 1);
	assert_int_equal(table, 1000);
	((struct fib_rule_hdr *)mnl_nlmsg_get_payload(nlh))->action = FR_ACT_GOTO;
	assert_int_equal(reading_rule_table(nlh, &table), 1);
	assert_int_equal(table, 0);
}

/* Reads a message by every reader. */
static void read_by_all(const struct nlmsghdr *nlh)
{
	struct fib_entry entry = {.legs = NULL};
	struct address address;
	struct link link;
	unsigned ifindex;
	uint32_t table;

	if (reading_link(nlh, &link) == 1) {
		assert_true(link.ifindex > 0);
		assert_true(memchr(link.name, '\0', sizeof(link.name)) != NULL);
	}
	if (reading_address(nlh, &address, &ifindex) == 1)
		assert_true(address.addr.family != AF_UNSPEC && ifindex > 0);
	if (reading_route(nlh, &entry) == 1)
		reading_leaves_by(&entry, 5);
	reading_rule_table(nlh, &table);
}

static void survives_truncation_and_changed_bytes(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};

	(void)state;
	for (unsigned kind = 0; kind < 5; kind++) {
		struct nlmsghdr *nlh = kind == 0   ? full_link(buffer)
				       : kind == 1 ? full_address(buffer)
				       : kind == 2 ? full_route(buffer, AF_INET, 1)
				       : kind == 3 ? legs(buffer, 8)
						   : message_rule(buffer, RTM_NEWRULE, 2, 7);

		for (uint32_t size = MNL_NLMSG_HDRLEN; size <= nlh->nlmsg_len; size++) {
			struct nlmsghdr *copy = message_cut(nlh, size);

			read_by_all(copy);
			free(copy);
		}
		for (uint32_t at = MNL_NLMSG_HDRLEN; at < nlh->nlmsg_len; at++) {
			for (unsigned value = 0; value < 256; value++) {
				struct nlmsghdr *copy = message_cut(nlh, nlh->nlmsg_len);

				((uint8_t *)copy)[at] = (uint8_t)value;
				read_by_all(copy);
				free(copy);
			}
		}
	}
}

static void refuses_malformed_values(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_link(buffer, RTM_NEWLINK, AF_UNSPEC, 7, 1);
	struct address address;
	struct link link = {.ifindex = 4711};
	unsigned ifindex = 4711;

	(void)state;
	mnl_attr_put(nlh, IFLA_IFNAME, 3, "abc"); /* without its end */
	assert_int_equal(reading_link(nlh, &link), -EBADMSG);
	assert_int_equal(link.ifindex, 4711);
	nlh = full_address(buffer);
	mnl_attr_put(nlh, IFA_LOCAL, 5, "12345");
	assert_int_equal(reading_address(nlh, &address, &ifindex), -EBADMSG);
	nlh = full_address(buffer);
	mnl_attr_put(nlh, IFA_CACHEINFO, 4, "1234");
	assert_int_equal(reading_address(nlh, &address, &ifindex), -EBADMSG);
	nlh = full_address(buffer);
	((struct ifaddrmsg *)mnl_nlmsg_get_payload(nlh))->ifa_prefixlen = 200;
	assert_int_equal(reading_address(nlh, &address, &ifindex), -EBADMSG);
	assert_int_equal(ifindex, 4711);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_link),
		cmocka_unit_test(reads_an_address),
		cmocka_unit_test(reads_a_route),
		cmocka_unit_test(judges_defaults),
		cmocka_unit_test(looks_into_the_legs),
		cmocka_unit_test(reads_a_rule),
		cmocka_unit_test(survives_truncation_and_changed_bytes),
		cmocka_unit_test(refuses_malformed_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
