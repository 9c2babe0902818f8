/* SPDX-License-Identifier: MIT */
#include "update/ctl/finding.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "update/ctl/report.h"

/* wan0 with a global address and the way out, lan0 with a private one. */
struct world {
	struct address addresses[2];
	struct link links[3];
	struct snapshot snapshot;
	struct cfg_source source;
};

static char wan[] = "wan*", lan[] = "lan0", ppp[] = "ppp0", *wan_list[] = {wan},
	    *lan_list[] = {lan}, *ppp_list[] = {ppp}, *both[] = {ppp, wan},
	    *links_list[] = {wan, lan}, private[] = "private", *private_list[] = {private};

static void make_world(struct world *world)
{
	*world = (struct world){0};
	for (size_t i = 0; i < 2; i++)
		world->addresses[i].preferred_s = world->addresses[i].valid_s = UINT32_MAX;
	(void)addr_parse("9.9.9.9", &world->addresses[0].addr);
	(void)addr_parse("192.168.1.1", &world->addresses[1].addr);
	world->links[0] = (struct link){
		.ifindex = 1, .name = "lo", .flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK};
	world->links[1] =
		(struct link){.ifindex = 2, .name = "wan0", .flags = IFF_UP | IFF_RUNNING};
	world->links[2] =
		(struct link){.ifindex = 3, .name = "lan0", .flags = IFF_UP | IFF_RUNNING};
	for (size_t i = 0; i < 3; i++) {
		world->links[i].routes[FAMILY_IPV4].error = -ENETUNREACH;
		world->links[i].routes[FAMILY_IPV6].error = -ENETUNREACH;
	}
	for (size_t i = 0; i < 2; i++) {
		world->links[1 + i].addresses = &world->addresses[i];
		world->links[1 + i].n_addresses = 1;
	}
	world->links[1].routes[FAMILY_IPV4] = (struct route){.ifindex = 2, .metric = 100};
	world->snapshot = (struct snapshot){.links = world->links, .n_links = 3};
	world->snapshot.routes[FAMILY_IPV4] = world->links[1].routes[FAMILY_IPV4];
	world->snapshot.routes[FAMILY_IPV6].error = -ENETUNREACH;
}

static void find(struct world *world, enum record_type type, struct finding *ret)
{
	assert_int_equal(finding_make(&world->source, type, &world->snapshot, NULL, ret), 0);
}

static void expect_text(const struct finding *finding,
			void (*tell)(const struct finding *, struct buf *), const char *expected)
{
	struct buf text;

	buf_init(&text, FINDING_TEXT_MAX);
	tell(finding, &text);
	assert_false(text.failed);
	assert_string_equal(text.text, expected);
	buf_done(&text);
}

static void every_link_and_address_has_a_line(void **state)
{
	struct world world;
	struct finding finding;

	(void)state;
	make_world(&world);
	find(&world, RECORD_TYPE_A, &finding);
	assert_int_equal(finding.n_lines, 5);
	assert_ptr_equal(finding.lines[0].link, &world.links[0]);
	assert_int_equal(finding.lines[0].verdict, FINDING_REJECTED);
	assert_int_equal(finding.lines[1].verdict, FINDING_CHOSEN);
	assert_int_equal(finding.lines[2].verdict, FINDING_CHOSEN);
	assert_ptr_equal(finding.lines[2].address, &world.addresses[0]);
	assert_int_equal(finding.lines[4].verdict, FINDING_REJECTED);
	assert_non_null(strstr(finding.lines[4].why, "private"));
	finding_done(&finding);
}

struct outlook_row {
	char **interfaces;
	size_t n;
	const char *outlook;
	bool wan_down, no_way, tunnel, leased, by_address, v6, all, lift;
};

static const struct outlook_row outlooks[] = {
	{.outlook = "Changes when wan0 loses this address or goes down, or when the kernel reaches "
		    "the "
		    "IPv4 internet by another link."},
	{.leased = true,
	 .outlook =
		 "Changes when wan0 loses this address or goes down, when it is no longer "
		 "preferred "
		 "(in 1 h unless renewed), or when the kernel reaches the IPv4 internet by another "
		 "link."},
	{.interfaces = wan_list,
	 .n = 1,
	 .outlook = "Changes when wan0 loses this address or goes down, or when no IPv4 route is "
		    "left by "
		    "it."},
	{.interfaces = both,
	 .n = 2,
	 .outlook = "Changes when wan0 loses this address or goes down, or when a link named "
		    "before it "
		    "gets ready."},
	{.interfaces = links_list,
	 .n = 2,
	 .all = true,
	 .outlook = "Changes when wan0 loses this address or goes down, or when another of these "
		    "links "
		    "gets ready."},
	{.interfaces = wan_list,
	 .n = 1,
	 .no_way = true,
	 .outlook = "Is published as soon as the kernel has a route to the IPv4 internet by wan0. "
		    "`ready "
		    "= address` would not wait for it."},
	{.interfaces = wan_list,
	 .n = 1,
	 .wan_down = true,
	 .outlook = "Is published as soon as wan0 is up and the kernel has a route to the IPv4 "
		    "internet "
		    "by wan0."},
	{.interfaces = wan_list,
	 .n = 1,
	 .wan_down = true,
	 .by_address = true,
	 .outlook = "Is published as soon as wan0 is up."},
	{.interfaces = lan_list,
	 .n = 1,
	 .outlook = "Changes when a link called lan0 is up with a usable IPv4 address. `allow = "
		    "private` "
		    "would let 192.168.1.1 (lan0) be published."},
	{.interfaces = lan_list,
	 .n = 1,
	 .lift = true,
	 .outlook = "Is published as soon as the kernel has a route to the IPv4 internet by lan0. "
		    "`ready "
		    "= address` would not wait for it."},
	{.interfaces = ppp_list,
	 .n = 1,
	 .outlook = "Changes when a link called ppp0 is up with a usable IPv4 address."},
	{.no_way = true,
	 .outlook = "Changes when the kernel gets a route to the IPv4 internet; to publish without "
		    "one, "
		    "name the link with `interface`."},
	{.v6 = true,
	 .outlook = "Changes when the kernel gets a route to the IPv6 internet; to publish without "
		    "one, "
		    "name the link with `interface`."},
	{.tunnel = true,
	 .outlook =
		 "Changes when another link gets the route; `interface = wan0` would publish the "
		 "address of this one."},
};

static void set_up(struct world *world, const struct outlook_row *row)
{
	make_world(world);
	world->source.interfaces = row->interfaces;
	world->source.n_interfaces = row->n;
	world->source.ready = row->by_address ? CFG_READY_ADDRESS : CFG_READY_ROUTE;
	world->source.combine = row->all ? CFG_COMBINE_ALL : CFG_COMBINE_FIRST;
	world->source.allow = private_list;
	world->source.n_allow = row->lift;
	if (row->wan_down)
		world->links[1].flags = 0;
	if (row->wan_down || row->no_way) {
		world->links[1].routes[FAMILY_IPV4].error = -ENETUNREACH;
		world->snapshot.routes[FAMILY_IPV4].error = -ENETUNREACH;
	}
	if (row->tunnel)
		(void)snprintf(world->links[1].kind, LINK_KIND_MAX, "wireguard");
	if (row->leased)
		world->addresses[0].preferred_s = 3600;
}

static void what_would_change_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(outlooks) / sizeof(outlooks[0]); i++) {
		struct world world;
		struct finding finding;

		set_up(&world, &outlooks[i]);
		find(&world, outlooks[i].v6 ? RECORD_TYPE_AAAA : RECORD_TYPE_A, &finding);
		expect_text(&finding, finding_tell_outlook, outlooks[i].outlook);
		finding_done(&finding);
	}
}

static void source_route_and_choice_in_words(void **state)
{
	struct world world;
	struct finding finding;

	(void)state;
	make_world(&world);
	find(&world, RECORD_TYPE_A, &finding);
	expect_text(&finding, finding_tell_source,
		    "Source: the link the kernel routes by (interface = auto).");
	expect_text(&finding, finding_tell_route,
		    "The kernel reaches the IPv4 internet by wan0, metric 100.");
	expect_text(&finding, finding_tell_choice, "9.9.9.9");
	finding_done(&finding);

	world.source.interfaces = both;
	world.source.n_interfaces = 2;
	find(&world, RECORD_TYPE_AAAA, &finding);
	expect_text(&finding, finding_tell_source,
		    "Source: interface = ppp0, wan*, the first that is ready.");
	expect_text(&finding, finding_tell_route,
		    "The kernel has no way to the IPv6 internet: Network is unreachable.");
	expect_text(&finding, finding_tell_choice, "none");
	finding_done(&finding);
}

static void the_published_address_stays(void **state)
{
	struct address two[2] = {{.preferred_s = 100}, {.preferred_s = 200}};
	struct choice published = {.n = 1, .ifindex = 2, .interface = "wan0"};
	struct world world;
	struct finding finding;

	(void)state;
	make_world(&world);
	(void)addr_parse("9.9.9.1", &two[0].addr);
	(void)addr_parse("9.9.9.2", &two[1].addr);
	world.links[1].addresses = two;
	world.links[1].n_addresses = 2;
	find(&world, RECORD_TYPE_A, &finding);
	expect_text(&finding, finding_tell_choice, "9.9.9.2");
	finding_done(&finding);
	published.addrs[0] = two[0].addr;
	assert_int_equal(
		finding_make(&world.source, RECORD_TYPE_A, &world.snapshot, &published, &finding),
		0);
	expect_text(&finding, finding_tell_choice, "9.9.9.1");
	finding_done(&finding);
}

/* wan0 and lan0 are both ready. */
static void make_two_ways(struct world *world)
{
	make_world(world);
	world->links[2].routes[FAMILY_IPV4] = (struct route){.ifindex = 3};
	world->source.interfaces = links_list;
	world->source.n_interfaces = 2;
	world->source.allow = private_list;
	world->source.n_allow = 1;
	world->source.failback_ms = 30000;
}

static void a_failback_is_no_difference(void **state)
{
	struct choice daemon = {.n = 1,
				.interface = "lan0",
				.ready = true,
				.why = "lan0; back to wan0 once it has been ready 30s"};
	struct world world;
	struct finding finding;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	(void)state;
	make_two_ways(&world);
	daemon.addrs[0] = world.addresses[1].addr;
	find(&world, RECORD_TYPE_A, &finding);
	expect_text(&finding, finding_tell_choice, "9.9.9.9");
	assert_true(finding_reconcile(&finding, &daemon));
	assert_true(finding.stays);
	expect_text(&finding, finding_tell_choice, "192.168.1.1");
	assert_int_equal(finding.lines[1].verdict, FINDING_ELIGIBLE);
	assert_int_equal(finding.lines[2].verdict, FINDING_ELIGIBLE);
	assert_string_equal(
		finding.lines[2].why,
		"usable, but not for long enough; 192.168.1.1 on lan0 stays until then");
	assert_int_equal(finding.lines[3].verdict, FINDING_CHOSEN);
	assert_int_equal(finding.lines[4].verdict, FINDING_CHOSEN);
	expect_text(&finding, finding_tell_outlook,
		    "Changes when an earlier link has been ready for its `failback` time, or at "
		    "once when lan0 is lost.");
	report_print(&finding, "a A", to);
	(void)fclose(to);
	assert_non_null(strstr(text, "a A: 192.168.1.1 on lan0\n  lan0; back to wan0 once"));
	free(text);
	finding_done(&finding);
}

/* Otherwise what differs is told. */
static void the_choices_are_compared(void **state)
{
	static const struct {
		const char *address, *interface;
		int64_t failback_ms;
		bool unready, all, same;
	} rows[] = {
		{"9.9.9.9", "wan0", 30000, false, false, true},
		{"9.9.9.9", "wan0", 30000, true, false, false},
		{"9.9.9.8", "wan0", 30000, false, false, false},
		{"9.9.9.9", "lan0", 30000, false, false, false},
		{"192.168.1.1", "lan0", 30000, false, false, true},
		{"192.168.1.1", "lan0", 0, false, false, false},
		{"192.168.1.1", "lan0", 30000, true, false, false},
		{"192.168.1.1", "lan0", 30000, false, true, false},
		{"192.168.1.2", "lan0", 30000, false, false, false},
		{"", "", 30000, true, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct choice daemon = {.ready = !rows[i].unready};
		struct world world;
		struct finding finding;

		make_two_ways(&world);
		world.source.failback_ms = rows[i].failback_ms;
		world.source.combine = rows[i].all ? CFG_COMBINE_ALL : CFG_COMBINE_FIRST;
		daemon.n = addr_parse(rows[i].address, &daemon.addrs[0]) == 0;
		(void)snprintf(daemon.interface, IF_NAMESIZE, "%s", rows[i].interface);
		find(&world, RECORD_TYPE_A, &finding);
		if (finding_reconcile(&finding, &daemon) != rows[i].same)
			fail_msg("row %zu", i);
		finding_done(&finding);
	}
}

static void json_tells_the_same(void **state)
{
	char name[] = "wan";
	struct world world;
	struct finding finding;
	json_t *json, *line;

	(void)state;
	make_world(&world);
	world.source.name = name;
	find(&world, RECORD_TYPE_A, &finding);
	json = finding_json(&finding);
	assert_string_equal(json_string_value(json_object_get(json, "source")), "wan");
	assert_string_equal(json_string_value(json_object_get(json, "family")), "ipv4");
	line = json_object_get(json, "choice");
	assert_true(json_is_true(json_object_get(line, "ready")));
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(line, "addresses"), 0)),
		"9.9.9.9");
	assert_int_equal(json_array_size(json_object_get(json, "candidates")), 5);
	line = json_array_get(json_object_get(json, "candidates"), 2);
	assert_string_equal(json_string_value(json_object_get(line, "verdict")), "chosen");
	assert_string_equal(json_string_value(json_object_get(line, "class")), "global");
	json_decref(json);
	finding_done(&finding);
}

static void a_page_for_people(void **state)
{
	struct world world;
	struct finding finding;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	(void)state;
	make_world(&world);
	find(&world, RECORD_TYPE_A, &finding);
	report_print(&finding, "home.example.org A", to);
	(void)fclose(to);
	assert_memory_equal(text, "home.example.org A: 9.9.9.9 on wan0\n  Source: ", 46);
	assert_non_null(strstr(text, "\n  wan0  up                  wan0 is ready\n"));
	assert_non_null(strstr(text, "        9.9.9.9/0      yes  chosen\n"));
	finding_done(&finding);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_link_and_address_has_a_line),
		cmocka_unit_test(what_would_change_it),
		cmocka_unit_test(source_route_and_choice_in_words),
		cmocka_unit_test(the_published_address_stays),
		cmocka_unit_test(a_failback_is_no_difference),
		cmocka_unit_test(the_choices_are_compared),
		cmocka_unit_test(json_tells_the_same),
		cmocka_unit_test(a_page_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
