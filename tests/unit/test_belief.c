/* SPDX-License-Identifier: MIT */
#include "update/daemon/belief.c"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/netns.h"

#define HOUR INT64_C(3600000)

/* In a namespace with a link wan0, the only one that matters. */
static const char *const patterns[] = {"wan*"};
static const struct interest interest = {.patterns = patterns, .n_patterns = 1};
static struct belief *belief;

static int setup(void **state)
{
	(void)state;
	if (!netns_enter() || netns_without_link_local() != 0)
		return -1;
	if (netns_batch("link add wan0 type veth peer name isp0\nlink set isp0 up\n"
			"link set wan0 up\naddress add 203.0.113.5/24 dev wan0\n") != 0 ||
	    netns_await_carrier("wan0") != 0 || netns_await_carrier("isp0") != 0)
		return -1;
	return belief_open(HOUR, &belief);
}

static int teardown(void **state)
{
	(void)state;
	belief_close(belief);
	belief = NULL;
	return 0;
}

/* Lets the kernel's news of a change arrive. */
static void change(const char *commands, int64_t now)
{
	struct pollfd news = {.fd = belief_fd(belief), .events = POLLIN};

	assert_int_equal(netns_batch(commands), 0);
	assert_int_equal(poll(&news, 1, 5000), 1);
	belief_drain(belief, now);
}

static size_t addresses(void)
{
	const struct snapshot *snapshot = belief_snapshot(belief);
	size_t n = 0;

	assert_int_equal(snapshot->n_links, 1);
	for (size_t i = 0; i < snapshot->links[0].n_addresses; i++)
		n += snapshot->links[0].addresses[i].addr.family == AF_INET;
	return n;
}

static void reads_when_there_is_something_to_read(void **state)
{
	(void)state;
	assert_false(belief_ready(belief));
	assert_int_equal(belief_read(belief, &interest, 0), 1);
	assert_true(belief_ready(belief));
	assert_int_equal(addresses(), 1);
	belief_drain(belief, 1);
	belief_read(belief, &interest, 1);
	assert_int_equal(belief_read(belief, &interest, 2), 0);
	assert_false(belief_fresh(belief));
	change("address add 203.0.113.6/24 dev wan0\n", 3);
	assert_int_equal(belief_read(belief, &interest, 3), 1);
	assert_true(belief_fresh(belief));
	assert_int_equal(addresses(), 2);
}

/* No difference, and yet to be looked at. */
static void reads_lifetimes(void **state)
{
	(void)state;
	change("address change 203.0.113.5/24 dev wan0 valid_lft 9000 preferred_lft 8000\n", 0);
	assert_int_equal(belief_read(belief, &interest, 0), 1);
	change("address change 203.0.113.5/24 dev wan0 valid_lft 9000 preferred_lft 4000\n", 1);
	assert_int_equal(belief_read(belief, &interest, 1), 0);
	assert_true(belief_fresh(belief));
	assert_int_equal(belief_snapshot(belief)->links[0].addresses[0].preferred_s, 4000);
}

static void tells_what_is_marked_and_since_when(void **state)
{
	int64_t at = 0;

	(void)state;
	assert_true(belief_marks(belief, &at)->all);
	assert_int_equal(at, -1);
	belief_drain(belief, 1);
	belief_read(belief, &interest, 1);
	assert_false(dirty_any(belief_marks(belief, &at)));
	assert_int_equal(at, -1);
	change("address add 203.0.113.6/24 dev wan0\n", 3);
	belief_drain(belief, 4);
	assert_int_equal(belief_marks(belief, &at)->n_links, 1);
	assert_int_equal(at, 3);
	belief_read(belief, &interest, 5);
	assert_false(dirty_any(belief_marks(belief, &at)));
	assert_int_equal(at, -1);
}

static void sees_omens_of_its_own_links_only(void **state)
{
	(void)state;
	belief_read(belief, &interest, 0);
	belief_drain(belief, 1);
	belief_read(belief, &interest, 1);
	change("link add foreign type veth peer name other\nlink set foreign up\n"
	       "address add 192.0.2.1/24 dev foreign\naddress del 192.0.2.1/24 dev foreign\n",
	       2);
	belief_read(belief, &interest, 2);
	assert_false(belief_omen(belief));
	change("address del 203.0.113.5/24 dev wan0\n", 3);
	belief_read(belief, &interest, 3);
	assert_true(belief_omen(belief));
	belief_read(belief, &interest, 4);
	assert_false(belief_omen(belief));
}

static void reads_anew_when_in_doubt_and_now_and_then(void **state)
{
	(void)state;
	belief_read(belief, &interest, 0);
	belief_drain(belief, 0);
	belief_read(belief, &interest, 0);
	assert_int_equal(belief_due(belief), HOUR);
	belief_set_recheck(belief, HOUR / 2);
	assert_int_equal(belief_due(belief), HOUR / 2);
	belief_read(belief, &interest, HOUR / 2);
	assert_int_equal(belief_due(belief), HOUR);
	belief_doubt(belief);
	belief_read(belief, &interest, HOUR / 2 + 10);
	assert_int_equal(belief_due(belief), HOUR + 10);
}

/* Its descriptor becomes one that cannot be received from. */
static void break_socket(void)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_int_equal(dup2(null, belief_fd(belief)), belief_fd(belief));
	close(null);
}

static void a_broken_socket_is_replaced_but_not_in_a_loop(void **state)
{
	struct watch_stats stats;

	(void)state;
	belief_read(belief, &interest, 0);
	break_socket();
	belief_drain(belief, 100);
	assert_true(belief_fd(belief) >= 0);
	change("address add 203.0.113.7/24 dev wan0\n", 110);
	assert_int_equal(belief_read(belief, &interest, 110), 1);
	break_socket();
	belief_drain(belief, 200);
	assert_int_equal(belief_fd(belief), -1);
	assert_false(belief_well(belief));
	assert_int_equal(belief_due(belief), 1100);
	belief_read(belief, &interest, 200);
	assert_int_equal(netns_batch("address add 203.0.113.8/24 dev wan0\n"), 0);
	assert_int_equal(belief_read(belief, &interest, 1100), 1);
	assert_true(belief_fd(belief) >= 0);
	assert_true(belief_well(belief));
	/* Both sockets that broke are counted still, and what came by them. */
	belief_stats(belief, &stats);
	assert_int_equal(stats.overruns, 2);
	assert_true(stats.messages > 0);
	assert_int_equal(addresses(), 3);
}

static void an_unreadable_kernel_is_asked_again_ever_more_slowly(void **state)
{
	int64_t now = 0, wait = 1000;

	(void)state;
	assert_false(belief_well(belief));
	belief_read(belief, &interest, now);
	assert_true(belief_well(belief));
	for (int i = 0; i < 8; i++) {
		failed(belief, -EBUSY, now);
		assert_false(belief_well(belief));
		assert_null(belief->query);
		assert_int_equal(belief_due(belief), now + wait);
		assert_int_equal(belief_read(belief, &interest, now + wait - 1), 0);
		assert_int_equal(addresses(), 1);
		now += wait;
		wait = wait * 2 > 30000 ? 30000 : wait * 2;
	}
	assert_true(belief_read(belief, &interest, now) >= 0);
	assert_int_equal(belief_due(belief), now + HOUR);
}

static bool has_way_out6(void)
{
	return belief_snapshot(belief)->links[0].routes[FAMILY_IPV6].error == 0;
}

/* The kernel tells of the end half a minute late, and nothing is drained here: time alone is to
 * tell of it. */
static void the_end_of_a_route_is_not_missed(void **state)
{
	int64_t began;
	int reads = 0;

	(void)state;
	assert_int_equal(netns_batch("-6\nroute add default via fe80::1 dev wan0 expires 1\n"), 0);
	began = clock_now();
	assert_int_equal(belief_read(belief, &interest, began), 1);
	assert_true(has_way_out6());
	while (has_way_out6()) {
		int64_t due = belief_due(belief);

		assert_in_range(due - began, 1, 5000);
		assert_in_range(++reads, 1, 4);
		while (clock_now() < due)
			poll(NULL, 0, (int)(due - clock_now()));
		belief_read(belief, &interest, clock_now());
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(reads_when_there_is_something_to_read),
		CASE(reads_lifetimes),
		CASE(tells_what_is_marked_and_since_when),
		CASE(sees_omens_of_its_own_links_only),
		CASE(reads_anew_when_in_doubt_and_now_and_then),
		CASE(the_end_of_a_route_is_not_missed),
		CASE(a_broken_socket_is_replaced_but_not_in_a_loop),
		CASE(an_unreadable_kernel_is_asked_again_ever_more_slowly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
