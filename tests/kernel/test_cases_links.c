/* SPDX-License-Identifier: MIT */
/*
 * Links that are renamed, moved, replaced, enslaved, lose their carrier, or come in hundreds.
 * The text's half minutes are shorter here: what does not happen within QUIET does not happen.
 */
#include <signal.h>
#include <stdio.h>

#include "tests/kernel/inside.h"
#include "tests/kernel/links.h"
#include "tests/kernel/scene.h"

enum { QUIET = 250, INDEX = 50, CROWD = 500 };

/* The same scene with a settle time (D) to come back in. */
static void configure(struct scene *s, const char *settle, const char *interface)
{
	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "settle = %s\ninterface = %s\n", SCENE_NAME,
			 8080, "/nic/update", settle, interface);
}

static void expect_confirmed(struct scene *s)
{
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", 1000));
}

/* A link with an address and a default route under a name that is not asked for. */
static void other_link(struct scene *s, const char *name, const char *outside, const char *local)
{
	wire_veth(s->g, name, outside);
	wire_up(s->g, SIDE_OUTSIDE, outside);
	wire_up(s->g, SIDE_INSIDE, name);
	wire_add(s->g, SIDE_INSIDE, name, local);
}

static void case_065_renamed_away_and_back_in_time_changes_nothing(void **state)
{
	struct scene *s = *state;

	configure(s, "300ms", "wan0");
	scene_settled(s);
	wire_rename(s->g, SIDE_INSIDE, "wan0", "other0");
	assert_true(inside_await(&s->d, "ipv4", "why", "no link matches wan0", 1000));
	wire_rename(s->g, SIDE_INSIDE, "other0", "wan0");
	scene_expect_quiet(s, 2 * QUIET);
	expect_confirmed(s);
}

static void case_065_renamed_away_for_good_is_a_lost_link(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_rename(s->g, SIDE_INSIDE, "wan0", "other0");
	assert_true(inside_await(&s->d, "ipv4", "why", "no link matches wan0", 1000));
	wire_add(s->g, SIDE_INSIDE, "other0", "203.0.113.20/24");
	scene_expect_quiet(s, QUIET);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 500));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "waiting", 500));
}

static void case_066_link_renamed_to_the_watched_name_is_published(void **state)
{
	struct scene *s = *state;

	wire_rename(s->g, SIDE_INSIDE, "wan0", "other0");
	wire_add(s->g, SIDE_INSIDE, "other0", "192.0.2.10/24");
	wire_route(s->g, SIDE_INSIDE, "other0", "default", "192.0.2.1");
	daemon_start(&s->d);
	scene_expect_quiet(s, QUIET);
	wire_rename(s->g, SIDE_INSIDE, "other0", "wan0");
	scene_expect(s, "192.0.2.10", 1);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
}

static void case_067_another_link_that_takes_the_name_is_published(void **state)
{
	struct scene *s = *state;

	other_link(s, "next0", "isp9", "192.0.2.77/32");
	scene_settled(s);
	wire_rename(s->g, SIDE_INSIDE, "wan0", "other0");
	wire_rename(s->g, SIDE_INSIDE, "next0", "wan0");
	wire_unroute(s->g, SIDE_INSIDE, "other0", "default", "192.0.2.1");
	wire_add(s->g, SIDE_OUTSIDE, "isp9", "192.0.2.78/32");
	wire_route(s->g, SIDE_OUTSIDE, "isp9", "192.0.2.77/32", NULL);
	wire_route(s->g, SIDE_INSIDE, "wan0", "192.0.2.78/32", NULL);
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.78");
	scene_expect(s, "192.0.2.77", 1);
}

static void case_068_link_moved_away_and_back_is_read_again(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	links_move(s->g, SIDE_INSIDE, "wan0");
	assert_true(inside_await(&s->d, "ipv4", "why", "no link matches wan0", 1000));
	assert_false(inside_knows(&s->d, "wan0"));
	scene_expect_quiet(s, QUIET);
	links_move(s->g, SIDE_OUTSIDE, "wan0");
	wire_up(s->g, SIDE_INSIDE, "wan0");
	wire_dial(s->g, "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

static void case_069_reused_index_is_another_link(void **state)
{
	struct scene *s = *state;

	wire_remove(s->g, SIDE_INSIDE, "wan0");
	links_veth_at(s->g, INDEX, "wan0", "isp0");
	wire_up(s->g, SIDE_OUTSIDE, "isp0");
	wire_add(s->g, SIDE_OUTSIDE, "isp0", "192.0.2.1/24");
	wire_up(s->g, SIDE_INSIDE, "wan0");
	wire_await_carrier(s->g);
	scene_settled(s);
	wire_remove(s->g, SIDE_INSIDE, "wan0");
	links_bridge(s->g, "br0", INDEX);
	wire_up(s->g, SIDE_INSIDE, "br0");
	wire_add(s->g, SIDE_INSIDE, "br0", "203.0.113.20/24");
	wire_route(s->g, SIDE_INSIDE, "br0", "default", "203.0.113.1");
	scene_expect_quiet(s, QUIET);
	assert_false(inside_knows(&s->d, "br0"));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 500));
}

static void case_070_leaving_a_bridge_is_not_going_away(void **state)
{
	struct scene *s = *state;

	links_bridge(s->g, "br0", 0);
	wire_up(s->g, SIDE_INSIDE, "br0");
	scene_settled(s);
	links_enslave(s->g, "wan0", "br0");
	scene_expect_quiet(s, QUIET);
	links_enslave(s->g, "wan0", NULL);
	scene_expect_quiet(s, QUIET);
	assert_true(inside_knows(&s->d, "wan0"));
	expect_confirmed(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

static void case_071_lost_carrier_changes_nothing(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_down(s->g, SIDE_OUTSIDE, "isp0");
	scene_expect_quiet(s, 2 * QUIET);
	expect_confirmed(s);
	wire_up(s->g, SIDE_OUTSIDE, "isp0");
	wire_await_carrier(s->g);
	scene_expect_quiet(s, QUIET);
	expect_confirmed(s);
}

static void case_072_link_down_and_up_with_the_same_address_changes_nothing(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_down(s->g, SIDE_INSIDE, "wan0");
	assert_true(inside_await(&s->d, "ipv4", "why", "wan0 is down", 1000));
	scene_expect_quiet(s, 2 * QUIET);
	wire_up(s->g, SIDE_INSIDE, "wan0");
	wire_await_carrier(s->g);
	scene_expect_quiet(s, QUIET);
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	scene_expect_quiet(s, QUIET);
	expect_confirmed(s);
}

/* The daemon stands still while the burst arrives, so that it overflows any buffer. */
static void case_074_burst_of_new_links_hides_nothing(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	kill(s->d.pid, SIGSTOP);
	links_crowd(s->g, CROWD, 0);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	kill(s->d.pid, SIGCONT);
	scene_expect(s, "192.0.2.20", 1);
	assert_true(inside_events(&s->d, "overruns") > 0);
	assert_false(inside_knows(&s->d, "foreign7"));
	scene_redial(s, "192.0.2.20/24", "192.0.2.30/24");
	scene_expect(s, "192.0.2.30", 1);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 3);
}

static void case_075_longest_name_is_followed(void **state)
{
	struct scene *s = *state;

	configure(s, "0", "fifteen-letters");
	daemon_start(&s->d);
	wire_rename(s->g, SIDE_INSIDE, "wan0", "fifteen-letters");
	wire_add(s->g, SIDE_INSIDE, "fifteen-letters", "192.0.2.10/24");
	wire_route(s->g, SIDE_INSIDE, "fifteen-letters", "default", "192.0.2.1");
	scene_expect(s, "192.0.2.10", 1);
}

static void case_075_alternative_name_is_followed(void **state)
{
	struct scene *s = *state;

	configure(s, "0", "the-uplink-behind-the-shelf");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	scene_expect_quiet(s, QUIET);
	links_altname(s->g, "wan0", "the-uplink-behind-the-shelf");
	scene_expect(s, "192.0.2.10", 1);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

static void case_103_other_namespaces_are_not_ours(void **state)
{
	struct scene *s = *state;
	unsigned index = wire_index(s->g, SIDE_INSIDE, "wan0");
	int64_t before;

	scene_settled(s);
	if (wire_index(s->g, SIDE_OUTSIDE, "isp0") == index)
		wire_rename(s->g, SIDE_OUTSIDE, "isp0", "wan0");
	else
		links_pair(s->g, SIDE_OUTSIDE, "wan0", index, "wan0peer");
	before = inside_events(&s->d, "messages");
	assert_int_equal(wire_index(s->g, SIDE_OUTSIDE, "wan0"), index);
	wire_add(s->g, SIDE_OUTSIDE, "wan0", "203.0.113.99/24");
	scene_expect_quiet(s, QUIET);
	assert_int_equal(inside_events(&s->d, "messages"), before);
	assert_int_equal(serve_count(&s->web, "203.0.113.99", NULL), 0);
	expect_confirmed(s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(case_065_renamed_away_and_back_in_time_changes_nothing),
		SCENE_CASE(case_065_renamed_away_for_good_is_a_lost_link),
		SCENE_CASE(case_066_link_renamed_to_the_watched_name_is_published),
		SCENE_CASE(case_067_another_link_that_takes_the_name_is_published),
		SCENE_CASE(case_068_link_moved_away_and_back_is_read_again),
		SCENE_CASE(case_069_reused_index_is_another_link),
		SCENE_CASE(case_070_leaving_a_bridge_is_not_going_away),
		SCENE_CASE(case_071_lost_carrier_changes_nothing),
		SCENE_CASE(case_072_link_down_and_up_with_the_same_address_changes_nothing),
		SCENE_CASE(case_074_burst_of_new_links_hides_nothing),
		SCENE_CASE(case_075_longest_name_is_followed),
		SCENE_CASE(case_075_alternative_name_is_followed),
		SCENE_CASE(case_103_other_namespaces_are_not_ours),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
