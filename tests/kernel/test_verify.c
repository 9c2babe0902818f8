/* SPDX-License-Identifier: MIT */
/* What is so already is not written, and what others hold is asked of those who hold it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kernel/errand.h"
#include "tests/kernel/liar.h"
#include "tests/kernel/scene.h"

#define WANTED "192.0.2.10"
#define OTHER  "203.0.113.66"
#define THIRD  "203.0.113.77"

static struct server bind, knot;

static void need(bool installed, const char *package)
{
	if (installed)
		return;
	printf("# the Debian package %s is not installed\n", package);
	skip();
}

static void configure(struct scene *s, const char *records)
{
	daemon_configure(s->g, &s->d, "",
			 "[account bind]\nprovider = rfc2136\nserver = " SERVE_BIND
			 "\nzone = example.org\nkey = file:%s/update.key\n%s",
			 s->g->dir, records);
}

#define ONE "[" SCENE_NAME "]\naccount = bind\nfamily = ipv4\n"

/* The daemon's memory of what it did goes; the zone stays as it is. */
static void forget(struct scene *s)
{
	char path[GROUND_PATH];

	daemon_stop(&s->d, SIGTERM);
	assert_int_equal(unlink(ground_path(s->g, path, "state/state")), 0);
}

/* Of the zone: it grows with each change. */
static void serial(struct scene *s, char text[static 256])
{
	assert_true(serve_ask(s->g, SERVE_BIND, "example.org SOA", text));
}

static void a_zone_that_is_right_gets_no_update(void **state)
{
	struct scene *s = *state;
	char before[256], after[256];
	int lines;

	need(serve_bind(s->g, &bind), "bind9");
	configure(s, ONE);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", WANTED, 3000));
	assert_int_equal(serve_lines(bind.log, NULL, NULL), 2); /* a removal, an addition */
	forget(s);
	serial(s, before);
	lines = serve_lines(bind.log, NULL, NULL);
	daemon_start(&s->d);
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", WANTED, 3000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "verdict", "unchanged", 1000));
	assert_int_equal(serve_lines(bind.log, NULL, NULL), lines);
	serial(s, after);
	assert_string_equal(before, after);
}

static void a_zone_that_differs_is_written(void **state)
{
	struct scene *s = *state;

	need(serve_bind(s->g, &bind), "bind9");
	configure(s, ONE);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", WANTED, 3000));
	forget(s);
	scene_redial(s, "192.0.2.10/24", "203.0.113.20/24");
	daemon_start(&s->d);
	assert_true(serve_await_answer(s->g, SERVE_BIND, SCENE_NAME " A", "203.0.113.20", 3000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "verdict", "done", 1000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "203.0.113.20", 1000));
}

static void one_refused_name_does_not_hold_the_others(void **state)
{
	struct scene *s = *state;

	need(serve_bind(s->g, &bind), "bind9");
	configure(s, "[a.example.org]\naccount = bind\nfamily = ipv4\n"
		     "[denied.example.org]\naccount = bind\nfamily = ipv4\n"
		     "[z.example.org]\naccount = bind\nfamily = ipv4\n");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, "a.example.org A", "confirmed", WANTED, 3000));
	assert_true(daemon_await(&s->d, "z.example.org A", "confirmed", WANTED, 3000));
	assert_true(daemon_await(&s->d, "denied.example.org A", "state", "held", 1000));
	assert_true(serve_await_answer(s->g, SERVE_BIND, "z.example.org A", WANTED, 100));
	assert_true(serve_await_answer(s->g, SERVE_BIND, "denied.example.org A", "", 100));
}

/* At a server. */
static void plant(struct ground *g, const char *server, const char *addr)
{
	char values[256];
	const struct errand errand = {"rfc2136", 3, values, SCENE_NAME, addr, false};
	struct errand_end end;

	snprintf(values, sizeof(values),
		 "server\n%s\nzone\nexample.org\nkey\nhmac-sha256:update-key:" SERVE_SECRET,
		 server);
	end = errand_run(g, &errand);
	if (end.verdict != VERDICT_DONE)
		fail_msg("%s takes no update: %s", server, end.why);
}

/* Of a provider that cannot be read. */
static struct errand_end verify(struct ground *g, const char *name)
{
	const struct errand errand = {
		"dyndns2", 3,      "url\nhttp://" SERVE_WEB ":8080/\nusername\nuser\npassword\nx",
		name,      WANTED, true};

	return errand_run(g, &errand);
}

static void expect(const struct errand_end *end, enum truth truth, const char *word)
{
	if (end->verdict != VERDICT_DONE || end->truth != truth || !strstr(end->why, word))
		fail_msg("verdict %d, truth %d: %s", end->verdict, end->truth, end->why);
}

static void resolve_by(const char *server)
{
	FILE *file = fopen("/etc/resolv.conf", "w");

	assert_non_null(file);
	assert_true(fprintf(file, "nameserver %s\n", server) > 0);
	assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
	struct ground *g;

	ground_setup(state);
	g = *state;
	wire_dial(g, "192.0.2.10/24");
	resolve_by(LIAR);
	return 0;
}

static int teardown(void **state)
{
	resolve_by(SERVE_BIND);
	return ground_teardown(state);
}

static void the_resolver_is_never_believed(void **state)
{
	struct ground *g = *state;
	struct errand_end end;

	need(serve_bind(g, &bind), "bind9");
	need(serve_knot(g, &knot), "knot");
	plant(g, SERVE_BIND, WANTED);
	plant(g, SERVE_KNOT, WANTED);
	liar_start(g, OTHER);
	end = verify(g, SCENE_NAME);
	expect(&end, TRUTH_SAME, "ns.example.org holds the same");
	assert_int_equal(end.ttl, 120);
	assert_true(liar_asked() > 0);
	assert_int_equal(liar_believed(), 0);
}

static void what_all_servers_say_is_so(void **state)
{
	struct ground *g = *state;
	struct errand_end end;

	need(serve_bind(g, &bind), "bind9");
	need(serve_knot(g, &knot), "knot");
	liar_start(g, WANTED);
	end = verify(g, SCENE_NAME);
	expect(&end, TRUTH_OTHER, "holds no address");
	plant(g, SERVE_BIND, OTHER);
	plant(g, SERVE_KNOT, OTHER);
	end = verify(g, SCENE_NAME);
	expect(&end, TRUTH_OTHER, "holds " OTHER);
	assert_int_equal(liar_believed(), 0);
}

static void servers_that_differ_tell_nothing(void **state)
{
	struct ground *g = *state;
	struct errand_end end;

	need(serve_bind(g, &bind), "bind9");
	need(serve_knot(g, &knot), "knot");
	liar_start(g, WANTED);
	plant(g, SERVE_BIND, OTHER);
	plant(g, SERVE_KNOT, THIRD);
	end = verify(g, SCENE_NAME);
	expect(&end, TRUTH_UNKNOWN, "differ");
	plant(g, SERVE_KNOT, WANTED);
	end = verify(g, SCENE_NAME);
	expect(&end, TRUTH_UNKNOWN, "differ");
}

static void what_somebody_may_mean_tells_nothing(void **state)
{
	struct ground *g = *state;
	struct errand_end end;

	need(serve_bind(g, &bind), "bind9");
	liar_start(g, WANTED);
	end = verify(g, "alias.example.org");
	expect(&end, TRUTH_UNKNOWN, "alias");
	end = verify(g, "private.example.org");
	expect(&end, TRUTH_UNKNOWN, "10.0.0.1");
}

/* Knot is not there; the kernel says so. */
static void one_server_of_two_is_enough_only_to_agree(void **state)
{
	struct ground *g = *state;
	struct errand_end end;

	need(serve_bind(g, &bind), "bind9");
	liar_start(g, OTHER);
	plant(g, SERVE_BIND, OTHER);
	end = verify(g, SCENE_NAME);
	expect(&end, TRUTH_UNKNOWN, "only one");
	plant(g, SERVE_BIND, WANTED);
	end = verify(g, SCENE_NAME);
	expect(&end, TRUTH_SAME, "holds the same");
}

#define ERRAND_CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(a_zone_that_is_right_gets_no_update),
		SCENE_CASE(a_zone_that_differs_is_written),
		SCENE_CASE(one_refused_name_does_not_hold_the_others),
		ERRAND_CASE(the_resolver_is_never_believed),
		ERRAND_CASE(what_all_servers_say_is_so),
		ERRAND_CASE(servers_that_differ_tell_nothing),
		ERRAND_CASE(what_somebody_may_mean_tells_nothing),
		ERRAND_CASE(one_server_of_two_is_enough_only_to_agree),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
