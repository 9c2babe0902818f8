/* SPDX-License-Identifier: MIT */
/* Events lost, damaged, forged, or too many of them. */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/kernel/batch.h"
#include "tests/kernel/forge.h"
#include "tests/kernel/inside.h"
#include "tests/kernel/links.h"
#include "tests/kernel/meddle.h"
#include "tests/kernel/table.h"
#include "tests/unit/message.h"

enum { QUIET = 250, SMALL_BUFFER = 4096, CHANGES = 1000, LEGS = 254, FUZZ_ROUNDS = 20 };

struct events {
	const struct daemon *d;
	const char *field;
	int64_t least;
};

static bool counted(void *arg)
{
	const struct events *e = arg;

	return inside_events(e->d, e->field) >= e->least;
}

static void await_events(struct scene *s, const char *field, int64_t least)
{
	struct events e = {&s->d, field, least};

	assert_true(ground_await(s->g, 2000, counted, &e, field));
}

static void expect_confirmed(struct scene *s)
{
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 1000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "confirmed", 1000));
}

static void case_091_last_of_a_burst_that_overflows_counts(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	plan->rcvbuf = SMALL_BUFFER;
	scene_settled(s);
	kill(s->d.pid, SIGSTOP); /* a reader slower than any buffer is large */
	links_addresses(s->g, "lo", true, CHANGES);
	links_addresses(s->g, "lo", false, CHANGES);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	kill(s->d.pid, SIGCONT);
	scene_expect(s, "192.0.2.20", 1);
	assert_true(inside_events(&s->d, "overruns") > 0);
	assert_true(inside_events(&s->d, "drops") > 0);
}

/* One failed receive: everything is read once more, and nothing follows from it. */
static void lose_once(struct scene *s, struct plan *plan, int error)
{
	int32_t before = plan->link_dumps;
	int64_t overruns = inside_events(&s->d, "overruns");

	plan->error = error;
	plan->errors = 1;
	meddle_nudge(s);
	await_events(s, "overruns", overruns + 1);
	scene_expect_quiet(s, QUIET);
	assert_int_equal(inside_events(&s->d, "overruns"), overruns + 1);
	assert_int_equal(plan->link_dumps, before + 1);
	expect_confirmed(s);
}

static void case_092_overrun_is_one_whole_read(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	scene_settled(s);
	lose_once(s, plan, ENOBUFS);
}

static void case_093_any_receive_error_is_an_overrun(void **state)
{
	static const int errors[] = {ENOMEM, EMSGSIZE, EIO};
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	scene_settled(s);
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		lose_once(s, plan, errors[i]);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

/* Events keep coming and none can be received: a socket a second, and each change is found. */
static void case_094_endless_overrun_is_met_with_fresh_sockets_at_leisure(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	int64_t until, cpu;
	int32_t watches;
	char text[256];

	scene_settled(s);
	watches = plan->watches;
	cpu = inside_cpu_us(s->d.pid);
	plan->error = ENOBUFS;
	plan->errors = -1;
	until = ground_now() + 2500 * INT64_C(1000000);
	while (ground_now() < until) {
		meddle_nudge(s);
		ground_nap(10);
		daemon_field(&s->d, SCENE_NAME " A", "state", text);
		assert_string_equal(text, "confirmed");
	}
	assert_in_range(plan->watches - watches, 2, 4);
	assert_true(inside_distorted(s->d.pid) || inside_cpu_us(s->d.pid) - cpu < 500000);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	plan->errors = 0;
	scene_redial(s, "192.0.2.20/24", "192.0.2.30/24");
	scene_expect(s, "192.0.2.30", 1);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 3);
}

static void case_095_change_between_drain_and_read_is_seen(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	scene_settled(s);
	plan->error = ENOBUFS;
	plan->hold = 1;
	plan->errors = 1;
	meddle_nudge(s);
	assert_true(meddle_await(s, &plan->held, 1, 1000));
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	plan->hold = 0;
	scene_expect(s, "192.0.2.20", 1);
	scene_expect_quiet(s, QUIET);
}

static void case_096_truncated_message_is_an_overrun(void **state)
{
	struct scene *s = *state;
	struct plan *plan = meddle(s);

	scene_settled(s);
	plan->truncations = 1;
	meddle_nudge(s);
	await_events(s, "overruns", 1);
	scene_expect_quiet(s, QUIET);
	expect_confirmed(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

/* One message of 4104 bytes, and an entry that does not fit the kernel's answer to a lookup. */
static void give_254_legs(struct scene *s)
{
	static char gateways[LEGS][16];
	static struct table_leg legs[LEGS];

	for (int i = 0; i < LEGS; i++) {
		snprintf(gateways[i], sizeof(gateways[i]), "192.0.2.%d", i == 9 ? 1 : i + 1);
		legs[i] = (struct table_leg){"wan0", gateways[i]};
	}
	table_replace(s->g, &(struct table_route){.to = "default", .legs = legs, .n_legs = LEGS});
	scene_expect_quiet(s, QUIET);
	assert_int_equal(inside_events(&s->d, "overruns"), 0);
	assert_true(inside_await(&s->d, "ipv4", "ready", "true", 500));
	expect_confirmed(s);
}

static void case_096_default_route_of_254_legs_fits(void **state)
{
	struct scene *s = *state;

	scene_settled(s);
	give_254_legs(s);
}

static void case_096_default_route_of_254_legs_is_followed(void **state)
{
	struct scene *s = *state;

	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "interface = auto\n", SCENE_NAME, 8080,
			 "/nic/update");
	scene_settled(s);
	give_254_legs(s);
}

static void case_097_forged_messages_are_ignored_and_counted(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	struct ifaddrmsg ifa = {.ifa_family = AF_INET, .ifa_prefixlen = 24};
	struct inside_socket socket;
	const uint8_t forged[4] = {192, 0, 2, 66};
	struct nlmsghdr *nlh;
	int32_t dumps;

	scene_settled(s);
	ifa.ifa_index = wire_index(s->g, SIDE_INSIDE, "wan0");
	nlh = message_start(buffer, RTM_NEWADDR, &ifa, sizeof(ifa));
	mnl_attr_put(nlh, IFA_LOCAL, sizeof(forged), forged);
	mnl_attr_put(nlh, IFA_ADDRESS, sizeof(forged), forged);
	assert_true(inside_socket(s->g, 0, &socket));
	dumps = plan->addr_dumps;
	forge_unicast(s->g, socket.port, nlh);
	forge_multicast(s->g, RTNLGRP_IPV4_IFADDR, nlh);
	await_events(s, "foreign", 2);
	scene_expect_quiet(s, QUIET);
	assert_int_equal(plan->addr_dumps, dumps);
	assert_int_equal(inside_events(&s->d, "foreign"), 2);
	assert_int_equal(serve_count(&s->web, "192.0.2.66", NULL), 0);
	expect_confirmed(s);
}

static uint32_t draw(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Lengths that are wrong by a little or a lot, and other bytes as they come; few datagrams that
 * are broken as a whole, as a socket with many of those is given up for a while. */
static size_t make_garbage(char bytes[static MESSAGE_MAX], uint32_t *seed, int index)
{
	static const uint16_t lengths[] = {0, 1, 3, 4, 5, 7, 8, 17, 21, 0xffff};
	static const uint8_t types[] = {RTM_NEWLINK, RTM_DELLINK,   RTM_NEWADDR,  RTM_DELADDR,
					RTM_NEWADDR, RTM_NEWROUTE,  RTM_DELROUTE, RTM_NEWRULE,
					RTM_DELRULE, RTM_NEWNEXTHOP};
	static const uint8_t families[] = {0, 2, 7, 10, 28, 200};
	struct nlmsghdr *nlh;
	size_t size;

	memset(bytes, 0, MESSAGE_MAX);
	nlh = message_link(bytes, RTM_NEWLINK, AF_UNSPEC, index, 1);
	mnl_attr_put(nlh, IFA_LOCAL, draw(seed) % 20, bytes + 1024);
	mnl_attr_put_u32(nlh, IFA_FLAGS, draw(seed));
	mnl_attr_put(nlh, RTA_MULTIPATH, draw(seed) % 40, bytes + 1024);
	size = nlh->nlmsg_len;
	nlh->nlmsg_type = draw(seed) % 8 ? types[draw(seed) % 10] : (uint16_t)(draw(seed) % 200);
	bytes[16] = (char)families[draw(seed) % sizeof(families)];
	bytes[17] = (char)(draw(seed) % 3 ? draw(seed) % 33 : 200);
	for (unsigned i = draw(seed) % 4; i > 0; i--) {
		size_t at = 32 + draw(seed) % (size - 36) / 4 * 4;

		memcpy(bytes + at, &lengths[draw(seed) % 10], sizeof(lengths[0]));
	}
	if (draw(seed) % 4 == 0)
		bytes[20 + draw(seed) % (size - 20)] = (char)draw(seed);
	if (draw(seed) % 128 == 0)
		nlh->nlmsg_len = draw(seed) % 2 ? draw(seed) % 64 : draw(seed);
	return draw(seed) % 128 ? size : draw(seed) % size + 1;
}

static void case_098_garbage_from_the_kernel_does_no_harm(void **state)
{
	_Alignas(struct nlmsghdr) char bytes[MESSAGE_MAX];
	struct scene *s = *state;
	struct plan *plan = meddle(s);
	uint32_t seed = 98;
	int index;

	scene_settled(s);
	index = (int)wire_index(s->g, SIDE_INSIDE, "wan0");
	for (int round = 0; round < FUZZ_ROUNDS; round++) {
		for (int i = 0; i < 500; i++) {
			size_t size = make_garbage(bytes, &seed, i % 2 ? index : i);

			meddle_gather(plan, bytes, size);
		}
		assert_true(meddle_deliver(s, plan));
	}
	scene_expect_quiet(s, QUIET);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
	printf("# case 98: %d of %d messages malformed\n", (int)inside_events(&s->d, "malformed"),
	       FUZZ_ROUNDS * 500);
	assert_true(inside_events(&s->d, "malformed") > 100);
	expect_confirmed(s);
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
}

/* Events of changes that a process asked for carry its numbers, not zeros. */
static void case_099_events_with_the_requesters_numbers_count(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct scene *s = *state;
	struct ifaddrmsg ifa = {.ifa_family = AF_INET, .ifa_prefixlen = 24};
	struct batch *batch = batch_new(s->g);
	const uint8_t local[4] = {192, 0, 2, 20};
	struct nlmsghdr *nlh;

	scene_settled(s);
	ifa.ifa_index = wire_index(s->g, SIDE_INSIDE, "wan0");
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	scene_expect_quiet(s, QUIET);
	nlh = message_start(buffer, RTM_NEWADDR, &ifa, sizeof(ifa));
	mnl_attr_put(nlh, IFA_LOCAL, sizeof(local), local);
	mnl_attr_put(nlh, IFA_ADDRESS, sizeof(local), local);
	nlh->nlmsg_flags = NLM_F_CREATE;
	nlh->nlmsg_seq = 0xdeadbeef;
	batch_put(batch, nlh);
	batch_free(batch);
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "192.0.2.1");
	scene_expect(s, "192.0.2.20", 1);
}

static void case_104_hanging_provider_does_not_keep_events_waiting(void **state)
{
	struct scene *s = *state;
	struct inside_socket socket;
	char from[32] = "192.0.2.10/24", to[32];

	daemon_configure(s->g, &s->d, "", DAEMON_RECORD "settle = 50ms\n", SCENE_NAME, 8080,
			 "/nic/update");
	scene_settled(s);
	serve_web_as(&s->web, "/hang");
	for (int i = 0; i < CHANGES / 2; i++) {
		snprintf(to, sizeof(to), "192.0.2.%d/24", 11 + i % 200);
		scene_redial(s, from, to);
		memcpy(from, to, sizeof(from));
	}
	ground_nap(QUIET);
	assert_true(inside_socket(s->g, 0, &socket));
	assert_int_equal(socket.queued, 0);
	assert_int_equal(socket.drops, 0);
	serve_web_as(&s->web, NULL);
	scene_redial(s, from, "192.0.2.250/24");
	assert_true(serve_await(&s->web, 1, "192.0.2.250", "good", 2000));
	scene_expect(s, "192.0.2.250", 1);
	serve_web_as(&s->web, "/hang");
	scene_redial(s, "192.0.2.250/24", "192.0.2.251/24");
	assert_true(serve_await(&s->web, 1, "192.0.2.251", "hang", 2000));
	assert_in_range(daemon_stop(&s->d, SIGTERM), 0, ground_patience(4500));
	assert_int_equal(s->d.exit_code, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(case_091_last_of_a_burst_that_overflows_counts),
		SCENE_CASE(case_092_overrun_is_one_whole_read),
		SCENE_CASE(case_093_any_receive_error_is_an_overrun),
		SCENE_CASE(case_094_endless_overrun_is_met_with_fresh_sockets_at_leisure),
		SCENE_CASE(case_095_change_between_drain_and_read_is_seen),
		SCENE_CASE(case_096_truncated_message_is_an_overrun),
		SCENE_CASE(case_096_default_route_of_254_legs_fits),
		SCENE_CASE(case_096_default_route_of_254_legs_is_followed),
		SCENE_CASE(case_097_forged_messages_are_ignored_and_counted),
		SCENE_CASE(case_098_garbage_from_the_kernel_does_no_harm),
		SCENE_CASE(case_099_events_with_the_requesters_numbers_count),
		SCENE_CASE(case_104_hanging_provider_does_not_keep_events_waiting),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
