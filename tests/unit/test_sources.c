/* SPDX-License-Identifier: MIT */
#include "update/daemon/sources.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <linux/if.h>
#include <cmocka.h>

/* A kernel of one link, wan0, with at most two IPv4 addresses. */
struct scene {
	struct cfg cfg;
	struct cfg_source cfg_source;
	struct cfg_record record;
	char *interfaces[2];
	struct sources *sources;
	struct source *source;
	struct snapshot snapshot;
	struct link link;
	struct address addresses[2];
};

static char wan0[] = "wan0", name[] = "wan";
static char documentation[] = "documentation", *allow[] = {documentation};

static struct scene *scene_new(int64_t settle_ms)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->interfaces[0] = wan0;
	scene->cfg_source = (struct cfg_source){
		.name = name,
		.interfaces = scene->interfaces,
		.n_interfaces = 1,
		.allow = allow,
		.n_allow = 1,
		.settle_ms = settle_ms,
		.settle_max_ms = 1000,
	};
	scene->record.type = RECORD_TYPE_A;
	scene->record.on_loss_ms = -1;
	scene->cfg.sources = &scene->cfg_source;
	scene->cfg.n_sources = 1;
	scene->cfg.records = &scene->record;
	scene->cfg.n_records = 1;
	assert_int_equal(sources_new(&scene->cfg, &scene->sources), 0);
	scene->source = sources_of(scene->sources, &scene->record);
	scene->link = (struct link){.ifindex = 3,
				    .name = "wan0",
				    .flags = IFF_UP | IFF_RUNNING,
				    .operstate = 6,
				    .addresses = scene->addresses};
	scene->link.routes[FAMILY_IPV4].ifindex = 3;
	scene->link.routes[FAMILY_IPV6].error = -101;
	scene->snapshot.links = &scene->link;
	scene->snapshot.n_links = 1;
	return scene;
}

static void scene_free(struct scene *scene)
{
	sources_free(scene->sources);
	free(scene);
}

/* The link's addresses become 203.0.113.FIRST and .SECOND (0: without). */
static bool feed_with(struct scene *scene, uint8_t first, uint8_t second, int64_t now)
{
	uint8_t last[] = {first, second};

	scene->link.n_addresses = 0;
	for (int i = 0; i < 2; i++)
		if (last[i] > 0)
			scene->addresses[scene->link.n_addresses++] = (struct address){
				.addr = {AF_INET, {203, 0, 113, last[i]}},
				.prefix_len = 24,
				.preferred_s = UINT32_MAX,
				.valid_s = UINT32_MAX,
			};
	return sources_feed(scene->sources, &scene->snapshot, now);
}

/* Its second link, wan1 with 203.0.113.9, ready or not. */
static void add_link(struct scene *scene, struct link links[2], struct address *address)
{
	static char wan1[] = "wan1";

	*address = (struct address){.addr = {AF_INET, {203, 0, 113, 9}},
				    .prefix_len = 24,
				    .preferred_s = UINT32_MAX,
				    .valid_s = UINT32_MAX};
	links[1] = (struct link){.ifindex = 4,
				 .name = "wan1",
				 .flags = IFF_UP | IFF_RUNNING,
				 .operstate = 6,
				 .addresses = address,
				 .n_addresses = 1};
	links[1].routes[FAMILY_IPV4].ifindex = 4;
	scene->snapshot.links = links;
	scene->snapshot.n_links = 2;
	scene->interfaces[1] = wan1;
	scene->source->rule.n_interfaces = 2;
	failback_init(&scene->source->failback, 1000);
}

static uint8_t settled_byte(const struct scene *scene)
{
	const struct choice *settled = &scene->source->settle.settled;

	return settled->n > 0 ? settled->addrs[0].bytes[3] : 0;
}

static void feeds_only_what_is_used(void **state)
{
	struct scene *scene = scene_new(0);

	(void)state;
	assert_int_equal(scene->sources->n, 2);
	assert_int_equal(scene->sources->interest.n_patterns, 1);
	assert_string_equal(scene->sources->interest.patterns[0], "wan0");
	assert_false(scene->sources->interest.routed);
	assert_true(feed_with(scene, 5, 0, 10));
	assert_true(scene->source->read);
	assert_false(scene->sources->list[RECORD_TYPE_AAAA].read);
	scene_free(scene);
}

static void settles_at_once_without_a_wait(void **state)
{
	struct scene *scene = scene_new(0);

	(void)state;
	assert_true(feed_with(scene, 5, 0, 10));
	assert_true(scene->source->changed && !source_settling(scene->source));
	assert_int_equal(settled_byte(scene), 5);
	assert_int_equal(scene->source->event_at, 10);
	assert_int_equal(sources_due(scene->sources), -1);
	scene->source->changed = false;
	assert_false(feed_with(scene, 5, 0, 20));
	assert_int_equal(scene->source->event_at, 10);
	scene_free(scene);
}

static void waits_until_it_is_quiet(void **state)
{
	struct scene *scene = scene_new(50);

	(void)state;
	assert_true(feed_with(scene, 5, 0, 100));
	assert_false(scene->source->changed);
	assert_int_equal(sources_due(scene->sources), 150);
	assert_true(feed_with(scene, 6, 0, 120));
	assert_int_equal(sources_due(scene->sources), 170);
	assert_false(sources_tick(scene->sources, 169));
	assert_true(sources_tick(scene->sources, 170));
	assert_int_equal(settled_byte(scene), 6);
	assert_int_equal(scene->source->event_at, 120);
	scene_free(scene);
}

static void remembers_when_it_lost_its_address(void **state)
{
	struct scene *scene = scene_new(50);

	(void)state;
	assert_true(feed_with(scene, 0, 0, 100));
	assert_int_equal(scene->source->lost_at, 100);
	feed_with(scene, 5, 0, 200);
	sources_tick(scene->sources, 250);
	assert_int_equal(scene->source->lost_at, -1);
	feed_with(scene, 0, 0, 300);
	assert_int_equal(scene->source->lost_at, -1);
	sources_tick(scene->sources, 350);
	assert_int_equal(scene->source->lost_at, 350);
	scene_free(scene);
}

static void keeps_what_is_published(void **state)
{
	struct scene *fresh = scene_new(0), *restarted = scene_new(0);
	struct ipaddr published = {AF_INET, {203, 0, 113, 7}};
	struct addrs addrs = {&published, 1};

	(void)state;
	feed_with(fresh, 5, 7, 10);
	assert_int_equal(settled_byte(fresh), 5);
	source_remember(restarted->source, &addrs);
	feed_with(restarted, 5, 7, 10);
	assert_int_equal(settled_byte(restarted), 7);
	scene_free(fresh);
	scene_free(restarted);
}

static void knows_what_is_stale(void **state)
{
	struct scene *scene = scene_new(50);
	struct addrs sent, none = {.n = 0};
	struct ipaddr list[CHOICE_MAX];

	(void)state;
	feed_with(scene, 5, 0, 0);
	sources_tick(scene->sources, 50);
	memcpy(list, scene->source->settle.settled.addrs, sizeof(list));
	sent = source_addrs(&scene->source->settle.settled, 1);
	sent.list = list;
	assert_int_equal(sent.n, 1);
	assert_true(source_still(scene->source, &sent, 1));
	assert_false(source_still(scene->source, &none, 1));
	/* Before it has settled. */
	feed_with(scene, 6, 0, 60);
	assert_false(source_still(scene->source, &sent, 1));
	feed_with(scene, 5, 0, 70);
	assert_true(source_still(scene->source, &sent, 1));
	scene->link.routes[FAMILY_IPV4] = (struct route){.error = -101};
	feed_with(scene, 5, 0, 80);
	assert_false(source_still(scene->source, &sent, 1));
	feed_with(scene, 0, 0, 90);
	assert_true(source_still(scene->source, &none, 1));
	scene_free(scene);
}

static void goes_back_by_time_alone(void **state)
{
	struct scene *scene = scene_new(50);
	struct link links[2];
	struct address address;

	(void)state;
	add_link(scene, links, &address);
	links[0] = scene->link;
	sources_feed(scene->sources, &scene->snapshot, 0);
	sources_tick(scene->sources, 50);
	assert_int_equal(settled_byte(scene), 9);
	assert_false(sources_settling(scene->sources));
	feed_with(scene, 5, 0, 100);
	links[0] = scene->link;
	sources_feed(scene->sources, &scene->snapshot, 100);
	assert_false(sources_settling(scene->sources));
	assert_int_equal(sources_due(scene->sources), 1100);
	assert_true(sources_tick(scene->sources, 1100));
	assert_int_equal(scene->source->event_at, 1100);
	assert_true(sources_settling(scene->sources));
	/* Still not published, and not to be held again. */
	sources_feed(scene->sources, &scene->snapshot, 1120);
	assert_int_equal(sources_due(scene->sources), 1150);
	assert_true(sources_tick(scene->sources, 1150));
	assert_int_equal(settled_byte(scene), 5);
	assert_int_equal(sources_due(scene->sources), -1);
	scene_free(scene);
}

/* So that the record's own why follows. */
static void another_reason_for_none_is_told(void **state)
{
	struct scene *scene = scene_new(0);

	(void)state;
	feed_with(scene, 0, 0, 1000);
	scene->source->changed = false;
	assert_false(feed_with(scene, 0, 0, 1100));
	scene->link.flags = 0;
	assert_true(feed_with(scene, 0, 0, 1200));
	assert_string_equal(scene->source->now.why, "wan0 is down");
	assert_int_equal(scene->source->event_at, 1000);
	assert_false(feed_with(scene, 0, 0, 1300));
	scene_free(scene);
}

/* Records may have taken over an address from before. */
static void a_first_reading_of_none_is_a_change(void **state)
{
	struct scene *scene = scene_new(50);

	(void)state;
	feed_with(scene, 0, 0, 100);
	assert_true(scene->source->changed);
	scene->source->changed = false;
	feed_with(scene, 0, 0, 200);
	assert_false(scene->source->changed);
	assert_int_equal(scene->source->lost_at, 100);
	scene_free(scene);
	scene = scene_new(50);
	feed_with(scene, 5, 0, 100);
	assert_false(scene->source->changed);
	scene_free(scene);
}

static void a_reload_does_not_begin_the_way_back_anew(void **state)
{
	struct scene *scene = scene_new(50), *next = scene_new(50), *other = scene_new(50);
	struct link links[3][2];
	struct address address;

	(void)state;
	add_link(scene, links[0], &address);
	links[0][0] = scene->link;
	sources_feed(scene->sources, &scene->snapshot, 0);
	sources_tick(scene->sources, 50);
	assert_int_equal(settled_byte(scene), 9);
	feed_with(scene, 5, 0, 100);
	links[0][0] = scene->link;
	sources_feed(scene->sources, &scene->snapshot, 100);
	assert_int_equal(sources_due(scene->sources), 1100);
	add_link(next, links[1], &address);
	sources_adopt(next->sources, scene->sources);
	sources_feed(next->sources, &scene->snapshot, 600);
	sources_tick(next->sources, 650);
	assert_int_equal(settled_byte(next), 9);
	assert_int_equal(sources_due(next->sources), 1100);
	sources_tick(next->sources, 1100);
	sources_tick(next->sources, 1150);
	assert_int_equal(settled_byte(next), 5);
	/* It asks for something else, and goes on from nothing. */
	add_link(other, links[2], &address);
	other->cfg_source.combine = CFG_COMBINE_ALL;
	sources_adopt(other->sources, scene->sources);
	sources_feed(other->sources, &scene->snapshot, 600);
	sources_tick(other->sources, 650);
	assert_int_equal(settled_byte(other), 5);
	scene_free(scene);
	scene_free(next);
	scene_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(feeds_only_what_is_used),
		cmocka_unit_test(settles_at_once_without_a_wait),
		cmocka_unit_test(waits_until_it_is_quiet),
		cmocka_unit_test(remembers_when_it_lost_its_address),
		cmocka_unit_test(keeps_what_is_published),
		cmocka_unit_test(knows_what_is_stale),
		cmocka_unit_test(goes_back_by_time_alone),
		cmocka_unit_test(another_reason_for_none_is_told),
		cmocka_unit_test(a_first_reading_of_none_is_a_change),
		cmocka_unit_test(a_reload_does_not_begin_the_way_back_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
