/* SPDX-License-Identifier: MIT */
#include "netwatch/contest.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { MANY = CHOICE_MAX + 4 };

/* One ready link with many addresses, 9.0.0.1 the newest. */
struct scene {
	struct address addresses[MANY];
	struct link link;
	struct snapshot snapshot;
	struct rule rule;
	struct question question;
};

static const char *const wan0[] = {"wan0"};

static void set_up(struct scene *scene, size_t n)
{
	*scene = (struct scene){.rule = {.interfaces = wan0, .n_interfaces = 1}};
	for (size_t i = 0; i < n; i++)
		scene->addresses[i] =
			(struct address){.addr = {AF_INET, {9, 0, 0, (uint8_t)(i + 1)}},
					 .preferred_s = UINT32_MAX,
					 .valid_s = UINT32_MAX,
					 .created = (uint32_t)(1000 - i)};
	scene->link = (struct link){.ifindex = 2,
				    .name = "wan0",
				    .flags = IFF_UP,
				    .addresses = scene->addresses,
				    .n_addresses = n};
	scene->link.routes[FAMILY_IPV4].ifindex = 2;
	scene->snapshot = (struct snapshot){.links = &scene->link, .n_links = 1};
	scene->question = (struct question){&scene->snapshot, &scene->rule, NULL};
}

static void the_newest_of_equals_wins(void **state)
{
	struct contest contest;
	struct scene scene;

	(void)state;
	set_up(&scene, 3);
	contest_hold(&scene.question, &scene.link, &contest);
	assert_int_equal(contest.n, 1);
	assert_int_equal(contest.best[0].addr.bytes[3], 1);
	scene.addresses[2].created = 2000;
	contest_hold(&scene.question, &scene.link, &contest);
	assert_int_equal(contest.best[0].addr.bytes[3], 3);
}

static void creation_stamps_wrap(void **state)
{
	struct contest contest;
	struct scene scene;

	(void)state;
	set_up(&scene, 2);
	scene.addresses[0].created = UINT32_MAX - 5;
	scene.addresses[1].created = 5;
	contest_hold(&scene.question, &scene.link, &contest);
	assert_int_equal(contest.best[0].addr.bytes[3], 2);
}

static void all_are_taken_up_to_the_cap_in_order(void **state)
{
	struct contest contest;
	struct scene scene;

	(void)state;
	set_up(&scene, MANY);
	scene.rule.combine = RULE_COMBINE_ALL;
	contest_hold(&scene.question, &scene.link, &contest);
	assert_int_equal(contest.n, CHOICE_MAX);
	assert_int_equal(contest.left_out, MANY - CHOICE_MAX);
	for (size_t i = 1; i < contest.n; i++)
		assert_true(addr_compare(&contest.best[i - 1].addr, &contest.best[i].addr) < 0);
}

static void what_is_published_stays(void **state)
{
	struct choice published = {.n = 1, .addrs = {{AF_INET, {9, 0, 0, 3}}}};
	struct contest contest;
	struct scene scene;

	(void)state;
	set_up(&scene, 3);
	scene.question.published = &published;
	contest_hold(&scene.question, &scene.link, &contest);
	assert_int_equal(contest.best[0].addr.bytes[3], 3);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_of_equals_wins),
		cmocka_unit_test(creation_stamps_wrap),
		cmocka_unit_test(all_are_taken_up_to_the_cap_in_order),
		cmocka_unit_test(what_is_published_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
