/* SPDX-License-Identifier: MIT */
/* The command's reading of the kernel against netwatch's: two implementations, one truth. */
#include "update/ctl/kernel.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "netwatch/event.h"
#include "netwatch/query.h"
#include "netwatch/survey.h"
#include "tests/unit/netns.h"

static const char *const everything[] = {"*"};
static const struct interest all_links = {.patterns = everything, .n_patterns = 1, .routed = true};

/* Routes by down links and the loopback are asked for by neither. */
static void expect_same_route(const struct route *ours, const struct route *theirs)
{
	assert_int_equal(!ours->error, !theirs->error);
	if (ours->error)
		return;
	assert_int_equal(ours->ifindex, theirs->ifindex);
	assert_int_equal(ours->metric, theirs->metric);
	assert_int_equal(ours->table, theirs->table);
	if (ours->expires_s == UINT32_MAX || theirs->expires_s == UINT32_MAX)
		assert_int_equal(ours->expires_s, theirs->expires_s);
}

static const struct address *find_address(const struct link *link, const struct ipaddr *addr)
{
	for (size_t i = 0; i < link->n_addresses; i++)
		if (addr_equal(&link->addresses[i].addr, addr))
			return &link->addresses[i];
	return NULL;
}

static void expect_same_addresses(const struct link *ours, const struct link *theirs)
{
	assert_int_equal(ours->n_addresses, theirs->n_addresses);
	for (size_t i = 0; i < ours->n_addresses; i++) {
		const struct address *a = &ours->addresses[i];
		const struct address *b = find_address(theirs, &a->addr);

		assert_non_null(b);
		assert_true(addr_equal(&a->peer, &b->peer));
		assert_int_equal(a->prefix_len, b->prefix_len);
		assert_int_equal(a->scope, b->scope);
		assert_int_equal(a->flags, b->flags);
		assert_int_equal(a->created, b->created);
	}
}

/* Ours were read before. */
static void expect_later_lifetimes(const struct link *ours, const struct link *theirs)
{
	for (size_t i = 0; i < ours->n_addresses; i++) {
		const struct address *a = &ours->addresses[i];
		const struct address *b = find_address(theirs, &a->addr);

		assert_non_null(b);
		assert_true(a->preferred_s >= b->preferred_s);
		assert_true(a->valid_s >= b->valid_s);
		assert_int_equal(a->preferred_s == UINT32_MAX, b->preferred_s == UINT32_MAX);
		assert_int_equal(a->valid_s == UINT32_MAX, b->valid_s == UINT32_MAX);
	}
}

static void expect_same_link(const struct link *ours, const struct link *theirs)
{
	assert_int_equal(ours->ifindex, theirs->ifindex);
	assert_string_equal(ours->name, theirs->name);
	assert_string_equal(ours->kind, theirs->kind);
	assert_int_equal(ours->flags, theirs->flags);
	assert_int_equal(ours->operstate, theirs->operstate);
	for (size_t i = 0; i < LINK_ALTNAMES_MAX; i++)
		assert_string_equal(ours->altnames[i], theirs->altnames[i]);
	expect_same_addresses(ours, theirs);
	for (size_t f = 0; f < FAMILY_COUNT && !(ours->flags & IFF_LOOPBACK); f++)
		expect_same_route(&ours->routes[f], &theirs->routes[f]);
}

/* Nothing has changed of itself (carrier, duplicate address detection) from before to after. */
static bool read_between(struct snapshot *before, struct snapshot *ours, struct snapshot *after)
{
	struct dirty marks = {.all = true};
	struct query *query = NULL;

	assert_int_equal(query_open(&query), 0);
	assert_true(survey_read(before, query, &all_links, &marks, 1) >= 0);
	assert_int_equal(kernel_read(ours), 0);
	assert_true(survey_read(after, query, &all_links, &marks, 1) >= 0);
	query_close(query);
	return snapshot_equal(before, after);
}

static void expect_agreement(void)
{
	struct snapshot before = {0}, ours = {0}, after = {0};

	for (int i = 0; !read_between(&before, &ours, &after); i++) {
		assert_true(i < 1000);
		kernel_free(&ours);
	}
	assert_int_equal(ours.n_links, before.n_links);
	for (size_t i = 0; i < ours.n_links; i++) {
		expect_same_link(&ours.links[i], &before.links[i]);
		expect_later_lifetimes(&before.links[i], &ours.links[i]);
		expect_later_lifetimes(&ours.links[i], &after.links[i]);
	}
	for (size_t f = 0; f < FAMILY_COUNT; f++)
		expect_same_route(&ours.routes[f], &before.routes[f]);
	kernel_free(&ours);
	snapshot_done(&before);
	snapshot_done(&after);
}

/* Each step is added to what the ones before have left. */
static const char *const steps[] = {
	"link set lo up\n",
	"link add wan0 type veth peer name isp0\n"
	"link add wan1 type veth peer name isp1\n"
	"link set wan0 up\n"
	"link set isp0 up\n",
	"link property add dev wan0 altname office\n"
	"link property add dev wan0 altname uplink-to-the-internet\n",
	"addr add 192.0.2.10/24 dev wan0\n"
	"addr add 192.0.2.11/24 dev wan0\n"
	"addr add 198.51.100.1 peer 198.51.100.254 dev wan0\n"
	"addr add 2001:db8::1/64 dev wan0 nodad\n"
	"addr add 2001:db8::2/64 dev wan0 nodad valid_lft 3600 preferred_lft 0\n"
	"addr add 2001:db8::3/64 dev wan0 valid_lft 7200 preferred_lft 1800\n",
	/* The trap: without a route by it, IPv4 calls every destination on-link. */
	"link set wan1 up\n"
	"link set isp1 up\n"
	"addr add 203.0.113.5/24 dev wan1\n",
	"route add default via 192.0.2.1\n",
	"route add default via fe80::1 dev wan0\n",
	"route add default via 203.0.113.1 metric 500\n",
	"route add default via 203.0.113.1 table 100\n"
	"route add default via fe80::2 dev wan1 table 100\n",
	"route del default via 203.0.113.1 metric 500\n",
	"rule add from 203.0.113.5 lookup 100\n",
	/* `ip -batch` has one family for all of a batch. */
	"!ip -6 rule add from 2001:db8:1::/48 lookup 100",
	"route del default\n"
	"route add 0.0.0.0/1 via 192.0.2.1\n"
	"route add 128.0.0.0/1 via 192.0.2.1\n"
	"route del ::/0\n"
	"route add 2000::/3 via fe80::1 dev wan0\n",
	"route del 0.0.0.0/1\n"
	"route del 128.0.0.0/1\n"
	"route add default nexthop via 192.0.2.1 dev wan0 nexthop via 203.0.113.1 dev wan1\n",
	"route del default\n"
	"nexthop add id 7 via 192.0.2.1 dev wan0\n"
	"route add default nhid 7\n",
	"route del default\n"
	"route add unreachable default\n"
	"route del 2000::/3\n"
	"route add blackhole ::/0\n",
	"route del default\n"
	"route del blackhole ::/0\n"
	"link set wan0 down\n",
	"link del wan1\n",
};

static void both_read_the_same(void **state)
{
	(void)state;
	if (!netns_enter())
		skip();
	expect_agreement();
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		print_message("# step %zu: %.40s\n", i, steps[i]);
		assert_int_equal(*steps[i] == '!' ? system(steps[i] + 1) : netns_batch(steps[i]),
				 0);
		expect_agreement();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_read_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
