/* SPDX-License-Identifier: MIT */
#include "netwatch/standing.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { WAN0 = 2, WAN1 = 3 };

/* Two links with an address and a way out each; a case takes something away. */
struct scene {
	struct address addresses[2];
	struct link links[2];
	struct snapshot snapshot;
	struct rule rule;
	struct question question;
};

static const char *const both[] = {"wan1", "wan*"};

static void set_up(struct scene *scene)
{
	*scene = (struct scene){.rule = {.interfaces = both, .n_interfaces = 2}};
	for (unsigned i = 0; i < 2; i++) {
		scene->addresses[i] =
			(struct address){.addr = {AF_INET, {9, 0, 0, (uint8_t)(i + 1)}},
					 .preferred_s = UINT32_MAX,
					 .valid_s = UINT32_MAX};
		scene->links[i] = (struct link){.ifindex = WAN0 + i,
						.name = {'w', 'a', 'n', (char)('0' + i)},
						.flags = IFF_UP,
						.addresses = &scene->addresses[i],
						.n_addresses = 1};
		scene->links[i].routes[FAMILY_IPV4].ifindex = WAN0 + i;
	}
	scene->snapshot = (struct snapshot){.links = scene->links, .n_links = 2};
	scene->question = (struct question){&scene->snapshot, &scene->rule, NULL};
}

static unsigned best(const struct scene *scene)
{
	const struct link *link = standing_best(&scene->question);

	return link ? link->ifindex : 0;
}

static void the_rule_orders_the_ready(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	assert_int_equal(best(&scene), WAN1);
	scene.rule.interfaces = &both[1];
	scene.rule.n_interfaces = 1;
	assert_int_equal(best(&scene), WAN0);
}

static void ready_comes_before_order(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	scene.links[1].routes[FAMILY_IPV4].error = -101;
	assert_int_equal(standing_judge(&scene.question, &scene.links[1]), STANDING_WAITING);
	assert_int_equal(best(&scene), WAN0);
	set_up(&scene);
	scene.links[1].flags = 0;
	assert_int_equal(best(&scene), WAN0);
	set_up(&scene);
	scene.links[1].n_addresses = 0;
	assert_int_equal(standing_judge(&scene.question, &scene.links[1]), STANDING_EMPTY);
	assert_int_equal(best(&scene), WAN0);
}

static void a_link_not_asked_for_is_foreign(void **state)
{
	static const char *const ppp[] = {"ppp*"};
	struct scene scene;

	(void)state;
	set_up(&scene);
	scene.rule.interfaces = ppp;
	scene.rule.n_interfaces = 1;
	assert_int_equal(standing_judge(&scene.question, &scene.links[0]), STANDING_FOREIGN);
	assert_int_equal(best(&scene), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rule_orders_the_ready),
		cmocka_unit_test(ready_comes_before_order),
		cmocka_unit_test(a_link_not_asked_for_is_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
