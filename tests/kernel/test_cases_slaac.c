/* SPDX-License-Identifier: MIT */
/* Numbered cases: addresses made of router advertisements, renumbering, temporary addresses. */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/kernel/address.h"
#include "tests/kernel/advert.h"
#include "tests/kernel/stage.h"

#define OLD "2001:db8:a:"
#define NEW "2001:db8:b:"
#define END                \
	{                  \
		NULL, 0, 0 \
	}

/* Router lifetime, s. 60 s of advertisements, one a second, are scaled to 6 s of ten a second. */
enum { ROUTER = 1800, ADVERT_MS = 100, ADVERTS_MS = 6000, ADVERTS_LEAST = 30 };

/* An address is made of the prefix and published. */
static void publish(struct stage *s, uint32_t valid, uint32_t preferred,
		    char ip[static ADDRESS_TEXT])
{
	advert_send(s->g, "isp0", ROUTER,
		    (struct advert_prefix[]){{OLD ":", valid, preferred}, END});
	address_find(s->g, "wan0", OLD, IFA_F_TENTATIVE | IFA_F_TEMPORARY, 0, ip);
	stage_expect(s, ip);
}

static pid_t start_radvd(struct stage *s, int interval, const struct advert_prefix *prefixes)
{
	stage_sysctl(s, SIDE_OUTSIDE, "net/ipv6/conf/all/forwarding", 1);
	return advert_radvd(s->g, interval, prefixes);
}

/* The kernel tells of such an address when detection has ended, but lists it before: another event
 * makes the daemon read the list. */
static void case_044_autoconfigured_address_waits_for_the_end_of_detection(void **state)
{
	struct stage *s = *state;
	char ip[ADDRESS_TEXT];

	stage_detect_duplicates(s);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/neigh/wan0/retrans_time_ms", 600);
	stage_start(s, "ipv6", "");
	start_radvd(s, ADVERT_MS, (struct advert_prefix[]){{OLD ":", 600, 300}, END});
	address_find(s->g, "wan0", OLD, IFA_F_TENTATIVE, IFA_F_TENTATIVE, ip);
	wire_add(s->g, SIDE_INSIDE, "wan0", "fd00::9/64");
	stage_quiet(s);
	stage_expect_opinion(s, ip, "rejected", "tentative");
	assert_int_equal(address_flags(s->g, "wan0", ip) & IFA_F_TENTATIVE, IFA_F_TENTATIVE);
	stage_expect(s, ip);
	stage_quiet(s);
}

/* Preferred 5 s, valid 8 s: the kernel makes the next one after about 3 s, as detection is fast. */
static void use_temporary(struct stage *s)
{
	stage_detect_duplicates(s);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/use_tempaddr", 2);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/max_desync_factor", 0);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/temp_prefered_lft", 5);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/temp_valid_lft", 8);
}

/* The stable address that the prefix will give, while no address is there. */
static void foresee(struct stage *s, char ip[static ADDRESS_TEXT])
{
	char fe80[ADDRESS_TEXT];

	address_find(s->g, "wan0", "fe80:", IFA_F_TENTATIVE, 0, fe80);
	advert_send(s->g, "isp0", ROUTER, (struct advert_prefix[]){{OLD ":", 600, 300}, END});
	address_find(s->g, "wan0", OLD, 0, 0, ip);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/disable_ipv6", 1);
	address_await_gone(s->g, "wan0", ip);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/disable_ipv6", 0);
}

/* The kernel says by chance which is usable first. A duplicate of the stable address elsewhere
 * makes it the temporary one. */
static void case_048_temporary_addresses_are_not_published(void **state)
{
	struct stage *s = *state;
	char stable[ADDRESS_TEXT], temporary[ADDRESS_TEXT], local[ADDRESS_TEXT + 4];

	foresee(s, stable);
	use_temporary(s);
	snprintf(local, sizeof(local), "%s/64", stable);
	wire_add(s->g, SIDE_OUTSIDE, "isp0", local);
	stage_start(s, "ipv6", "");
	address_find(s->g, "wan0", "fe80:", IFA_F_TENTATIVE, 0, temporary);
	advert_send(s->g, "isp0", ROUTER, (struct advert_prefix[]){{OLD ":", 600, 300}, END});
	address_find(s->g, "wan0", OLD, IFA_F_TENTATIVE | IFA_F_TEMPORARY, IFA_F_TEMPORARY,
		     temporary);
	stage_quiet(s);
	stage_expect_opinion(s, temporary, "rejected", "temporary");
	wire_del(s->g, SIDE_OUTSIDE, "isp0", local);
	publish(s, 600, 300, local);
	assert_string_equal(local, stable);
	address_await(s->g, "wan0", temporary, IFA_F_DEPRECATED, IFA_F_DEPRECATED);
	address_find(s->g, "wan0", OLD, IFA_F_TEMPORARY | IFA_F_DEPRECATED, IFA_F_TEMPORARY,
		     temporary);
	stage_quiet(s);
	stage_expect_confirmed(s, stable);
}

static void case_049_temporary_address_asked_for_is_sent_once_a_generation(void **state)
{
	struct stage *s = *state;
	char first[ADDRESS_TEXT], next[256];
	int64_t flags;

	use_temporary(s);
	stage_start(s, "ipv6", "ipv6-select = temporary\n");
	advert_send(s->g, "isp0", ROUTER, (struct advert_prefix[]){{OLD ":", 600, 300}, END});
	address_find(s->g, "wan0", OLD, IFA_F_TENTATIVE | IFA_F_TEMPORARY, IFA_F_TEMPORARY, first);
	stage_expect(s, first);
	address_await(s->g, "wan0", first, IFA_F_DEPRECATED, IFA_F_DEPRECATED);
	assert_true(serve_await(&s->web, 2, STAGE_NAME, NULL, 2000));
	s->sent = 2;
	stage_quiet(s);
	daemon_field(&s->d, STAGE_NAME " AAAA", "confirmed", next);
	flags = address_flags(s->g, "wan0", next);
	assert_true(flags >= 0);
	assert_int_equal(flags & (IFA_F_TEMPORARY | IFA_F_DEPRECATED), IFA_F_TEMPORARY);
}

static int open_monitor(void)
{
	struct sockaddr_nl name = {.nl_family = AF_NETLINK,
				   .nl_groups = 1 << (RTNLGRP_IPV6_IFADDR - 1)};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0)
		fail_msg("netlink socket: %s", strerror(errno));
	return fd;
}

static int count_messages(int fd)
{
	char message[8192];
	int n = 0;

	while (recv(fd, message, sizeof(message), 0) > 0)
		n++;
	close(fd);
	return n;
}

/* The updater is started ahead of need as soon as anything settles: it must not be. */
static void case_050_unchanged_advertisements_cost_a_wake_up_each_and_no_more(void **state)
{
	struct stage *s = *state;
	int monitor, events, wakes, started;
	char ip[ADDRESS_TEXT];

	stage_start(s, "ipv6", "");
	start_radvd(s, ADVERT_MS, (struct advert_prefix[]){{OLD ":", 600, 300}, END});
	address_find(s->g, "wan0", OLD, IFA_F_TENTATIVE, 0, ip);
	stage_expect(s, ip);
	assert_true(daemon_await_updater(&s->d, false, 4000));
	started = daemon_logged(&s->d, "nlddns-updater started", NULL);
	monitor = open_monitor();
	wakes = -(int)stage_number(s, "status", "\nvoluntary_ctxt_switches:");
	ground_nap(ADVERTS_MS);
	wakes += (int)stage_number(s, "status", "\nvoluntary_ctxt_switches:");
	events = count_messages(monitor);
	printf("# case 050: %d address events, %d wake-ups\n", events, wakes);
	assert_in_range(events, ADVERTS_LEAST, 100 * ADVERTS_LEAST);
	/* the kernel's locks, which other tests hold too, cost a switch now and then; a timer would
	 * double them */
	assert_in_range(wakes, 0, events + events / 2);
	assert_int_equal(daemon_logged(&s->d, "nlddns-updater started", NULL), started);
	stage_quiet(s);
}

static void case_051_advertised_global_and_unique_local_prefix_is_one_update(void **state)
{
	struct stage *s = *state;
	char ip[ADDRESS_TEXT], ula[ADDRESS_TEXT];

	stage_start(s, "ipv6", "");
	start_radvd(
		s, ADVERT_MS,
		(struct advert_prefix[]){
			{"fd00:1::", 600, 300}, {OLD ":", 600, 300}, {"fd00:2::", 900, 900}, END});
	address_find(s->g, "wan0", OLD, IFA_F_TENTATIVE, 0, ip);
	address_find(s->g, "wan0", "fd00:2:", IFA_F_TENTATIVE, 0, ula);
	stage_expect(s, ip);
	ground_nap(10 * ADVERT_MS);
	stage_quiet(s);
	stage_expect_opinion(s, ula, "rejected", "unique local");
	assert_int_equal(stage_asked(s, "fd00"), 0);
}

/* The kernel's last message is about the old prefix. */
static void case_052_renumbering_in_one_advertisement_is_one_update(void **state)
{
	struct stage *s = *state;
	char old[ADDRESS_TEXT], new[ADDRESS_TEXT];

	stage_start(s, "ipv6", "");
	publish(s, 600, 300, old);
	advert_send(s->g, "isp0", ROUTER,
		    (struct advert_prefix[]){{OLD ":", 600, 0}, {NEW ":", 600, 300}, END});
	address_find(s->g, "wan0", NEW, IFA_F_TENTATIVE, 0, new);
	stage_expect(s, new);
	stage_quiet(s);
	stage_expect_opinion(s, old, "rejected", "deprecated");
	assert_int_equal(stage_asked(s, old), 1);
}

static void case_053_only_prefix_is_kept_though_deprecated(void **state)
{
	struct stage *s = *state;
	char ip[ADDRESS_TEXT];

	stage_start(s, "ipv6", "");
	publish(s, 600, 300, ip);
	advert_send(s->g, "isp0", ROUTER, (struct advert_prefix[]){{OLD ":", 600, 0}, END});
	address_await(s->g, "wan0", ip, IFA_F_DEPRECATED, IFA_F_DEPRECATED);
	stage_quiet(s);
	stage_expect_confirmed(s, ip);
	stage_expect_why(s, "deprecated, kept for want of another");
}

static void case_054_prefix_that_is_preferred_again_and_again_does_not_flip(void **state)
{
	struct stage *s = *state;
	char old[ADDRESS_TEXT], new[ADDRESS_TEXT];

	stage_start(s, "ipv6", "");
	publish(s, 600, 300, old);
	advert_send(s->g, "isp0", ROUTER,
		    (struct advert_prefix[]){{OLD ":", 600, 0}, {NEW ":", 600, 300}, END});
	address_find(s->g, "wan0", NEW, IFA_F_TENTATIVE, 0, new);
	stage_expect(s, new);
	for (int i = 0; i < 4; i++) {
		uint32_t flags = i % 2 ? IFA_F_DEPRECATED : 0;

		advert_send(s->g, "isp0", ROUTER,
			    (struct advert_prefix[]){
				    {OLD ":", 600, flags ? 0 : 300}, {NEW ":", 600, 300}, END});
		address_await(s->g, "wan0", old, IFA_F_DEPRECATED, flags);
		stage_quiet(s);
	}
	stage_expect_confirmed(s, new);
}

/* Deprecated and preferred again with no other: it stays what it is. */
static void case_054_only_prefix_may_be_deprecated_and_preferred_again(void **state)
{
	struct stage *s = *state;
	char ip[ADDRESS_TEXT];

	stage_start(s, "ipv6", "");
	publish(s, 600, 300, ip);
	for (int i = 0; i < 3; i++) {
		uint32_t flags = i % 2 ? 0 : IFA_F_DEPRECATED;

		advert_send(s->g, "isp0", ROUTER,
			    (struct advert_prefix[]){{OLD ":", 600, flags ? 0 : 300}, END});
		address_await(s->g, "wan0", ip, IFA_F_DEPRECATED, flags);
		stage_quiet(s);
	}
}

/* A valid lifetime of 3 s is scaled to 2 s. */
static void case_055_expired_prefix_gives_way_to_the_other(void **state)
{
	struct stage *s = *state;
	char old[ADDRESS_TEXT], new[ADDRESS_TEXT];

	stage_start(s, "ipv6", "");
	publish(s, 2, 2, old);
	advert_send(s->g, "isp0", ROUTER, (struct advert_prefix[]){{NEW ":", 600, 300}, END});
	address_find(s->g, "wan0", NEW, IFA_F_TENTATIVE, 0, new);
	address_await_gone(s->g, "wan0", old);
	stage_expect(s, new);
	stage_quiet(s);
}

static void case_056_prefix_taken_back_at_once_is_deprecated_not_gone(void **state)
{
	struct stage *s = *state;
	char ip[ADDRESS_TEXT];

	stage_start(s, "ipv6", "");
	publish(s, 600, 300, ip);
	advert_send(s->g, "isp0", ROUTER, (struct advert_prefix[]){{OLD ":", 0, 0}, END});
	address_await(s->g, "wan0", ip, IFA_F_DEPRECATED, IFA_F_DEPRECATED);
	stage_quiet(s);
	stage_expect_confirmed(s, ip);
	stage_expect_why(s, "deprecated, kept for want of another");
	stage_publish(s, "2001:db8:1::10/64");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		STAGE_CASE(case_044_autoconfigured_address_waits_for_the_end_of_detection),
		STAGE_CASE(case_048_temporary_addresses_are_not_published),
		STAGE_CASE(case_049_temporary_address_asked_for_is_sent_once_a_generation),
		STAGE_CASE(case_050_unchanged_advertisements_cost_a_wake_up_each_and_no_more),
		STAGE_CASE(case_051_advertised_global_and_unique_local_prefix_is_one_update),
		STAGE_CASE(case_052_renumbering_in_one_advertisement_is_one_update),
		STAGE_CASE(case_053_only_prefix_is_kept_though_deprecated),
		STAGE_CASE(case_054_prefix_that_is_preferred_again_and_again_does_not_flip),
		STAGE_CASE(case_054_only_prefix_may_be_deprecated_and_preferred_again),
		STAGE_CASE(case_055_expired_prefix_gives_way_to_the_other),
		STAGE_CASE(case_056_prefix_taken_back_at_once_is_deprecated_not_gone),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
