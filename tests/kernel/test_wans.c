/* SPDX-License-Identifier: MIT */
/* Two WANs: what is bound to a link leaves by it or not at all; who takes over from whom. */
#include <stdio.h>
#include <string.h>

#include "tests/kernel/wans.h"

#define A "a.example.org"
#define B "b.example.org"

enum { WEB_A = 8080, WEB_B = 8081, DNS = 53, SOON = 2000 };

/* One dyndns2 record: name, host and port of its server, interface. */
#define RECORD                                                                       \
	"[%s]\nprovider = dyndns2\nurl = http://%s:%d/nic/update\nusername = user\n" \
	"password = opensesame\nallow-plaintext = yes\nfamily = ipv4\ninterface = %s\n"

static void need(bool installed, const char *what)
{
	if (!installed) {
		print_message("%s is not installed\n", what);
		skip();
	}
}

/* Both records, each with its own server and link. */
static void configure_both(struct wans *w)
{
	daemon_configure(w->g, &w->d, "", RECORD "\n" RECORD, A, SERVE_WEB, WEB_A, "wan0", B,
			 "ns.example.org", WEB_B, "wan1");
}

static void expect_own_links(struct wans *w)
{
	wans_expect(w, A, "192.0.2.10", SOON);
	wans_expect(w, B, "203.0.113.10", SOON);
	assert_int_equal(serve_count(&w->web[WAN_0], A, "myip=192.0.2.10"), 1);
	assert_int_equal(serve_count(&w->web[WAN_1], B, "myip=203.0.113.10"), 1);
	assert_true(wans_sent(w, WAN_0, WEB_A) > 0);
	assert_int_equal(wans_sent(w, WAN_0, WEB_B), 0);
	assert_int_equal(wans_sent(w, WAN_0, DNS), 0);
	assert_true(wans_sent(w, WAN_1, WEB_B) > 0);
	assert_true(wans_sent(w, WAN_1, DNS) > 0);
	assert_int_equal(wans_sent(w, WAN_1, WEB_A), 0);
}

static void records_leave_by_their_own_links(void **state)
{
	struct wans *w = *state;
	struct server bind;

	need(serve_bind(w->g, &bind), "bind9");
	configure_both(w);
	wans_route(w, WAN_0);
	wans_route(w, WAN_1);
	daemon_start(&w->d);
	expect_own_links(w);
}

static void so_they_do_where_the_second_has_a_table_of_its_own(void **state)
{
	struct wans *w = *state;
	struct server bind;

	need(serve_bind(w->g, &bind), "bind9");
	configure_both(w);
	wans_route(w, WAN_0);
	wans_route_table(w);
	daemon_start(&w->d);
	expect_own_links(w);
}

/* Not one frame by the kernel's first choice, while the other link does all. */
static void the_other_link_stays_still(void **state)
{
	struct wans *w = *state;
	struct server bind;
	uint64_t before;

	need(serve_bind(w->g, &bind), "bind9");
	daemon_configure(w->g, &w->d, "", RECORD, B, "ns.example.org", WEB_B, "wan1");
	wans_route(w, WAN_0);
	wans_route(w, WAN_1);
	before = wans_frames(w, WAN_0);
	daemon_start(&w->d);
	wans_expect(w, B, "203.0.113.10", SOON);
	assert_true(wans_sent(w, WAN_1, WEB_B) > 0);
	assert_int_equal(wans_frames(w, WAN_0), before);
}

static void updates_of_a_zone_leave_by_their_link(void **state)
{
	struct wans *w = *state;
	struct server bind;
	uint64_t before;

	need(serve_bind(w->g, &bind), "bind9");
	daemon_configure(w->g, &w->d, "",
			 "[" B "]\nprovider = rfc2136\nkey = file:%s/update.key\n"
			 "family = ipv4\ninterface = wan1\n",
			 w->g->dir);
	wans_route(w, WAN_0);
	wans_route(w, WAN_1);
	before = wans_frames(w, WAN_0);
	daemon_start(&w->d);
	wans_expect(w, B, "203.0.113.10", SOON);
	assert_true(serve_await_answer(w->g, SERVE_BIND, B " A", "203.0.113.10", SOON));
	assert_true(wans_sent(w, WAN_1, DNS) > 0);
	assert_int_equal(wans_frames(w, WAN_0), before);
}

/* The provider's end of wan1 is dead, that of wan0 would reach every server. */
static void expect_no_way_round(struct wans *w, const char *host)
{
	uint64_t before = wans_frames(w, WAN_0);

	daemon_configure(w->g, &w->d, "", RECORD, B, host, WEB_B, "wan1");
	wans_route(w, WAN_0);
	wans_route(w, WAN_1);
	wire_del(w->g, SIDE_OUTSIDE, "isp1", "203.0.113.1/24");
	daemon_start(&w->d);
	assert_true(daemon_await(&w->d, B " A", "verdict", "no-network", 15000));
	assert_true(daemon_logged(&w->d, B, "by link wan1") > 0);
	assert_int_equal(serve_count(&w->web[WAN_1], NULL, NULL), 0);
	assert_true(wans_frames(w, WAN_1) > 0);
	assert_int_equal(wans_frames(w, WAN_0), before);
	wire_add(w->g, SIDE_OUTSIDE, "isp1", "203.0.113.1/24");
	wans_expect(w, B, "203.0.113.10", 15000);
	assert_int_equal(wans_frames(w, WAN_0), before);
}

static void a_dead_link_is_not_gone_round(void **state)
{
	expect_no_way_round(*state, SERVE_WEB);
}

static void nor_for_the_name_of_the_server(void **state)
{
	struct wans *w = *state;
	struct server bind;

	need(serve_bind(w->g, &bind), "bind9");
	expect_no_way_round(w, "ns.example.org");
}

static void the_next_link_takes_over_and_the_first_comes_back(void **state)
{
	struct wans *w = *state;

	daemon_configure(w->g, &w->d, "", RECORD "failback = 1s\n", A, SERVE_WEB, WEB_A,
			 "wan0, wan1");
	wans_route(w, WAN_0);
	wans_route(w, WAN_1);
	daemon_start(&w->d);
	wans_expect(w, A, "192.0.2.10", SOON);
	assert_int_equal(wans_sent(w, WAN_1, 0), 0);
	wans_unroute(w, WAN_0);
	wans_expect(w, A, "203.0.113.10", SOON);
	assert_true(wans_sent(w, WAN_1, WEB_A) > 0);
	wans_route(w, WAN_0);
	wans_expect(w, A, "192.0.2.10", 40000);
	assert_int_equal(serve_count(&w->web[WAN_0], "myip=192.0.2.10", NULL), 2);
	assert_int_equal(serve_count(&w->web[WAN_0], "myip=203.0.113.10", NULL), 1);
}

static bool explains(const struct wans *w, const char *words)
{
	char text[8192];

	return daemon_command(&w->d, text, sizeof(text), "explain", A) == 0 && strstr(text, words);
}

static bool waits_to_fail_back(void *arg)
{
	return explains(arg, "back to wan0 once it has been ready 60 s");
}

/* Until the first link has been ready for long enough, the daemon's choice is the other. */
static void explain_knows_of_the_wait(void **state)
{
	struct wans *w = *state;

	daemon_configure(w->g, &w->d, "", RECORD "failback = 1m\n", A, SERVE_WEB, WEB_A,
			 "wan0, wan1");
	wans_route(w, WAN_1);
	daemon_start(&w->d);
	wans_expect(w, A, "203.0.113.10", SOON);
	wans_route(w, WAN_0);
	assert_true(ground_await(w->g, SOON, waits_to_fail_back, w, "nlddnsd waits to go back"));
	assert_true(explains(w, A " A: 203.0.113.10 on wan1\n"));
	assert_true(explains(w, "The running nlddnsd sees the same."));
}

/* The server's answer is one of the two, in either order. */
static void expect_both(struct wans *w)
{
	char text[256];

	wans_expect(w, A, "192.0.2.10,203.0.113.10", SOON);
	assert_true(serve_ask(w->g, SERVE_BIND, A " A", text));
	if (strcmp(text, "203.0.113.10,192.0.2.10") != 0)
		assert_string_equal(text, "192.0.2.10,203.0.113.10");
}

static void all_links_are_published_under_one_name(void **state)
{
	struct wans *w = *state;
	struct server bind;
	char path[GROUND_PATH];

	need(serve_bind(w->g, &bind), "bind9");
	daemon_configure(w->g, &w->d, "",
			 "[source wans]\ninterface = wan0, wan1\ncombine = all\n\n"
			 "[" A "]\nprovider = rfc2136\nkey = file:%s/update.key\n"
			 "source = wans\nfamily = ipv4\n\n"
			 "[" B "]\nprovider = hosts\nfile = %s\nsource = wans\nfamily = ipv4\n",
			 w->g->dir, ground_path(w->g, path, "hosts"));
	wans_route(w, WAN_0);
	wans_route(w, WAN_1);
	daemon_start(&w->d);
	expect_both(w);
	wans_expect(w, B, "192.0.2.10,203.0.113.10", SOON);
	assert_int_equal(serve_lines(path, B, "192.0.2.10"), 1);
	assert_int_equal(serve_lines(path, B, "203.0.113.10"), 1);
	wans_unroute(w, WAN_1);
	assert_true(serve_await_answer(w->g, SERVE_BIND, A " A", "192.0.2.10", SOON));
	wans_expect(w, B, "192.0.2.10", SOON);
	assert_int_equal(serve_lines(path, B, NULL), 1);
	wans_route(w, WAN_1);
	expect_both(w);
}

static void auto_follows_the_route_of_the_kernel(void **state)
{
	struct wans *w = *state;

	daemon_configure(w->g, &w->d, "", RECORD, A, SERVE_WEB, WEB_A, "auto");
	wans_route(w, WAN_0);
	wans_route(w, WAN_1);
	daemon_start(&w->d);
	wans_expect(w, A, "192.0.2.10", SOON);
	assert_int_equal(wans_sent(w, WAN_1, 0), 0);
	wans_unroute(w, WAN_0);
	wans_expect(w, A, "203.0.113.10", SOON);
	assert_true(wans_sent(w, WAN_1, WEB_A) > 0);
	wans_route(w, WAN_0);
	wans_expect(w, A, "192.0.2.10", SOON);
	assert_int_equal(serve_count(&w->web[WAN_0], "myip=192.0.2.10", NULL), 2);
}

/* bind says which way, interface whose address. */
static void the_way_may_be_another_link_than_the_address(void **state)
{
	struct wans *w = *state;
	uint64_t before;

	daemon_configure(w->g, &w->d, "", RECORD "bind = wan1\n", A, SERVE_WEB, WEB_A, "wan0");
	wans_route(w, WAN_0);
	wans_route(w, WAN_1);
	before = wans_frames(w, WAN_0);
	daemon_start(&w->d);
	wans_expect(w, A, "192.0.2.10", SOON);
	assert_true(wans_sent(w, WAN_1, WEB_A) > 0);
	assert_int_equal(wans_frames(w, WAN_0), before);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WANS_CASE(records_leave_by_their_own_links),
		WANS_CASE(so_they_do_where_the_second_has_a_table_of_its_own),
		WANS_CASE(the_other_link_stays_still),
		WANS_CASE(updates_of_a_zone_leave_by_their_link),
		WANS_CASE(a_dead_link_is_not_gone_round),
		WANS_CASE(nor_for_the_name_of_the_server),
		WANS_CASE(the_next_link_takes_over_and_the_first_comes_back),
		WANS_CASE(explain_knows_of_the_wait),
		WANS_CASE(all_links_are_published_under_one_name),
		WANS_CASE(auto_follows_the_route_of_the_kernel),
		WANS_CASE(the_way_may_be_another_link_than_the_address),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
