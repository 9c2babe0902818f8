/* SPDX-License-Identifier: MIT */
#include "netwatch/event.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/message.h"

enum shape { SHAPE_LINK, SHAPE_ADDRESS4, SHAPE_ADDRESS6, SHAPE_ROUTE, SHAPE_NEXTHOP, SHAPE_RULE };

/* What a message must do: "4", "6" routes, "o" omen, "L" the link itself, "l" its addresses; ""
 * nothing. */
static const struct row {
	const char *name;
	enum shape shape;
	uint16_t type;
	unsigned family, flags, dst_len;
	const char *want;
} rows[] = {
	{"link up", SHAPE_LINK, RTM_NEWLINK, AF_UNSPEC, IFF_UP, 0, "L46"},
	{"link down", SHAPE_LINK, RTM_NEWLINK, AF_UNSPEC, 0, 0, "L46o"},
	{"link gone", SHAPE_LINK, RTM_DELLINK, AF_UNSPEC, IFF_UP, 0, "L46o"},
	{"bridge port gone", SHAPE_LINK, RTM_DELLINK, AF_BRIDGE, 0, 0, ""},
	{"IPv6 link", SHAPE_LINK, RTM_NEWLINK, AF_INET6, 0, 0, ""},
	{"IPv4 address", SHAPE_ADDRESS4, RTM_NEWADDR, AF_INET, IFA_F_PERMANENT, 0, "l4"},
	{"IPv4 secondary", SHAPE_ADDRESS4, RTM_NEWADDR, AF_INET, IFA_F_SECONDARY, 0, "l4"},
	{"IPv4 address gone", SHAPE_ADDRESS4, RTM_DELADDR, AF_INET, 0, 0, "l4o"},
	{"IPv6 address", SHAPE_ADDRESS6, RTM_NEWADDR, AF_INET6, 0, 0, "l6"},
	{"IPv6 tentative", SHAPE_ADDRESS6, RTM_NEWADDR, AF_INET6, IFA_F_TENTATIVE, 0, "l6o"},
	{"IPv6 deprecated", SHAPE_ADDRESS6, RTM_NEWADDR, AF_INET6, IFA_F_DEPRECATED, 0, "l6o"},
	{"IPv6 address gone", SHAPE_ADDRESS6, RTM_DELADDR, AF_INET6, 0, 0, "l6o"},
	{"IPv4 default", SHAPE_ROUTE, RTM_NEWROUTE, AF_INET, 0, 0, "4"},
	{"IPv4 default gone", SHAPE_ROUTE, RTM_DELROUTE, AF_INET, 0, 0, "4"},
	{"def1 half", SHAPE_ROUTE, RTM_NEWROUTE, AF_INET, 0, 1, "4"},
	{"2000::/3", SHAPE_ROUTE, RTM_DELROUTE, AF_INET6, 0, 3, "6"},
	{"/7", SHAPE_ROUTE, RTM_NEWROUTE, AF_INET, 0, 7, "4"},
	{"/8", SHAPE_ROUTE, RTM_NEWROUTE, AF_INET, 0, 8, ""},
	{"/24", SHAPE_ROUTE, RTM_NEWROUTE, AF_INET, 0, 24, ""},
	{"/128", SHAPE_ROUTE, RTM_NEWROUTE, AF_INET6, 0, 128, ""},
	{"cloned", SHAPE_ROUTE, RTM_NEWROUTE, AF_INET6, RTM_F_CLONED, 0, ""},
	{"multicast route", SHAPE_ROUTE, RTM_NEWROUTE, 128, 0, 0, ""},
	{"nexthop", SHAPE_NEXTHOP, RTM_NEWNEXTHOP, 0, 0, 0, "46"},
	{"nexthop gone", SHAPE_NEXTHOP, RTM_DELNEXTHOP, 0, 0, 0, "46"},
	{"IPv4 rule", SHAPE_RULE, RTM_NEWRULE, AF_INET, 0, 0, "4"},
	{"IPv6 rule gone", SHAPE_RULE, RTM_DELRULE, AF_INET6, 0, 0, "6"},
	{"multicast rule", SHAPE_RULE, RTM_NEWRULE, 128, 0, 0, ""},
	{"neighbour", SHAPE_LINK, RTM_NEWNEIGH, AF_UNSPEC, 0, 0, ""},
	{"prefix", SHAPE_LINK, RTM_NEWPREFIX, AF_UNSPEC, 0, 0, ""},
	{"done", SHAPE_LINK, NLMSG_DONE, AF_UNSPEC, 0, 0, ""},
};
#define ROWS (sizeof(rows) / sizeof(*rows))

static struct nlmsghdr *build(const struct row *row, void *buffer)
{
	uint8_t family = (uint8_t)row->family, dst_len = (uint8_t)row->dst_len;

	switch (row->shape) {
	case SHAPE_LINK:
		return message_link(buffer, row->type, family, 7, row->flags);
	case SHAPE_ADDRESS4:
		return message_address(buffer, row->type, "192.0.2.1", 7, (uint8_t)row->flags);
	case SHAPE_ADDRESS6:
		return message_address(buffer, row->type, "2001:db8::1", 7, (uint8_t)row->flags);
	case SHAPE_ROUTE:
		return message_route(buffer, row->type, family, dst_len, row->flags);
	case SHAPE_NEXTHOP:
		return message_nexthop(buffer, row->type);
	case SHAPE_RULE:
		return message_rule(buffer, row->type, family, 100);
	}
	return NULL;
}

static void describe(const struct dirty *marks, char out[static 8])
{
	size_t n = 0;

	if (marks->n_links > 0)
		out[n++] = marks->itself & 1 ? 'L' : 'l';
	if (marks->routes4)
		out[n++] = '4';
	if (marks->routes6)
		out[n++] = '6';
	if (marks->omen)
		out[n++] = 'o';
	if (marks->all)
		out[n++] = 'A';
	out[n] = '\0';
}

static void marks_what_may_have_changed(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0}, text[8];

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct dirty marks = {0};
		struct nlmsghdr *nlh = build(&rows[i], buffer), *copy;
		int r;

		nlh->nlmsg_seq = 1795325174;
		nlh->nlmsg_pid = 21251;
		copy = message_cut(nlh, nlh->nlmsg_len);
		r = event_parse(copy, &marks);
		free(copy);
		describe(&marks, text);
		if (strcmp(text, rows[i].want) != 0 || r != (rows[i].want[0] != '\0'))
			fail_msg("%s: %d '%s'", rows[i].name, r, text);
		assert_int_equal(dirty_any(&marks), rows[i].want[0] != '\0');
		if (marks.n_links > 0)
			assert_int_equal(marks.links[0], 7);
	}
}

/* Cut at any byte, a message is refused or understood; never is anything read beyond it, nor
 * anything marked by a refused one. */
static void survives_every_truncation(void **state)
{
	const struct dirty clean = {0};
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct nlmsghdr *nlh = build(&rows[i], buffer);

		for (uint32_t size = sizeof(*nlh); size < nlh->nlmsg_len; size++) {
			struct dirty marks = {0};
			struct nlmsghdr *copy = message_cut(nlh, size);
			int r = event_parse(copy, &marks);

			free(copy);
			if (r != 1)
				assert_memory_equal(&marks, &clean, sizeof(marks));
			if (rows[i].want[0] && size < MNL_NLMSG_HDRLEN + 8)
				assert_int_equal(r, -EBADMSG);
		}
	}
}

static void survives_every_changed_byte(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct nlmsghdr *nlh = build(&rows[i], buffer);

		for (uint32_t at = MNL_NLMSG_HDRLEN; at < nlh->nlmsg_len; at++) {
			for (unsigned value = 0; value < 256; value++) {
				struct dirty marks = {0};
				struct nlmsghdr *copy = message_cut(nlh, nlh->nlmsg_len);

				((uint8_t *)copy)[at] = (uint8_t)value;
				event_parse(copy, &marks);
				free(copy);
				assert_false(marks.all);
				assert_true(marks.n_links <= 1);
			}
		}
	}
}

static void refuses(const struct nlmsghdr *nlh)
{
	const struct dirty clean = {0};
	struct nlmsghdr *copy = message_cut(nlh, nlh->nlmsg_len);
	struct dirty marks = {0};

	assert_int_equal(event_parse(copy, &marks), -EBADMSG);
	assert_memory_equal(&marks, &clean, sizeof(marks));
	free(copy);
}

static void refuses_malformed_messages(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh;

	(void)state;
	refuses(message_link(buffer, RTM_NEWLINK, AF_UNSPEC, 0, 0));
	refuses(message_link(buffer, RTM_NEWLINK, AF_UNSPEC, -1, 0));
	refuses(message_address(buffer, RTM_NEWADDR, "192.0.2.1", 0, 0));
	nlh = message_address(buffer, RTM_NEWADDR, "192.0.2.1", 7, 0);
	((struct ifaddrmsg *)mnl_nlmsg_get_payload(nlh))->ifa_prefixlen = 33;
	refuses(nlh);
	for (size_t size = 0; size < 20; size++) {
		if (size == 4)
			continue;
		nlh = message_address(buffer, RTM_NEWADDR, "", 7, 0);
		mnl_attr_put(nlh, IFA_LOCAL, size, "12345678901234567890");
		refuses(nlh);
	}
	nlh = message_address(buffer, RTM_NEWADDR, "192.0.2.1", 7, 0);
	mnl_attr_put(nlh, IFA_FLAGS, 3, "123");
	refuses(nlh);
	refuses(message_route(buffer, RTM_NEWROUTE, AF_INET, 33, 0));
	refuses(message_route(buffer, RTM_NEWROUTE, AF_INET6, 129, 0));
}

static void prefers_the_32_bit_flags(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_address(buffer, RTM_NEWADDR, "2001:db8::1", 7, 0);
	struct dirty marks = {0};

	(void)state;
	mnl_attr_put_u32(nlh, IFA_FLAGS, IFA_F_TENTATIVE | IFA_F_STABLE_PRIVACY);
	assert_int_equal(event_parse(nlh, &marks), 1);
	assert_true(marks.omen);
}

static void counts_links_once_and_overflows_to_all(void **state)
{
	struct dirty marks = {0};

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 1; i <= DIRTY_LINKS_MAX; i++)
			mark_link(&marks, i, i % 2);
		assert_int_equal(marks.n_links, DIRTY_LINKS_MAX);
		assert_false(marks.all);
	}
	assert_int_equal(marks.itself, 0x55555555);
	assert_true(dirty_has_link(&marks, DIRTY_LINKS_MAX));
	assert_false(dirty_has_link(&marks, DIRTY_LINKS_MAX + 1));
	mark_link(&marks, 2, true);
	assert_int_equal(marks.itself, 0x55555557);
	mark_link(&marks, DIRTY_LINKS_MAX + 1, true);
	assert_true(marks.all);
	assert_true(dirty_has_link(&marks, 4711));
	assert_int_equal(marks.n_links, DIRTY_LINKS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_what_may_have_changed),
		cmocka_unit_test(survives_every_truncation),
		cmocka_unit_test(survives_every_changed_byte),
		cmocka_unit_test(refuses_malformed_messages),
		cmocka_unit_test(prefers_the_32_bit_flags),
		cmocka_unit_test(counts_links_once_and_overflows_to_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
