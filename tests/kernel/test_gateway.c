/* SPDX-License-Identifier: MIT */
/* A gateway with one IPv4 WAN on a veth: which changes lead to a request, and which do not. */
#include "tests/kernel/scene.h"

enum { QUIET = 200 };

static void address_and_route_are_published(void **state)
{
	struct scene *s = *state;

	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	scene_expect(s, "192.0.2.10", 1);
}

static void address_there_before_the_start_is_published(void **state)
{
	struct scene *s = *state;

	wire_dial(s->g, "192.0.2.10/24");
	daemon_start(&s->d);
	scene_expect(s, "192.0.2.10", 1);
}

static void address_without_default_route_waits_for_it(void **state)
{
	struct scene *s = *state;

	daemon_start(&s->d);
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	scene_expect_quiet(s, QUIET);
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	scene_expect(s, "192.0.2.10", 1);
}

static void changed_address_is_published_once(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	scene_redial(s, "192.0.2.20/24", "203.0.113.30/24");
	scene_expect(s, "203.0.113.30", 1);
	scene_expect_quiet(s, QUIET);
}

static void removed_address_sends_nothing(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	scene_expect_quiet(s, QUIET);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 1000));
}

static void same_address_again_sends_nothing(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.10/24");
	scene_expect_quiet(s, QUIET);
	wire_add_full(s->g, SIDE_INSIDE, "wan0",
		      &(struct wire_addr){.local = "192.0.2.10/24", .replace = true});
	scene_expect_quiet(s, QUIET);
}

static void second_address_is_published_when_the_first_goes(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "203.0.113.20/24");
	scene_expect_quiet(s, QUIET);
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "203.0.113.1");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	scene_expect(s, "203.0.113.20", 1);
}

static void secondary_address_comes_and_goes_unnoticed(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.20/24");
	scene_expect_quiet(s, QUIET);
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.20/24");
	scene_expect_quiet(s, QUIET);
}

static void deprecated_address_gives_way(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "203.0.113.20/24");
	wire_add_full(
		s->g, SIDE_INSIDE, "wan0",
		&(struct wire_addr){
			.local = "192.0.2.10/24", .valid = 600, .preferred = 0, .replace = true});
	scene_expect(s, "203.0.113.20", 1);
}

static void address_whose_preferred_time_ends_gives_way(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "203.0.113.20/24");
	wire_add_full(
		s->g, SIDE_INSIDE, "wan0",
		&(struct wire_addr){
			.local = "192.0.2.10/24", .valid = 600, .preferred = 2, .replace = true});
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "myip=203.0.113.20", 5000));
	scene_expect(s, "203.0.113.20", 1);
}

static void renewed_lifetimes_send_nothing(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	for (uint32_t i = 0; i < 50; i++)
		wire_add_full(s->g, SIDE_INSIDE, "wan0",
			      &(struct wire_addr){.local = "192.0.2.10/24",
						  .valid = 7200 + i,
						  .preferred = 3600 + i,
						  .replace = true});
	scene_expect_quiet(s, QUIET);
}

static void private_address_is_not_published(void **state)
{
	struct scene *s = *state;

	daemon_start(&s->d);
	wire_dial(s->g, "10.0.0.2/24");
	scene_expect_quiet(s, QUIET);
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	scene_expect(s, "192.0.2.10", 1);
	assert_int_equal(serve_count(&s->web, "10.0.0.2", NULL), 0);
}

static void another_link_is_not_looked_at(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_veth(s->g, "lan0", "host0");
	wire_up(s->g, SIDE_INSIDE, "lan0");
	wire_add(s->g, SIDE_INSIDE, "lan0", "203.0.113.99/28");
	scene_expect_quiet(s, QUIET);
}

static void link_down_and_up_with_the_same_address_sends_nothing(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_down(s->g, SIDE_INSIDE, "wan0");
	scene_expect_quiet(s, QUIET);
	wire_up(s->g, SIDE_INSIDE, "wan0");
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	scene_expect_quiet(s, QUIET);
}

static void address_changed_while_the_link_is_down_is_published_when_up(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_down(s->g, SIDE_INSIDE, "wan0");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.20/24");
	scene_expect_quiet(s, QUIET);
	wire_up(s->g, SIDE_INSIDE, "wan0");
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	scene_expect(s, "192.0.2.20", 1);
}

static void started_with_the_link_down_waits_for_it(void **state)
{
	struct scene *s = *state;

	wire_down(s->g, SIDE_INSIDE, "wan0");
	wire_add(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	daemon_start(&s->d);
	scene_expect_quiet(s, QUIET);
	wire_up(s->g, SIDE_INSIDE, "wan0");
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	scene_expect(s, "192.0.2.10", 1);
}

static void recreated_link_is_followed_by_name(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	wire_remove(s->g, SIDE_INSIDE, "wan0");
	wire_wan_link(s->g);
	wire_dial(s->g, "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

static void renamed_link_is_followed_by_name(void **state)
{
	struct scene *s = *state;

	daemon_start(&s->d);
	wire_rename(s->g, SIDE_INSIDE, "wan0", "eth7");
	wire_add(s->g, SIDE_INSIDE, "eth7", "192.0.2.10/24");
	wire_route(s->g, SIDE_INSIDE, "eth7", "default", "192.0.2.1");
	scene_expect_quiet(s, QUIET);
	wire_rename(s->g, SIDE_INSIDE, "eth7", "wan0");
	scene_expect(s, "192.0.2.10", 1);
}

static void flapping_address_ends_at_the_last_one(void **state)
{
	static const char *const addresses[] = {"192.0.2.20/24", "192.0.2.10/24"};
	struct scene *s = *state;
	int before;

	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "settle = 60ms\n", SCENE_NAME, 8080,
			 "/nic/update");
	scene_settled(s);
	before = serve_count(&s->web, NULL, NULL);
	for (int i = 0; i < 41; i++)
		scene_redial(s, addresses[(i + 1) % 2], addresses[i % 2]);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.20", 3000));
	scene_expect_quiet(s, QUIET);
	/* 41 redials take well under settle-max: a burst is one change */
	assert_in_range(serve_count(&s->web, NULL, NULL) - before, 1, 3);
}

/* The daemon may be some flaps behind: until no request has come for a while. */
static void await_rest(const struct scene *s)
{
	int seen = -1, count = serve_count(&s->web, SCENE_NAME, NULL);

	while (count != seen) {
		seen = count;
		ground_nap(QUIET);
		count = serve_count(&s->web, SCENE_NAME, NULL);
	}
}

static void flapping_without_settle_time_ends_at_the_last_one(void **state)
{
	static const char *const addresses[] = {"192.0.2.20/24", "192.0.2.10/24"};
	struct scene *s = *state;

	scene_settled(s);
	for (int i = 0; i < 41; i++)
		scene_redial(s, addresses[(i + 1) % 2], addresses[i % 2]);
	await_rest(s);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.20", 3000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", 1000));
}

static void sigterm_ends_it_cleanly(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	assert_in_range(daemon_stop(&s->d, 15), 0, ground_patience(4500));
	assert_int_equal(s->d.exit_code, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(address_and_route_are_published),
		SCENE_CASE(address_there_before_the_start_is_published),
		SCENE_CASE(address_without_default_route_waits_for_it),
		SCENE_CASE(changed_address_is_published_once),
		SCENE_CASE(removed_address_sends_nothing),
		SCENE_CASE(same_address_again_sends_nothing),
		SCENE_CASE(second_address_is_published_when_the_first_goes),
		SCENE_CASE(secondary_address_comes_and_goes_unnoticed),
		SCENE_CASE(deprecated_address_gives_way),
		SCENE_CASE(address_whose_preferred_time_ends_gives_way),
		SCENE_CASE(renewed_lifetimes_send_nothing),
		SCENE_CASE(private_address_is_not_published),
		SCENE_CASE(another_link_is_not_looked_at),
		SCENE_CASE(link_down_and_up_with_the_same_address_sends_nothing),
		SCENE_CASE(address_changed_while_the_link_is_down_is_published_when_up),
		SCENE_CASE(started_with_the_link_down_waits_for_it),
		SCENE_CASE(recreated_link_is_followed_by_name),
		SCENE_CASE(renamed_link_is_followed_by_name),
		SCENE_CASE(flapping_address_ends_at_the_last_one),
		SCENE_CASE(flapping_without_settle_time_ends_at_the_last_one),
		SCENE_CASE(sigterm_ends_it_cleanly),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
