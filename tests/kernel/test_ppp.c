/* SPDX-License-Identifier: MIT */
/* A point-to-point WAN set up in pppd's order of ioctls, on a tun device. */
#include <stdio.h>

#include "tests/kernel/ppp.h"
#include "tests/kernel/scene.h"

#define PEER "198.51.100.254"

enum { QUIET = 200 };

/* The usual scene with interface = ppp*; the case is skipped where there is no tun device. */
static void begin(struct scene *s)
{
	if (!ppp_possible()) {
		printf("# /dev/net/tun cannot be opened: run as root\n");
		skip();
	}
	wire_down(s->g, SIDE_INSIDE, "wan0");
	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "interface = ppp*\n", SCENE_NAME, 8080,
			 "/nic/update");
}

static void expect_no_peer(struct scene *s)
{
	scene_expect_quiet(s, QUIET);
	assert_int_equal(serve_count(&s->web, PEER, NULL), 0);
}

static void dial_publishes_the_local_address_once(void **state)
{
	struct scene *s = *state;

	begin(s);
	daemon_start(&s->d);
	ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.10", PEER);
	scene_expect(s, "192.0.2.10", 1);
	expect_no_peer(s);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
}

static void half_configured_link_is_not_published(void **state)
{
	struct scene *s = *state;

	begin(s);
	daemon_start(&s->d);
	ppp_open(s->g, "ppp0");
	ppp_address(s->g, "ppp0", "192.0.2.10", PEER);
	scene_expect_quiet(s, QUIET);
	wire_up(s->g, SIDE_INSIDE, "ppp0");
	scene_expect_quiet(s, QUIET);
	wire_route(s->g, SIDE_INSIDE, "ppp0", "default", NULL);
	scene_expect(s, "192.0.2.10", 1);
}

static void renegotiated_address_on_the_live_link_is_published(void **state)
{
	struct scene *s = *state;

	begin(s);
	daemon_start(&s->d);
	ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.10", PEER);
	scene_expect(s, "192.0.2.10", 1);
	ppp_address(s->g, "ppp0", "203.0.113.20", PEER);
	wire_route(s->g, SIDE_INSIDE, "ppp0", "default", NULL);
	scene_expect(s, "203.0.113.20", 1);
	expect_no_peer(s);
}

static void redial_on_a_new_device_is_published(void **state)
{
	static const char *const addresses[] = {"192.0.2.20", "203.0.113.30", "192.0.2.40"};
	struct scene *s = *state;
	pid_t line;
	unsigned index;

	begin(s);
	daemon_start(&s->d);
	line = ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.10", PEER);
	scene_expect(s, "192.0.2.10", 1);
	for (size_t i = 0; i < 3; i++) {
		index = wire_index(s->g, SIDE_INSIDE, "ppp0");
		ppp_drop(s->g, line);
		line = ppp_open(s->g, "ppp0");
		assert_int_not_equal(wire_index(s->g, SIDE_INSIDE, "ppp0"), index);
		ppp_up(s->g, "ppp0", addresses[i], PEER);
		scene_expect(s, addresses[i], 1);
	}
	expect_no_peer(s);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 4);
}

static void redial_with_the_same_address_sends_nothing(void **state)
{
	struct scene *s = *state;
	pid_t line;

	begin(s);
	daemon_start(&s->d);
	line = ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.10", PEER);
	scene_expect(s, "192.0.2.10", 1);
	ppp_drop(s->g, line);
	scene_expect_quiet(s, QUIET);
	ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.10", PEER);
	expect_no_peer(s);
}

static void line_lost_while_sending_is_sent_again_after_the_redial(void **state)
{
	struct scene *s = *state;
	pid_t line;

	begin(s);
	daemon_start(&s->d);
	serve_web_as(&s->web, "/hang");
	line = ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.10", PEER);
	assert_true(serve_await(&s->web, 1, "192.0.2.10", NULL, 2000));
	ppp_drop(s->g, line);
	serve_web_as(&s->web, NULL);
	ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.20", PEER);
	scene_expect(s, "192.0.2.20", 1);
}

static void link_that_takes_over_the_name_is_followed(void **state)
{
	struct scene *s = *state;

	begin(s);
	daemon_start(&s->d);
	ppp_open(s->g, "ppp0");
	ppp_up(s->g, "ppp0", "192.0.2.10", PEER);
	scene_expect(s, "192.0.2.10", 1);
	wire_down(s->g, SIDE_INSIDE, "ppp0");
	ppp_open(s->g, "ppp1");
	ppp_up(s->g, "ppp1", "203.0.113.20", PEER);
	scene_expect(s, "203.0.113.20", 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(dial_publishes_the_local_address_once),
		SCENE_CASE(half_configured_link_is_not_published),
		SCENE_CASE(renegotiated_address_on_the_live_link_is_published),
		SCENE_CASE(redial_on_a_new_device_is_published),
		SCENE_CASE(redial_with_the_same_address_sends_nothing),
		SCENE_CASE(line_lost_while_sending_is_sent_again_after_the_redial),
		SCENE_CASE(link_that_takes_over_the_name_is_followed),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
