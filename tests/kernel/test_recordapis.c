/* SPDX-License-Identifier: MIT */
/*
 * Record APIs over real HTTPS, under their real names: Cloudflare, deSEC and Route 53, as
 * tests/servers/records plays them.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kernel/daemon.h"
#include "tests/kernel/serve.h"
#include "tests/kernel/wire.h"

#define NAME  "home.example.org"
#define V4    "192.0.2.10"
#define V6    "2001:db8:1::10"
#define NEXT  "192.0.2.20"
#define STALE "192.0.2.99"
#define OTHER "203.0.113.7"

#define SEEDS_MAX 6

static const struct api {
	const char *provider;
	const char *host; /* as the server calls it */
	const char *name;
	const char *settings, *wrong; /* wrong: with another secret */
	const char *refused;          /* what the person is told then */
} apis[] = {
	{"cloudflare", "cloudflare", "api.cloudflare.com", "token = sesame\n", "token = oyster\n",
	 "Invalid access token"},
	{"desec-api", "desec", "desec.io", "token = sesame\n", "token = oyster\n",
	 "Invalid token."},
	{"route53", "route53", "route53.amazonaws.com",
	 "access-key = AKIAIOSFODNN7EXAMPLE\nsecret-key = sesame\n",
	 "access-key = AKIAIOSFODNN7EXAMPLE\nsecret-key = oyster\n", "correct secret-key"},
};
#define API_COUNT (sizeof(apis) / sizeof(apis[0]))

struct play {
	const struct api *api;
	struct ground *g;
	struct daemon d;
	struct server web;
	char dump[GROUND_PATH];
	const char *page;             /* items of a page, or NULL */
	const char *seeds[SEEDS_MAX]; /* records, without the API's name */
};

static bool is_ready(void *log)
{
	return serve_lines(log, "ready", NULL) > 0;
}

/* Another API's zone and record are always there, too. */
static void start_server(struct play *p)
{
	char program[GROUND_PATH], pem[GROUND_PATH], key[GROUND_PATH], out[GROUND_PATH], zone[64],
		seeds[SEEDS_MAX][256], names[512];
	const char *argv[40] = {program, "-l",        p->web.log, "-c",    pem,  "-k", key,
				"-m",    p->web.mode, "-d",       p->dump, "-z", zone};
	size_t n = 13;

	serve_names(p->g, p->api->name, names);
	serve_certificates(p->g, names);
	ground_built(program, "tests/servers/recordd");
	ground_path(p->g, pem, "web.pem");
	ground_path(p->g, key, "web.key");
	ground_path(p->g, p->web.log, "records.log");
	ground_path(p->g, p->web.mode, "records.mode");
	ground_path(p->g, p->dump, "records");
	snprintf(zone, sizeof(zone), "%s example.org", p->api->host);
	for (size_t i = 0; i < SEEDS_MAX && p->seeds[i]; i++) {
		snprintf(seeds[i], sizeof(seeds[i]), "%s %s", p->api->host, p->seeds[i]);
		argv[n++] = "-r";
		argv[n++] = seeds[i];
	}
	if (p->page) {
		argv[n++] = "-n";
		argv[n++] = p->page;
	}
	p->web.g = p->g;
	p->web.pid = ground_spawn(p->g, SIDE_OUTSIDE, ground_path(p->g, out, "records.err"), argv);
	if (!ground_await(p->g, 3000, is_ready, p->web.log, "recordd ready"))
		fail_msg("recordd does not start: see %s", out);
}

static void configure(struct play *p, const char *settings, const char *records)
{
	daemon_configure(p->g, &p->d, "", "[account a]\nprovider = %s\nca-file = %s/ca.pem\n%s\n%s",
			 p->api->provider, p->g->dir, settings, records);
}

#define REST "]\naccount = a\nbind = none\n"
#define ONE  "[" NAME REST "family = ipv4\n"

/* The server only; the mode is as nothing was. */
static void open_play(struct play *p, const struct api *api)
{
	p->api = api;
	p->g = ground_new();
	wire_wan(p->g);
	start_server(p);
	configure(p, api->settings, ONE);
	wire_dial(p->g, V4 "/24");
}

static void close_play(struct play *p)
{
	if (p->d.pid)
		daemon_stop(&p->d, SIGTERM);
	ground_free(p->g);
	serve_unname();
}

static int count(const struct play *p, const char *one, const char *other)
{
	return serve_lines(p->web.log, one, other);
}

/* Requests that change something. */
static int writes(const struct play *p)
{
	return count(p, " POST ", NULL) + count(p, " PATCH ", NULL) + count(p, " PUT ", NULL) +
	       count(p, " DELETE ", NULL);
}

/* Records there of that name and type, with an address; and what else the line says. */
static int held(const struct play *p, const char *record, const char *rest)
{
	char text[160];

	snprintf(text, sizeof(text), "%s %s ", p->api->host, record);
	return serve_lines(p->dump, text, rest);
}

static void expect(const struct play *p, const char *record, const char *address)
{
	assert_true(daemon_await(&p->d, record, "confirmed", address, 8000));
}

static void for_each(void (*of)(const struct api *))
{
	for (size_t i = 0; i < API_COUNT; i++) {
		printf("# case %s\n", apis[i].provider);
		of(&apis[i]);
	}
}

/* What else the person set of it stays; a new address takes the old one's place. */
static void change(const struct api *api)
{
	struct play p = {.seeds = {NAME " A " STALE " 7200 proxied of the family",
				   "other.example.org A " STALE " 7200"}};

	open_play(&p, api);
	daemon_start(&p.d);
	expect(&p, NAME " A", V4);
	assert_int_equal(held(&p, NAME " A",
			      api == &apis[0] ? V4 " 7200 proxied of the family" : V4 " 7200"),
			 1);
	assert_int_equal(held(&p, NAME " A", NULL), 1);
	assert_int_equal(writes(&p), 1);
	wire_del(p.g, SIDE_INSIDE, "wan0", V4 "/24");
	wire_dial(p.g, NEXT "/24");
	expect(&p, NAME " A", NEXT);
	assert_int_equal(held(&p, NAME " A", NEXT " 7200"), 1);
	assert_int_equal(held(&p, NAME " A", NULL), 1);
	assert_int_equal(held(&p, "other.example.org A", STALE), 1);
	assert_int_equal(writes(&p), 2);
	close_play(&p);
}

static void a_record_is_changed_in_its_place(void **state)
{
	(void)state;
	for_each(change);
}

/* Three names with two addresses each, in one request, whose reply is lost or not. */
static void write_together(const struct api *api, const char *mode)
{
	static const char *const names[] = {NAME, "b.example.org", "c.example.org"};
	struct play p = {.seeds = {NAME " A " STALE " 7200", "zz.example.org A " STALE " 7200"}};
	char record[80];

	open_play(&p, api);
	configure(&p, api->settings, "[" NAME REST "names = b.example.org, c.example.org\n");
	wire_add(p.g, SIDE_INSIDE, "wan0", V6 "/64");
	wire_route(p.g, SIDE_INSIDE, "wan0", "default6", "fe80::1");
	serve_web_as(&p.web, mode);
	daemon_start(&p.d);
	for (size_t i = 0; i < 3; i++) {
		snprintf(record, sizeof(record), "%s A", names[i]);
		expect(&p, record, V4);
		assert_int_equal(held(&p, record, V4), 1);
		assert_int_equal(held(&p, record, NULL), 1);
		snprintf(record, sizeof(record), "%s AAAA", names[i]);
		expect(&p, record, V6);
		assert_int_equal(held(&p, record, NULL), 1);
	}
	assert_int_equal(writes(&p), 1);
	assert_int_equal(count(&p, " lost ", NULL), mode ? 1 : 0);
	close_play(&p);
}

static void batch(const struct api *api)
{
	write_together(api, NULL);
}

static void names_of_a_zone_are_written_together(void **state)
{
	(void)state;
	for_each(batch);
}

static void lose_batch(const struct api *api)
{
	write_together(api, "lose 1");
}

static void a_lost_reply_to_many_makes_no_second_record(void **state)
{
	(void)state;
	for_each(lose_batch);
}

/* Both families; the apex, and a star. */
static void create(const struct api *api)
{
	static const char *const names[] = {NAME, "example.org", "*.example.org"};
	struct play p = {.seeds = {"zz.example.org A " STALE " 7200"}};
	char record[80];

	open_play(&p, api);
	configure(&p, api->settings, "[" NAME REST "names = example.org, *.example.org\n");
	wire_add(p.g, SIDE_INSIDE, "wan0", V6 "/64");
	wire_route(p.g, SIDE_INSIDE, "wan0", "default6", "fe80::1");
	daemon_start(&p.d);
	for (int again = 0; again < 2; again++) {
		for (size_t i = 0; i < 3; i++) {
			snprintf(record, sizeof(record), "%s A", names[i]);
			expect(&p, record, V4);
			assert_int_equal(held(&p, record, V4), 1);
			assert_int_equal(held(&p, record, NULL), 1);
			snprintf(record, sizeof(record), "%s AAAA", names[i]);
			expect(&p, record, V6);
			assert_int_equal(held(&p, record, V6), 1);
			assert_int_equal(held(&p, record, NULL), 1);
		}
		if (again)
			break;
		/* the memory of it goes; what is there is found again */
		daemon_stop(&p.d, SIGTERM);
		unlink(ground_path(p.g, record, "state/state"));
		unlink(p.web.log);
		daemon_start(&p.d);
	}
	close_play(&p);
}

static void what_is_not_there_is_created(void **state)
{
	(void)state;
	for_each(create);
}

static void leave(const struct api *api)
{
	struct play p = {.seeds = {NAME " A " V4 " 7200"}};

	open_play(&p, api);
	daemon_start(&p.d);
	expect(&p, NAME " A", V4);
	assert_true(daemon_await(&p.d, NAME " A", "verdict", "unchanged", 1000));
	assert_int_equal(writes(&p), 0);
	assert_int_equal(held(&p, NAME " A", V4 " 7200"), 1);
	close_play(&p);
}

static void what_is_right_is_left_alone(void **state)
{
	(void)state;
	for_each(leave);
}

/* A page has one item here: ours is on the second. */
static void look_further(const struct api *api)
{
	struct play p = {.page = "1",
			 .seeds = {NAME " A " OTHER " 7200", NAME " A " V4 " 7200",
				   "zz.example.org A " STALE " 7200"}};
	char shared[256];

	open_play(&p, api);
	(void)snprintf(shared, sizeof(shared), "%sshared = yes\n", api->settings);
	configure(&p, shared, ONE);
	daemon_start(&p.d);
	expect(&p, NAME " A", V4);
	assert_int_equal(writes(&p), 0);
	wire_del(p.g, SIDE_INSIDE, "wan0", V4 "/24");
	wire_dial(p.g, NEXT "/24");
	expect(&p, NAME " A", NEXT);
	assert_int_equal(held(&p, NAME " A", OTHER " 7200"), 1);
	assert_int_equal(held(&p, NAME " A", NEXT " 7200"), 1);
	assert_int_equal(held(&p, NAME " A", NULL), 2);
	assert_int_equal(writes(&p), 1);
	close_play(&p);
}

static void the_second_page_is_read(void **state)
{
	(void)state;
	for_each(look_further);
}

/* The provider did it, and nobody heard: it is looked at again, and not done twice. */
static void lose(const struct api *api)
{
	struct play p = {0};

	open_play(&p, api);
	serve_web_as(&p.web, "lose 1");
	daemon_start(&p.d);
	expect(&p, NAME " A", V4);
	assert_int_equal(count(&p, " lost ", NULL), 1);
	assert_int_equal(writes(&p), 1);
	assert_int_equal(held(&p, NAME " A", NULL), 1);
	assert_true(daemon_await(&p.d, NAME " A", "verdict", "unchanged", 1000));
	close_play(&p);
}

static void a_lost_reply_makes_no_second_record(void **state)
{
	(void)state;
	for_each(lose);
}

static void drop(const struct api *api)
{
	struct play p = {.seeds = {NAME " A " STALE " 7200"}};

	open_play(&p, api);
	serve_web_as(&p.web, "drop 1");
	daemon_start(&p.d);
	expect(&p, NAME " A", V4);
	assert_int_equal(count(&p, " dropped ", NULL), 1);
	assert_int_equal(writes(&p), 2);
	assert_int_equal(held(&p, NAME " A", NULL), 1);
	close_play(&p);
}

static void a_lost_request_is_sent_again(void **state)
{
	(void)state;
	for_each(drop);
}

/* Nanoseconds between the first request of that status and the next request of any. */
static int64_t gap(const struct play *p, const char *status)
{
	FILE *file = fopen(p->web.log, "re");
	int64_t from = 0, to = 0;
	char *line = NULL;
	size_t size = 0;

	assert_non_null(file);
	while (!to && getline(&line, &size, file) > 0) {
		if (from)
			to = strtoll(line, NULL, 10);
		else if (strstr(line, status))
			from = strtoll(line, NULL, 10);
	}
	free(line);
	fclose(file);
	return to - from;
}

static void throttle(const struct api *api)
{
	struct play p = {.seeds = {NAME " A " STALE " 7200"}};

	open_play(&p, api);
	serve_web_as(&p.web, "throttle 1 2");
	daemon_start(&p.d);
	assert_true(daemon_await(&p.d, NAME " A", "verdict", "throttled", 3000));
	expect(&p, NAME " A", V4);
	assert_int_equal(count(&p, " 429 ", NULL), 1);
	assert_true(gap(&p, " 429 ") >= INT64_C(2000000000));
	assert_true(gap(&p, " 429 ") < INT64_C(8000000000));
	assert_int_equal(writes(&p), 1);
	close_play(&p);
}

static void the_time_to_wait_is_kept(void **state)
{
	(void)state;
	for_each(throttle);
}

/* A name more, and the one before is not asked for again. */
static void reload(const struct api *api)
{
	struct play p = {0};
	char text[1024];
	int before;

	open_play(&p, api);
	daemon_start(&p.d);
	expect(&p, NAME " A", V4);
	before = count(&p, NAME, NULL);
	configure(&p, api->settings, ONE "[b.example.org" REST "family = ipv4\n");
	assert_int_equal(daemon_command(&p.d, text, sizeof(text), "reload", NULL), 0);
	expect(&p, "b.example.org A", V4);
	assert_int_equal(held(&p, "b.example.org A", V4), 1);
	assert_int_equal(count(&p, NAME, NULL), before);
	close_play(&p);
}

static void a_reload_asks_for_what_is_new(void **state)
{
	(void)state;
	for_each(reload);
}

/* Until the secret is corrected nothing more is sent. */
static void refuse(const struct api *api)
{
	struct play p = {0};
	char text[1024], why[256];
	int before;

	open_play(&p, api);
	configure(&p, api->wrong, ONE);
	daemon_start(&p.d);
	assert_true(daemon_await(&p.d, NAME " A", "state", "held", 5000));
	daemon_field(&p.d, NAME " A", "why", why);
	if (!strstr(why, api->refused))
		fail_msg("%s: not \"%s\"", why, api->refused);
	before = count(&p, NULL, NULL);
	ground_nap(1500);
	assert_int_equal(count(&p, NULL, NULL), before);
	assert_int_equal(writes(&p), 0);
	configure(&p, api->settings, ONE);
	assert_int_equal(daemon_command(&p.d, text, sizeof(text), "reload", NULL), 0);
	expect(&p, NAME " A", V4);
	assert_int_equal(daemon_logged(&p.d, "sesame", NULL), 0);
	assert_int_equal(daemon_logged(&p.d, "oyster", NULL), 0);
	close_play(&p);
}

static void a_wrong_secret_holds(void **state)
{
	(void)state;
	for_each(refuse);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_changed_in_its_place),
		cmocka_unit_test(what_is_not_there_is_created),
		cmocka_unit_test(names_of_a_zone_are_written_together),
		cmocka_unit_test(a_lost_reply_to_many_makes_no_second_record),
		cmocka_unit_test(what_is_right_is_left_alone),
		cmocka_unit_test(the_second_page_is_read),
		cmocka_unit_test(a_lost_reply_makes_no_second_record),
		cmocka_unit_test(a_lost_request_is_sent_again),
		cmocka_unit_test(the_time_to_wait_is_kept),
		cmocka_unit_test(a_reload_asks_for_what_is_new),
		cmocka_unit_test(a_wrong_secret_holds),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
