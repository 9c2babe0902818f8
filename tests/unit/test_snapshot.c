/* SPDX-License-Identifier: MIT */
#include "netwatch/snapshot.c"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void expiry_is_the_soonest_end(void **state)
{
	struct address addresses[] = {{.preferred_s = UINT32_MAX},
				      {.preferred_s = 0},
				      {.preferred_s = 70},
				      {.preferred_s = 60},
				      {.preferred_s = 5, .flags = IFA_F_DEPRECATED}};
	struct link link = {
		.addresses = addresses,
		.n_addresses = 5,
		.read_at = 1000,
		.routes = {{.expires_s = UINT32_MAX}, {.expires_s = 40, .read_at = 30000}}};
	struct snapshot plain = {.links = &link,
				 .n_links = 1,
				 .routes = {{.expires_s = UINT32_MAX}, {.expires_s = UINT32_MAX}}};

	(void)state;
	assert_int_equal(snapshot_expiry(&plain), 61000 + LATE_MS);
	link.routes[1].read_at = 20000;
	assert_int_equal(snapshot_expiry(&plain), 60000 + LATE_MS);
	plain.routes[1] = (struct route){.expires_s = 1, .read_at = 500};
	assert_int_equal(snapshot_expiry(&plain), 1500 + LATE_MS);
	plain.n_links = 0;
	plain.routes[1].expires_s = 0;
	assert_int_equal(snapshot_expiry(&plain), -1);
}

static void a_route_keeps_its_end_until_it_has_outlived_it(void **state)
{
	enum { FOREVER = UINT32_MAX, END = 1000 + 3000 + LATE_MS };
	static const struct {
		uint32_t old_s, fresh_s;
		int64_t read_at;
		struct route other; /* what else of it differs */
		uint32_t want_s;
		int64_t want_at;
	} rows[] = {
		{3, FOREVER, 1500, {0}, 3, 1000},
		{3, FOREVER, END, {0}, 3, 1000},
		{3, FOREVER, END + DOUBT_MS - 1, {0}, 3, 1000},
		{3, FOREVER, END + DOUBT_MS, {0}, FOREVER, END + DOUBT_MS},
		{3, 2, 2000, {0}, 2, 2000},
		{3, 0, 4000, {0}, 0, 4000},
		{0, FOREVER, 2000, {0}, FOREVER, 2000},
		{FOREVER, FOREVER, 2000, {0}, FOREVER, 2000},
		{FOREVER, 9, 2000, {0}, 9, 2000},
		{3, FOREVER, 2000, {.error = -ENETUNREACH}, FOREVER, 2000},
		{3, FOREVER, 2000, {.ifindex = 1}, FOREVER, 2000},
		{3, FOREVER, 2000, {.metric = 1}, FOREVER, 2000},
		{3, FOREVER, 2000, {.table = 1}, FOREVER, 2000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct route old = {.expires_s = rows[i].old_s, .read_at = 1000};
		struct route fresh = rows[i].other;

		fresh.expires_s = rows[i].fresh_s;
		fresh.read_at = rows[i].read_at;
		snapshot_keep_end(&old, &fresh);
		if (fresh.expires_s != rows[i].want_s || fresh.read_at != rows[i].want_at)
			fail_msg("row %zu: %u s from %d", i, fresh.expires_s, (int)fresh.read_at);
	}
}

/* A router advertisement takes an address back some time before the kernel flags it. */
static void the_end_of_preference_is_a_change(void **state)
{
	struct address a = {.preferred_s = 100},
		       b = {.preferred_s = 50, .valid_s = 7, .created = 9};

	(void)state;
	assert_true(same_address(&a, &b));
	b.preferred_s = 0;
	assert_false(same_address(&a, &b));
	b = a;
	b.flags = IFA_F_TENTATIVE;
	assert_false(same_address(&a, &b));
	b = a;
	b.prefix_len = 25;
	assert_false(same_address(&a, &b));
}

static void links_match_by_any_name(void **state)
{
	struct link link = {.name = "ppp0", .altnames = {"uplink", "wan of the house"}};

	(void)state;
	assert_true(snapshot_link_matches(&link, "ppp0"));
	assert_true(snapshot_link_matches(&link, "ppp*"));
	assert_true(snapshot_link_matches(&link, "*"));
	assert_true(snapshot_link_matches(&link, "wan*"));
	assert_true(snapshot_link_matches(&link, "up?ink"));
	assert_false(snapshot_link_matches(&link, "ppp"));
	assert_false(snapshot_link_matches(&link, "eth*"));
	assert_false(snapshot_link_matches(&link, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expiry_is_the_soonest_end),
		cmocka_unit_test(a_route_keeps_its_end_until_it_has_outlived_it),
		cmocka_unit_test(the_end_of_preference_is_a_change),
		cmocka_unit_test(links_match_by_any_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
