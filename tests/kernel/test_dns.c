/* SPDX-License-Identifier: MIT */
/* DNS UPDATE (RFC 2136) with TSIG against a real BIND and a real Knot. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernel/scene.h"

enum { QUIET = 300 };

static void configure(struct scene *s, const char *server, const char *more)
{
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = rfc2136\n%s%s%skey = file:%s/update.key\n%s",
			 *server ? "server = " : "", server, *server ? "\n" : "", s->g->dir, more);
}

static void need(bool installed, const char *package)
{
	if (installed)
		return;
	printf("# the Debian package %s is not installed\n", package);
	skip();
}

/* What both servers must do alike. */
static void follow(struct scene *s, const char *server)
{
	configure(s, server, "");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await_answer(s->g, server, SCENE_NAME " A", "192.0.2.10", 2000));
	wire_dial(s->g, "2001:db8:1::10/64");
	assert_true(serve_await_answer(s->g, server, SCENE_NAME " AAAA", "2001:db8:1::10", 2000));
	scene_redial(s, "192.0.2.10/24", "203.0.113.20/24");
	assert_true(serve_await_answer(s->g, server, SCENE_NAME " A", "203.0.113.20", 2000));
	assert_true(serve_await_answer(s->g, server, SCENE_NAME " AAAA", "2001:db8:1::10", 100));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "203.0.113.20", 1000));
	assert_true(daemon_await(&s->d, SCENE_NAME " AAAA", "confirmed", "2001:db8:1::10", 1000));
}

static void bind_follows_both_families(void **state)
{
	struct scene *s = *state;
	struct server bind;

	need(serve_bind(s->g, &bind), "bind9");
	follow(s, SERVE_BIND);
	assert_int_equal(serve_lines(bind.log, "adding an RR at '" SCENE_NAME "' A ", NULL), 2);
	assert_int_equal(serve_lines(bind.log, "adding an RR at '" SCENE_NAME "' AAAA", NULL), 1);
}

static void knot_follows_both_families(void **state)
{
	struct scene *s = *state;
	struct server knot;

	need(serve_knot(s->g, &knot), "knot");
	follow(s, SERVE_KNOT);
	assert_int_equal(serve_lines(knot.log, "DDNS, processing 1 updates", NULL), 3);
}

static void server_and_zone_are_found_by_the_soa_record(void **state)
{
	struct scene *s = *state;
	struct server bind;

	need(serve_bind(s->g, &bind), "bind9");
	configure(s, "", "family = ipv4\n");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await_answer(s->g, SERVE_BIND, SCENE_NAME " A", "192.0.2.10", 3000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 1000));
}

static void same_address_again_is_not_sent(void **state)
{
	struct scene *s = *state;
	struct server bind;
	int before;

	need(serve_bind(s->g, &bind), "bind9");
	configure(s, SERVE_BIND, "family = ipv4\n");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 2000));
	before = serve_lines(bind.log, NULL, NULL);
	scene_redial(s, "192.0.2.10/24", "192.0.2.10/24");
	daemon_stop(&s->d, SIGKILL);
	daemon_start(&s->d);
	ground_nap(QUIET);
	assert_int_equal(serve_lines(bind.log, NULL, NULL), before);
}

static void wrong_key_is_held(void **state)
{
	struct scene *s = *state;
	struct server bind;
	char path[GROUND_PATH], text[256];

	need(serve_bind(s->g, &bind), "bind9");
	configure(s, SERVE_BIND, "family = ipv4\n");
	ground_write(ground_path(s->g, path, "update.key"),
		     "key \"update-key\" {\n\talgorithm hmac-sha256;\n"
		     "\tsecret \"d3Jvbmcga2V5IHdyb25nIGtleSB3cm9uZyBrZXk=\";\n};\n");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "held", 2000));
	serve_ask(s->g, SERVE_BIND, SCENE_NAME " A", text);
	assert_string_equal(text, "");
	assert_int_equal(daemon_logged(&s->d, "d3Jvbmcga2V5", NULL), 0);
}

static void server_that_comes_back_gets_the_update(void **state)
{
	struct scene *s = *state;
	struct server bind;

	need(serve_bind(s->g, &bind), "bind9");
	configure(s, SERVE_BIND, "family = ipv4\n");
	kill(bind.pid, SIGSTOP);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "sending", 2000));
	ground_nap(QUIET);
	kill(bind.pid, SIGCONT);
	assert_true(serve_await_answer(s->g, SERVE_BIND, SCENE_NAME " A", "192.0.2.10", 8000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 8000));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(bind_follows_both_families),
		SCENE_CASE(knot_follows_both_families),
		SCENE_CASE(server_and_zone_are_found_by_the_soa_record),
		SCENE_CASE(same_address_again_is_not_sent),
		SCENE_CASE(wrong_key_is_held),
		SCENE_CASE(server_that_comes_back_gets_the_update),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
