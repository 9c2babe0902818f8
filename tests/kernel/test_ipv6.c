/* SPDX-License-Identifier: MIT */
/* IPv6 and both families together: detection of duplicates, preference, independence. */
#include "tests/kernel/scene.h"

enum { QUIET = 300 };

/* The record's AAAA alone, the provider reached by IPv6. */
static void configure(struct scene *s)
{
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = dyndns2\nfamily = ipv6\n"
			 "url = http://[2001:db8:53::53]:8080/nic/update\nallow-plaintext = yes\n"
			 "username = user\npassword = opensesame\n");
	daemon_start(&s->d);
	wire_route(s->g, SIDE_INSIDE, "wan0", "default6", "fe80::1");
}

static void expect(struct scene *s, const char *ip)
{
	assert_true(daemon_await(&s->d, SCENE_NAME " AAAA", "confirmed", ip, 3000));
	assert_int_equal(serve_count(&s->web, SCENE_NAME, ip), 1);
}

static void tentative_address_waits_for_the_end_of_detection(void **state)
{
	struct scene *s = *state;

	configure(s);
	wire_add_full(s->g, SIDE_INSIDE, "wan0", &(struct wire_addr){.local = "2001:db8:1::10/64"});
	scene_expect_quiet(s, QUIET);
	expect(s, "2001:db8:1::10");
}

static void address_without_detection_is_published_at_once(void **state)
{
	struct scene *s = *state;

	configure(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "2001:db8:1::10/64");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "2001:db8:1::10", 500));
	expect(s, "2001:db8:1::10");
}

static void duplicate_address_is_never_published(void **state)
{
	struct scene *s = *state;

	wire_add(s->g, SIDE_OUTSIDE, "isp0", "2001:db8:1::66/64");
	configure(s);
	wire_add_full(s->g, SIDE_INSIDE, "wan0", &(struct wire_addr){.local = "2001:db8:1::66/64"});
	scene_expect_quiet(s, 2500);
	wire_add(s->g, SIDE_INSIDE, "wan0", "2001:db8:1::10/64");
	expect(s, "2001:db8:1::10");
	assert_int_equal(serve_count(&s->web, "2001:db8:1::66", NULL), 0);
}

static void deprecated_prefix_gives_way_to_the_new_one(void **state)
{
	struct scene *s = *state;

	configure(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "2001:db8:1::10/64");
	expect(s, "2001:db8:1::10");
	wire_add(s->g, SIDE_OUTSIDE, "isp0", "2001:db8:2::1/64");
	wire_add(s->g, SIDE_INSIDE, "wan0", "2001:db8:2::10/64");
	scene_expect_quiet(s, QUIET);
	wire_add_full(s->g, SIDE_INSIDE, "wan0",
		      &(struct wire_addr){.local = "2001:db8:1::10/64",
					  .preferred = 0,
					  .valid = 600,
					  .replace = true});
	expect(s, "2001:db8:2::10");
}

static void unique_local_and_link_local_are_not_published(void **state)
{
	struct scene *s = *state;

	configure(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "fd00::10/64");
	wire_add(s->g, SIDE_INSIDE, "wan0", "fe80::10/64");
	scene_expect_quiet(s, QUIET);
	wire_add(s->g, SIDE_INSIDE, "wan0", "2001:db8:1::10/64");
	expect(s, "2001:db8:1::10");
	assert_int_equal(serve_count(&s->web, "fd00::10", NULL), 0);
	assert_int_equal(serve_count(&s->web, "fe80::", NULL), 0);
}

static void router_advertised_lifetimes_send_nothing(void **state)
{
	struct scene *s = *state;

	configure(s);
	wire_add(s->g, SIDE_INSIDE, "wan0", "2001:db8:1::10/64");
	expect(s, "2001:db8:1::10");
	for (uint32_t i = 0; i < 50; i++)
		wire_add_full(s->g, SIDE_INSIDE, "wan0",
			      &(struct wire_addr){.local = "2001:db8:1::10/64",
						  .valid = 7200 + i,
						  .preferred = 3600 + i,
						  .replace = true});
	scene_expect_quiet(s, QUIET);
}

static void ipv4_does_not_wait_for_a_tentative_ipv6(void **state)
{
	struct scene *s = *state;

	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = dyndns2\nallow-plaintext = yes\n"
			 "url = http://198.51.100.53:8080/nic/update\n"
			 "username = user\npassword = opensesame\n");
	daemon_start(&s->d);
	wire_route(s->g, SIDE_INSIDE, "wan0", "default6", "fe80::1");
	wire_add_full(s->g, SIDE_INSIDE, "wan0", &(struct wire_addr){.local = "2001:db8:1::10/64"});
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, SCENE_NAME, "192.0.2.10", 400));
	assert_int_equal(serve_count(&s->web, "2001:db8:1::10", NULL), 0);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 1000));
	expect(s, "2001:db8:1::10");
}

static void loss_of_ipv6_leaves_ipv4_alone(void **state)
{
	struct scene *s = *state;

	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = dyndns2\nallow-plaintext = yes\n"
			 "url = http://198.51.100.53:8080/nic/update\n"
			 "username = user\npassword = opensesame\n");
	wire_dial(s->g, "192.0.2.10/24");
	wire_dial(s->g, "2001:db8:1::10/64");
	daemon_start(&s->d);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 2000));
	assert_true(daemon_await(&s->d, SCENE_NAME " AAAA", "confirmed", "2001:db8:1::10", 2000));
	wire_del(s->g, SIDE_INSIDE, "wan0", "2001:db8:1::10/64");
	scene_expect_quiet(s, QUIET);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 1000));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(tentative_address_waits_for_the_end_of_detection),
		SCENE_CASE(address_without_detection_is_published_at_once),
		SCENE_CASE(duplicate_address_is_never_published),
		SCENE_CASE(deprecated_prefix_gives_way_to_the_new_one),
		SCENE_CASE(unique_local_and_link_local_are_not_published),
		SCENE_CASE(router_advertised_lifetimes_send_nothing),
		SCENE_CASE(ipv4_does_not_wait_for_a_tentative_ipv6),
		SCENE_CASE(loss_of_ipv6_leaves_ipv4_alone),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
