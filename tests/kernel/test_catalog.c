/* SPDX-License-Identifier: MIT */
/*
 * Services of the catalogue over real HTTPS, under their real names: what a transcript says is
 * what nlddns-updater sends, to the byte.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kernel/daemon.h"
#include "tests/kernel/serve.h"
#include "tests/kernel/wire.h"

#define V4 "192.0.2.10"
#define V6 "2001:db8:1::10"

static const struct service {
	const char *name;  /* of its file */
	const char *hosts; /* that it calls */
	const char *more;  /* keys of the record */
} services[] = {
	/* several names in one request, both addresses in a list */
	{"dyn", "members.dyndns.org", "names = a.example.org\n"},
	{"gigahost", "api.gigahost.no", ""},                            /* bearer */
	{"dnsexit", "api.dnsexit.com", ""},                             /* JSON */
	{"west.cn", "api.west.cn", ""},                                 /* digest */
	{"nsupdate.info", "ipv4.nsupdate.info ipv6.nsupdate.info", ""}, /* a host a family */
	{"inwx", "dyndns.inwx.com", ""},                                /* both or none */
	{"mythic-beasts", "ipv4.api.mythic-beasts.com ipv6.api.mythic-beasts.com", ""},
};

struct play {
	struct ground *g;
	struct daemon d;
	struct server web;
	char name[64], settings[1024];
};

/* The settings of the transcript, and the name in it. */
static void read_transcript(struct play *p, const struct service *service)
{
	char path[GROUND_PATH], line[512];
	FILE *file;

	snprintf(path, sizeof(path), "tests/catalog/%s.txt", service->name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s: run this in the folder of the Makefile", path);
	while (fgets(line, sizeof(line), file) && strncmp(line, "want ", 5) != 0)
		if (strncmp(line, "set ", 4) == 0)
			strncat(p->settings, line + 4,
				sizeof(p->settings) - strlen(p->settings) - 1);
	sscanf(line, "want %63s", p->name);
	fclose(file);
}

static bool is_ready(void *log)
{
	return serve_lines(log, "ready", NULL) > 0;
}

static void start_player(struct play *p, const struct service *service)
{
	char program[GROUND_PATH], pem[GROUND_PATH], key[GROUND_PATH], out[GROUND_PATH];
	char transcript[GROUND_PATH], names[512];
	const char *argv[] = {program,
			      "-p",
			      "443",
			      "-l",
			      p->web.log,
			      "-c",
			      pem,
			      "-k",
			      key,
			      "-s",
			      "192.0.2.1=" V4,
			      "-s",
			      "2001:db8::1=" V6,
			      "-s",
			      "2001%3Adb8%3A%3A1=2001%3Adb8%3A1%3A%3A10",
			      transcript,
			      NULL};

	serve_names(p->g, service->hosts, names);
	serve_certificates(p->g, names);
	ground_built(program, "tests/servers/playd");
	ground_path(p->g, pem, "web.pem");
	ground_path(p->g, key, "web.key");
	ground_path(p->g, p->web.log, "play.log");
	snprintf(transcript, sizeof(transcript), "tests/catalog/%s.txt", service->name);
	p->web.g = p->g;
	p->web.pid = ground_spawn(p->g, SIDE_OUTSIDE, ground_path(p->g, out, "play.err"), argv);
	if (!ground_await(p->g, 3000, is_ready, p->web.log, "playd ready"))
		fail_msg("playd does not start: see %s", out);
}

static void start(struct play *p, const struct service *service)
{
	p->g = ground_new();
	wire_wan(p->g);
	read_transcript(p, service);
	start_player(p, service);
	daemon_configure(p->g, &p->d, "",
			 "[%s]\nprovider = %s\nbind = none\nca-file = %s/ca.pem\n%s%s", p->name,
			 service->name, p->g->dir, p->settings, service->more);
	wire_add(p->g, SIDE_INSIDE, "wan0", V6 "/64");
	wire_route(p->g, SIDE_INSIDE, "wan0", "default6", "fe80::1");
	wire_dial(p->g, V4 "/24");
	daemon_start(&p->d);
}

static void stop(struct play *p)
{
	daemon_stop(&p->d, SIGTERM);
	ground_free(p->g);
	serve_unname();
}

static void expect(const struct play *p, const char *type, const char *address)
{
	char record[80];

	snprintf(record, sizeof(record), "%s %s", p->name, type);
	assert_true(daemon_await(&p->d, record, "confirmed", address, 5000));
}

static void a_service_hears_what_its_transcript_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		struct play p = {0};

		start(&p, &services[i]);
		expect(&p, "A", V4);
		expect(&p, "AAAA", V6);
		assert_int_equal(serve_count(&p.web, "unknown", NULL), 0);
		assert_true(serve_count(&p.web, "ok ", NULL) > 0);
		/* nothing of the transcript's secrets is told */
		for (char *rest = p.settings, *line; (line = strsep(&rest, "\n"));) {
			char *value = strstr(line, " = ");

			if (value && strncmp(line, "zone", 4) != 0 &&
			    strncmp(line, "username", 8) != 0)
				assert_int_equal(daemon_logged(&p.d, value + 3, NULL), 0);
		}
		printf("# case %s: %d requests\n", services[i].name,
		       serve_count(&p.web, "ok ", NULL));
		stop(&p);
	}
}

/* One name of several is refused; the other is not. */
static void one_bad_name_does_not_hold_the_others(void **state)
{
	struct play p = {0};

	(void)state;
	start(&p, &services[0]);
	expect(&p, "A", V4);
	assert_true(daemon_await(&p.d, "a.example.org A", "state", "held", 2000));
	assert_int_equal(serve_count(&p.web, "home.example.org,a.example.org", NULL), 1);
	stop(&p);
}

/* A new IPv6 address takes the IPv4 address along, which the service would forget else; also after
 * the service was read again. */
static void the_other_address_goes_along(void **state)
{
	struct play p = {0};
	char text[4096];

	(void)state;
	start(&p, &services[5]);
	expect(&p, "A", V4);
	expect(&p, "AAAA", V6);
	assert_int_equal(daemon_command(&p.d, text, sizeof(text), "reload", NULL), 0);
	wire_del(p.g, SIDE_INSIDE, "wan0", V6 "/64");
	wire_add(p.g, SIDE_INSIDE, "wan0", "2001:db8:1::20/64");
	assert_true(
		serve_await(&p.web, 1, "?myip=" V4 "&myipv6=2001%3Adb8%3A1%3A%3A20", NULL, 3000));
	stop(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_hears_what_its_transcript_says),
		cmocka_unit_test(one_bad_name_does_not_hold_the_others),
		cmocka_unit_test(the_other_address_goes_along),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
