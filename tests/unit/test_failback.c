/* SPDX-License-Identifier: MIT */
#include "update/daemon/failback.c"

#include <linux/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define HOLD  1000
#define STEPS 10

/* Two links with an address each; a link without a route is not ready. */
struct world {
	struct snapshot snapshot;
	struct link links[2];
	struct address addresses[2];
	struct rule rule;
	struct failback failback;
	struct choice published, last;
};

static const char *const wans[] = {"wan0", "wan1"};

static void world_init(struct world *world, const char *const *interfaces, size_t n)
{
	memset(world, 0, sizeof(*world));
	for (unsigned i = 0; i < 2; i++) {
		world->addresses[i] = (struct address){.addr = {AF_INET, {8, 8, 8, (uint8_t)i}},
						       .prefix_len = 24,
						       .preferred_s = UINT32_MAX,
						       .valid_s = UINT32_MAX};
		world->links[i] = (struct link){.ifindex = 3 + i,
						.flags = IFF_UP | IFF_RUNNING,
						.operstate = 6,
						.addresses = &world->addresses[i],
						.n_addresses = 1};
		memcpy(world->links[i].name, wans[i], 5);
	}
	world->snapshot = (struct snapshot){.links = world->links, .n_links = 2};
	world->rule =
		(struct rule){.family = FAMILY_IPV4, .interfaces = interfaces, .n_interfaces = n};
	failback_init(&world->failback, HOLD);
}

/* Which of the links are ready: "" "0" "1" "01". */
static void set_ready(struct world *world, const char *ready)
{
	for (int i = 0; i < 2; i++) {
		bool is = strchr(ready, '0' + i);

		world->links[i].routes[FAMILY_IPV4] =
			(struct route){.error = is ? 0 : -101, .ifindex = is ? 3 + i : 0};
	}
}

/* What is chosen is published, as if it settled at once. */
static const char *look(struct world *world, int64_t now)
{
	const struct failback_question q = {&world->snapshot, &world->rule, &world->published,
					    &world->last};
	struct choice choice;

	failback_choose(&world->failback, &q, now, &choice);
	world->last = choice;
	if (choice.ready)
		world->published = choice;
	return choice.ready ? world->last.interface : "";
}

struct step {
	int64_t at;
	const char *ready, *chosen;
	int64_t due;
};

static const struct row {
	const char *name;
	struct step steps[STEPS];
} rows[] = {
	{"the first choice is the best link", {{10, "01", "wan0", -1}}},
	{"away at once, back after the hold",
	 {{10, "01", "wan0", -1},
	  {20, "1", "wan1", -1},
	  {500, "01", "wan1", 1500},
	  {1499, "01", "wan1", 1500},
	  {1500, "01", "wan0", -1}}},
	{"the later link is lost meanwhile: back at once",
	 {{10, "1", "wan1", -1}, {20, "01", "wan1", 1020}, {30, "0", "wan0", -1}}},
	{"the better link fails meanwhile: its time starts anew",
	 {{10, "1", "wan1", -1},
	  {20, "01", "wan1", 1020},
	  {900, "1", "wan1", -1},
	  {950, "01", "wan1", 1950},
	  {1949, "01", "wan1", 1950},
	  {1950, "01", "wan0", -1}}},
	{"none, then the better one: nothing to stay on",
	 {{10, "1", "wan1", -1}, {20, "", "", -1}, {30, "0", "wan0", -1}, {40, "01", "wan0", -1}}},
	{"both come back together: the better one",
	 {{10, "1", "wan1", -1}, {20, "", "", -1}, {30, "01", "wan0", -1}}},
};

static void decides_by_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world world;

		world_init(&world, wans, 2);
		for (const struct step *step = rows[i].steps; step->chosen; step++) {
			const char *chosen;

			set_ready(&world, step->ready);
			chosen = look(&world, step->at);
			if (strcmp(chosen, step->chosen) != 0 ||
			    failback_due(&world.failback) != step->due)
				fail_msg("%s, at %lld: %s, due %lld", rows[i].name,
					 (long long)step->at, chosen,
					 (long long)failback_due(&world.failback));
		}
	}
}

/* wan1 is chosen, and wan0 ready again. */
static void be_held(struct world *world)
{
	set_ready(world, "1");
	look(world, 10);
	set_ready(world, "01");
	look(world, 20);
}

static void time_alone_ends_the_hold(void **state)
{
	struct world world;
	struct choice back = {.n = 0};

	(void)state;
	world_init(&world, wans, 2);
	be_held(&world);
	assert_string_equal(world.last.interface, "wan1");
	assert_false(failback_tick(&world.failback, 1019, &back));
	assert_int_equal(back.n, 0);
	assert_true(failback_tick(&world.failback, 1020, &back));
	assert_string_equal(back.interface, "wan0");
	assert_true(back.ready);
	assert_int_equal(failback_due(&world.failback), -1);
	assert_false(failback_tick(&world.failback, 1030, &back));
	/* On its way, but not published yet. */
	world.last = back;
	assert_string_equal(look(&world, 1040), "wan0");
}

static void says_what_it_waits_for(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, wans, 2);
	be_held(&world);
	assert_string_equal(world.last.why,
			    "8.8.8.1 on wan1; back to wan0 once it has been ready 1 s");
}

/* It was lost for a moment too short to settle. */
static void what_is_published_has_not_been_left(void **state)
{
	struct world world;
	struct choice published;

	(void)state;
	world_init(&world, wans, 2);
	set_ready(&world, "01");
	look(&world, 10);
	published = world.published;
	set_ready(&world, "1");
	assert_string_equal(look(&world, 20), "wan1");
	world.published = published;
	set_ready(&world, "01");
	assert_string_equal(look(&world, 30), "wan0");
}

static void nothing_else_waits(void **state)
{
	static const char *const any[] = {"wan*"};
	struct world world;

	(void)state;
	world_init(&world, wans, 2);
	world.failback.hold_ms = 0;
	be_held(&world);
	assert_string_equal(world.last.interface, "wan0");

	world_init(&world, wans, 2);
	world.rule.combine = RULE_COMBINE_ALL;
	be_held(&world);
	assert_int_equal(world.last.n, 2);

	/* Equal links have no order to go back to. */
	world_init(&world, any, 1);
	be_held(&world);
	assert_string_equal(world.last.interface, "wan1");
	assert_int_equal(failback_due(&world.failback), -1);

	/* auto: the kernel's own choice. */
	world_init(&world, NULL, 0);
	world.snapshot.routes[FAMILY_IPV4].ifindex = 4;
	set_ready(&world, "1");
	assert_string_equal(look(&world, 10), "wan1");
	world.snapshot.routes[FAMILY_IPV4].ifindex = 3;
	set_ready(&world, "01");
	assert_string_equal(look(&world, 20), "wan0");
}

/* Links come and go at random: a choice is ready if any link is, leaves a link that is ready only
 * for a better one that has been ready for the hold, and is the best one in the end. */
static void holds_for_any_sequence(void **state)
{
	static const char *const ready[] = {"", "0", "1", "01", "01"};
	unsigned random = 1;

	(void)state;
	for (int run = 0; run < 200; run++) {
		struct world world;
		int64_t now = 0, up_since = -1;
		char was[IF_NAMESIZE] = "";

		world_init(&world, wans, 2);
		for (int i = 0; i < 200; i++) {
			const char *is, *chosen;

			random = random * 1664525u + 1013904223u;
			is = ready[(random >> 16) % 5];
			now += (random >> 20) % 900;
			set_ready(&world, is);
			up_since = !strchr(is, '0') ? -1 : up_since < 0 ? now : up_since;
			chosen = look(&world, now);
			assert_int_equal(*chosen != 0, *is != 0);
			if (!strcmp(was, "wan1") && strchr(is, '1') && !strcmp(chosen, "wan0"))
				assert_true(now - up_since >= HOLD);
			if (!strcmp(was, "wan0") && strchr(is, '0'))
				assert_string_equal(chosen, "wan0");
			snprintf(was, sizeof(was), "%s", chosen);
		}
		set_ready(&world, "01");
		look(&world, now);
		assert_string_equal(look(&world, now + HOLD), "wan0");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides_by_the_table),
		cmocka_unit_test(time_alone_ends_the_hold),
		cmocka_unit_test(says_what_it_waits_for),
		cmocka_unit_test(what_is_published_has_not_been_left),
		cmocka_unit_test(nothing_else_waits),
		cmocka_unit_test(holds_for_any_sequence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
