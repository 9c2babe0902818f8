/* SPDX-License-Identifier: MIT */
#include "update/daemon/proof.c"

#include <linux/if_addr.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define COUNT(x) (sizeof(x) / sizeof((x)[0]))

/* Up to two links of one address each; one without a name is not there. */
struct row {
	const char *what;
	struct {
		const char *name, *kind, *addr;
		unsigned flags; /* of the address */
		bool down;
		enum { OUT_NONE, OUT4, OUT6, OUT_BOTH } out;
	} links[2];
	const char *lost;
	bool expected;
};

/* A source of IPv4 on ppp0. */
static const struct row rows[] = {
	{"nothing at all", .lost = "ppp0"},
	{"its own link and family, not to be published",
	 {{"ppp0", "", "10.0.0.5", .out = OUT4}},
	 .lost = "ppp0"},
	{"the same, after a restart", {{"ppp0", "", "10.0.0.5", .out = OUT4}}, .lost = ""},
	{"the other family of its link",
	 {{"ppp0", "", "2600::5", .out = OUT6}},
	 .lost = "ppp0",
	 .expected = true},
	{"the same, after a restart",
	 {{"ppp0", "", "2600::5", .out = OUT6}},
	 .lost = "",
	 .expected = true},
	{"no way out", {{"ppp0", "", "2600::5", .out = OUT_NONE}}, .lost = "ppp0"},
	{"a way out of the wrong family", {{"ppp0", "", "2600::5", .out = OUT4}}, .lost = "ppp0"},
	{"link-local", {{"ppp0", "", "fe80::5", .out = OUT_BOTH}}, .lost = "ppp0"},
	{"unique local", {{"ppp0", "", "fd00::5", .out = OUT_BOTH}}, .lost = "ppp0"},
	{"tentative",
	 {{"ppp0", "", "2600::5", .flags = IFA_F_TENTATIVE, .out = OUT6}},
	 .lost = "ppp0"},
	{"another link",
	 {{"ppp0", "", "10.0.0.5", .out = OUT4}, {"lte0", "", "10.1.0.5", .out = OUT4}},
	 .lost = "ppp0",
	 .expected = true},
	{"another link, after a restart",
	 {{"lte0", "", "203.0.113.5", .out = OUT4}},
	 .lost = "",
	 .expected = true},
	{"another link that is down",
	 {{"lte0", "", "10.1.0.5", .down = true, .out = OUT4}},
	 .lost = "ppp0"},
	{"a tunnel", {{"wg0", "wireguard", "10.1.0.5", .out = OUT4}}, .lost = "ppp0"},
	{"the link it was on before",
	 {{"ppp0", "", "10.0.0.5", .out = OUT4}},
	 .lost = "ppp7",
	 .expected = true},
};

static void add(struct snapshot *snapshot, const struct row *row, size_t i, struct address *address)
{
	static const struct route none = {.error = -1};
	struct link *link = &snapshot->links[snapshot->n_links++];

	*address = (struct address){.flags = row->links[i].flags, .preferred_s = 60};
	assert_int_equal(addr_parse(row->links[i].addr, &address->addr), 0);
	*link = (struct link){.ifindex = (unsigned)i + 1,
			      .flags = row->links[i].down ? 0 : IFF_UP,
			      .addresses = address,
			      .n_addresses = 1};
	snprintf(link->name, sizeof(link->name), "%s", row->links[i].name);
	snprintf(link->kind, sizeof(link->kind), "%s", row->links[i].kind);
	if (!(row->links[i].out & OUT4))
		link->routes[FAMILY_IPV4] = none;
	if (!(row->links[i].out & OUT6))
		link->routes[FAMILY_IPV6] = none;
}

static void shows_that_the_machine_is_online(void **state)
{
	static const char *const interfaces[] = {"ppp0"};
	const struct rule rule = {
		.family = FAMILY_IPV4, .interfaces = interfaces, .n_interfaces = 1};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address addresses[2];
		struct link links[2];
		struct snapshot snapshot = {.links = links};

		for (size_t j = 0; j < 2; j++)
			if (rows[i].links[j].name)
				add(&snapshot, &rows[i], j, &addresses[j]);
		if (proof_of_life(&snapshot, &rule, rows[i].lost) != rows[i].expected)
			fail_msg("%s", rows[i].what);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_that_the_machine_is_online),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
