/* SPDX-License-Identifier: MIT */
/* Names of other hosts of the LAN: the prefix of a link inside and the host's own part. The
 * provider is reached by the WAN all the while. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/scene.h"

#define NAS  SCENE_NAME " AAAA"
#define TEXT 16384

enum { QUIET = 200 };

/* A gateway with a LAN without addresses; the record is that of a host there. */
static void prepare(struct scene *s, const char *keys)
{
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = dyndns2\nfamily = ipv6\n"
			 "url = http://198.51.100.53:8080/nic/update\nallow-plaintext = yes\n"
			 "username = user\npassword = opensesame\ninterface = br-lan\n%s",
			 keys);
	wire_dial(s->g, "192.0.2.10/24");
	wire_veth(s->g, "br-lan", "lan-host");
	wire_up(s->g, SIDE_OUTSIDE, "lan-host");
	wire_up(s->g, SIDE_INSIDE, "br-lan");
	daemon_start(&s->d);
}

static void add(struct scene *s, const char *local)
{
	wire_add(s->g, SIDE_INSIDE, "br-lan", local);
}

static void deprecate(struct scene *s, const char *local)
{
	wire_add_full(
		s->g, SIDE_INSIDE, "br-lan",
		&(struct wire_addr){.local = local, .preferred = 0, .valid = 600, .replace = true});
}

/* Exactly `count` requests with that address came, and it is confirmed. */
static void expect(struct scene *s, const char *ip, int count)
{
	char text[80];

	snprintf(text, sizeof(text), "myip=%s&", ip);
	assert_true(daemon_await(&s->d, NAS, "confirmed", ip, 3000));
	assert_int_equal(serve_count(&s->web, SCENE_NAME, ip), count);
}

/* Nothing is sent, and the source's status and `nlddns explain` say why. */
static void expect_none(struct scene *s, const char *why)
{
	static char text[TEXT];
	json_t *status, *source;

	scene_expect_quiet(s, QUIET);
	status = daemon_status(&s->d);
	source = json_array_get(json_object_get(status, "sources"), 0);
	assert_string_equal(json_string_value(json_object_get(source, "why")), why);
	json_decref(status);
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "explain", SCENE_NAME), 0);
	if (!strstr(text, why))
		fail_msg("explain does not say '%s' but:\n%s", why, text);
	if (!strstr(text, "sees the same"))
		fail_msg("explain sees it differently:\n%s", text);
}

static void expect_explained(struct scene *s, const char *words)
{
	static char text[TEXT];

	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "explain", SCENE_NAME), 0);
	if (!strstr(text, words))
		fail_msg("explain does not say '%s' but:\n%s", words, text);
}

static void host_of_a_64_is_published(void **state)
{
	struct scene *s = *state;

	prepare(s, "suffix = ::1234:5678\n");
	scene_expect_quiet(s, QUIET);
	add(s, "2001:db8:a:1::1/64");
	expect(s, "2001:db8:a:1::1234:5678", 1);
	expect_explained(s, "chosen, as it is published; gives 2001:db8:a:1::1234:5678");
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
}

static void prefixes_of_any_length_follow_one_another(void **state)
{
	struct scene *s = *state;

	prepare(s, "suffix = ::7:0:0:0:5\n");
	add(s, "2001:db8:a:1f::1/60");
	expect(s, "2001:db8:a:17::5", 1);
	wire_del(s->g, SIDE_INSIDE, "br-lan", "2001:db8:a:1f::1/60");
	add(s, "2001:db8:b:ff::1/56");
	expect(s, "2001:db8:b:7::5", 1);
	wire_del(s->g, SIDE_INSIDE, "br-lan", "2001:db8:b:ff::1/56");
	add(s, "2001:db8:c:ff::1/61");
	expect(s, "2001:db8:c:ff::5", 1);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 3);
}

static void deprecated_prefix_gives_way_once_there_is_another(void **state)
{
	struct scene *s = *state;

	prepare(s, "suffix = ::5\n");
	add(s, "2001:db8:a:1::1/64");
	expect(s, "2001:db8:a:1::5", 1);
	deprecate(s, "2001:db8:a:1::1/64");
	scene_expect_quiet(s, QUIET);
	expect(s, "2001:db8:a:1::5", 1);
	add(s, "2001:db8:b:10::1/60");
	expect(s, "2001:db8:b:10::5", 1);
	assert_int_equal(serve_count(&s->web, NULL, NULL), 2);
}

static void second_prefix_waits_until_the_first_is_gone(void **state)
{
	struct scene *s = *state;

	prepare(s, "suffix = ::5\n");
	add(s, "2001:db8:b:2::1/64");
	expect(s, "2001:db8:b:2::5", 1);
	add(s, "2001:db8:a:1::1/64");
	ground_nap(30); /* the kernel's stamps are hundredths of a second */
	add(s, "2001:db8:c:3::1/56");
	scene_expect_quiet(s, QUIET);
	expect_explained(s, "usable, but 2001:db8:b:2::5 on br-lan comes first");
	wire_del(s->g, SIDE_INSIDE, "br-lan", "2001:db8:b:2::1/64");
	expect(s, "2001:db8:c::5", 1); /* the newest */
	assert_int_equal(serve_count(&s->web, NULL, NULL), 2);
}

static void only_the_prefix_counts(void **state)
{
	struct scene *s = *state;

	prepare(s, "suffix = ::5\n");
	add(s, "2001:db8:a:1::1/64");
	expect(s, "2001:db8:a:1::5", 1);
	add(s, "2001:db8:a:1::2/64");
	wire_del(s->g, SIDE_INSIDE, "br-lan", "2001:db8:a:1::1/64");
	add(s, "fd00::1/64");
	add(s, "fe80::1/64");
	for (uint32_t i = 0; i < 50; i++)
		wire_add_full(s->g, SIDE_INSIDE, "br-lan",
			      &(struct wire_addr){.local = "2001:db8:a:1::2/64",
						  .valid = 7200 + i,
						  .preferred = 3600 + i,
						  .replace = true});
	scene_expect_quiet(s, QUIET);
	expect(s, "2001:db8:a:1::5", 1);
}

static void mac_makes_the_host_part(void **state)
{
	struct scene *s = *state;

	prepare(s, "mac = 00:00:5E:00:53:01\n");
	add(s, "2001:db8:a:1::1/65");
	expect_none(s, "br-lan has no usable IPv6 prefix (2001:db8:a:1::1/65 reaches into the host "
		       "part ::200:5eff:fe00:5301)");
	add(s, "2001:db8:a:10::1/60");
	expect(s, "2001:db8:a:10:200:5eff:fe00:5301", 1);
}

static void overlap_is_said_and_sends_nothing(void **state)
{
	struct scene *s = *state;

	prepare(s, "suffix = ::8000:0:0:5\n");
	add(s, "2001:db8:a:1::1/65");
	expect_none(s, "br-lan has no usable IPv6 prefix (2001:db8:a:1::1/65 reaches into the host "
		       "part ::8000:0:0:5)");
	add(s, "2001:db8:a:2::1/64");
	expect(s, "2001:db8:a:2:8000::5", 1);
}

static void other_length_than_meant_is_said_and_sends_nothing(void **state)
{
	struct scene *s = *state;

	prepare(s, "suffix = ::5/64\n");
	add(s, "2001:db8:a:1::1/60");
	expect_none(s, "br-lan has no usable IPv6 prefix (2001:db8:a:1::1/60, and suffix is meant "
		       "for a /64)");
	add(s, "2001:db8:a:2::1/64");
	expect(s, "2001:db8:a:2::5", 1);
}

static void tentative_prefix_waits_for_the_end_of_detection(void **state)
{
	struct scene *s = *state;

	prepare(s, "suffix = ::5\n");
	wire_add_full(s->g, SIDE_INSIDE, "br-lan",
		      &(struct wire_addr){.local = "2001:db8:a:1::1/64"});
	scene_expect_quiet(s, QUIET);
	expect(s, "2001:db8:a:1::5", 1);
}

static void link_may_go_and_come_back(void **state)
{
	struct scene *s = *state;

	prepare(s, "suffix = ::5\n");
	add(s, "2001:db8:a:1::1/64");
	expect(s, "2001:db8:a:1::5", 1);
	wire_remove(s->g, SIDE_INSIDE, "br-lan");
	scene_expect_quiet(s, QUIET);
	wire_veth(s->g, "br-lan", "lan-host");
	wire_up(s->g, SIDE_OUTSIDE, "lan-host");
	wire_up(s->g, SIDE_INSIDE, "br-lan");
	add(s, "2001:db8:a:1::1/64");
	scene_expect_quiet(s, QUIET);
	expect(s, "2001:db8:a:1::5", 1);
	wire_del(s->g, SIDE_INSIDE, "br-lan", "2001:db8:a:1::1/64");
	add(s, "2001:db8:b:1::1/64");
	expect(s, "2001:db8:b:1::5", 1);
}

static void killed_daemon_sends_nothing_again(void **state)
{
	struct scene *s = *state;

	prepare(s, "suffix = ::5\n");
	add(s, "2001:db8:a:1::1/64");
	expect(s, "2001:db8:a:1::5", 1);
	daemon_stop(&s->d, SIGKILL);
	add(s, "2001:db8:b:1::1/64");
	daemon_start(&s->d);
	scene_expect_quiet(s, QUIET);
	expect(s, "2001:db8:a:1::5", 1);
}

/* A file has room for all addresses of a name. */
static void all_prefixes_at_once(void **state)
{
	static const char both[] = "2001:db8:a:1::5,2001:db8:b:10::5";
	struct scene *s = *state;
	char path[GROUND_PATH], text[TEXT];

	prepare(s, "suffix = ::5\n");
	daemon_stop(&s->d, SIGTERM);
	ground_path(s->g, path, "hosts");
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = hosts\nfile = %s\nfamily = ipv6\n"
			 "interface = br-lan\nsuffix = ::5\ncombine = all\n",
			 path);
	add(s, "2001:db8:a:1::1/64");
	add(s, "2001:db8:a:1::2/64");
	add(s, "2001:db8:b:10::1/60");
	daemon_start(&s->d);
	assert_true(daemon_await(&s->d, NAS, "confirmed", both, 3000));
	ground_read(path, text, sizeof(text));
	assert_non_null(strstr(text, "2001:db8:a:1::5"));
	assert_non_null(strstr(text, "2001:db8:b:10::5"));
	wire_del(s->g, SIDE_INSIDE, "br-lan", "2001:db8:a:1::1/64");
	ground_nap(QUIET);
	assert_true(daemon_await(&s->d, NAS, "confirmed", both, 1000));
	wire_del(s->g, SIDE_INSIDE, "br-lan", "2001:db8:a:1::2/64");
	assert_true(daemon_await(&s->d, NAS, "confirmed", "2001:db8:b:10::5", 3000));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(host_of_a_64_is_published),
		SCENE_CASE(prefixes_of_any_length_follow_one_another),
		SCENE_CASE(deprecated_prefix_gives_way_once_there_is_another),
		SCENE_CASE(second_prefix_waits_until_the_first_is_gone),
		SCENE_CASE(only_the_prefix_counts),
		SCENE_CASE(mac_makes_the_host_part),
		SCENE_CASE(overlap_is_said_and_sends_nothing),
		SCENE_CASE(other_length_than_meant_is_said_and_sends_nothing),
		SCENE_CASE(tentative_prefix_waits_for_the_end_of_detection),
		SCENE_CASE(link_may_go_and_come_back),
		SCENE_CASE(killed_daemon_sends_nothing_again),
		SCENE_CASE(all_prefixes_at_once),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
