/* SPDX-License-Identifier: MIT */
#include "tests/kernel/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { QUIET = 100, PATIENCE = 4000, EXPLAIN = 1 << 18 };

void stage_sysctl(struct stage *s, enum side side, const char *name, int value)
{
	char path[GROUND_PATH];
	int fd, n = 0;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	ground_go(s->g, side);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = dprintf(fd, "%d\n", value);
		close(fd);
	}
	ground_go(s->g, SIDE_INSIDE);
	if (n <= 0)
		fail_msg("%s: %s", path, strerror(errno));
}

void stage_detect_duplicates(struct stage *s)
{
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/accept_dad", 1);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/conf/wan0/router_solicitation_delay", 0);
	stage_sysctl(s, SIDE_INSIDE, "net/ipv6/neigh/wan0/retrans_time_ms", 100);
}

void stage_desk(struct stage *s)
{
	wire_veth(s->g, "desk0", "desk1");
	wire_up(s->g, SIDE_OUTSIDE, "desk1");
	wire_up(s->g, SIDE_INSIDE, "desk0");
	wire_add(s->g, SIDE_OUTSIDE, "desk1", "10.9.0.1/24");
	wire_add(s->g, SIDE_INSIDE, "desk0", "10.9.0.2/24");
	wire_route(s->g, SIDE_INSIDE, "desk0", SERVE_WEB "/32", "10.9.0.1");
}

void stage_wan(struct stage *s)
{
	wire_wan_link(s->g);
	wire_add(s->g, SIDE_INSIDE, "wan0", "10.0.0.2/24");
	wire_route(s->g, SIDE_INSIDE, "wan0", "default", "10.0.0.1");
}

void stage_way_out6(struct stage *s)
{
	wire_route(s->g, SIDE_INSIDE, "wan0", "default6", "fe80::1");
}

int stage_setup_bare(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->g = ground_new();
	*state = s;
	for (enum side side = SIDE_INSIDE; side <= SIDE_OUTSIDE; side++) {
		stage_sysctl(s, side, "net/ipv6/conf/default/accept_dad", 0);
		stage_sysctl(s, side, "net/ipv6/conf/default/router_solicitations", 0);
	}
	wire_add(s->g, SIDE_OUTSIDE, "lo", SERVE_WEB "/32");
	serve_web(s->g, &s->web, 8080);
	return 0;
}

int stage_setup(void **state)
{
	stage_setup_bare(state);
	stage_desk(*state);
	stage_wan(*state);
	return 0;
}

/* A program that dies of a checker is replaced, and would go unnoticed. */
static bool without_complaints(void *arg)
{
	const struct stage *s = arg;

	return daemon_logged(&s->d, "Sanitizer", NULL) == 0 &&
	       daemon_logged(&s->d, "runtime error:", NULL) == 0 &&
	       daemon_logged(&s->d, "== ", NULL) == 0;
}

int stage_teardown(void **state)
{
	struct stage *s = *state;
	bool well = !s->d.pid || ground_await(s->g, 0, without_complaints, s,
					      "a log without a checker's complaints");

	ground_free(s->g);
	free(s);
	return well ? 0 : -1;
}

void stage_configure(struct stage *s, const char *family, int settle, const char *keys)
{
	s->settle = settle;
	daemon_configure(s->g, &s->d, "updater-idle = 1s\n",
			 "[" STAGE_NAME "]\nprovider = dyndns2\nallow-plaintext = yes\n"
			 "url = http://" SERVE_WEB ":8080/nic/update\nusername = user\n"
			 "password = opensesame\nbind = none\nfamily = %s\nsettle = %dms\n%s\n",
			 family, settle, keys);
}

void stage_start(struct stage *s, const char *family, const char *keys)
{
	stage_configure(s, family, STAGE_D, keys);
	daemon_start(&s->d);
}

int stage_asked(const struct stage *s, const char *text)
{
	return serve_count(&s->web, text, NULL);
}

void stage_expect_for(struct stage *s, const char *name, const char *ip)
{
	char host[80], record[80];

	snprintf(host, sizeof(host), "hostname=%.60s", name);
	snprintf(record, sizeof(record), "%.60s %s", name, strchr(ip, ':') ? "AAAA" : "A");
	s->sent++;
	assert_true(serve_await(&s->web, 1, host, ip, PATIENCE));
	assert_true(daemon_await(&s->d, record, "confirmed", ip, PATIENCE));
	assert_int_equal(serve_count(&s->web, NULL, NULL), s->sent);
}

void stage_expect(struct stage *s, const char *ip)
{
	stage_expect_confirmed(s, ip);
	s->sent++;
	assert_true(stage_asked(s, ip) > 0);
	assert_int_equal(serve_count(&s->web, NULL, NULL), s->sent);
}

void stage_expect_confirmed(struct stage *s, const char *ip)
{
	const char *record = strchr(ip, ':') ? STAGE_NAME " AAAA" : STAGE_NAME " A";

	assert_true(daemon_await(&s->d, record, "confirmed", ip, PATIENCE));
}

void stage_publish(struct stage *s, const char *local)
{
	char ip[64];

	snprintf(ip, sizeof(ip), "%.*s", (int)strcspn(local, "/"), local);
	wire_add(s->g, SIDE_INSIDE, "wan0", local);
	stage_expect(s, ip);
}

static json_t *explain(struct stage *s)
{
	static char text[EXPLAIN];

	if (daemon_command(&s->d, text, sizeof(text), "explain", "--json") != 0)
		return NULL;
	return json_loads(text, 0, NULL);
}

static bool same_view(void *arg)
{
	json_t *report = explain(arg);
	json_t *daemon = json_object_get(report, "daemon");
	bool same = json_is_true(json_object_get(daemon, "compared")) &&
		    json_array_size(json_object_get(daemon, "differences")) == 0;

	json_decref(report);
	return same;
}

void stage_seen(struct stage *s)
{
	assert_true(ground_await(s->g, PATIENCE, same_view, s, "nlddnsd sees what the kernel has"));
}

void stage_quiet(struct stage *s)
{
	stage_seen(s);
	ground_nap(ground_patience(2 * s->settle + QUIET));
	assert_int_equal(serve_count(&s->web, NULL, NULL), s->sent);
}

static const char *field(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void find_opinion(const json_t *finding, const char *ip, char text[static STAGE_WHY])
{
	json_t *item;
	size_t i;

	if (!strstr(field(finding, "records"), STAGE_NAME) ||
	    strcmp(field(finding, "family"), strchr(ip, ':') ? "ipv6" : "ipv4") != 0)
		return;
	json_array_foreach(json_object_get(finding, "candidates"), i, item)
	{
		if (!strcmp(field(item, "address"), ip))
			snprintf(text, STAGE_WHY, "%s: %s", field(item, "verdict"),
				 field(item, "why"));
	}
}

void stage_opinion(struct stage *s, const char *ip, char text[static STAGE_WHY])
{
	json_t *report = explain(s), *item;
	size_t i;

	text[0] = 0;
	json_array_foreach(json_object_get(report, "findings"), i, item)
	{
		if (!text[0])
			find_opinion(item, ip, text);
	}
	json_decref(report);
}

void stage_expect_opinion(struct stage *s, const char *ip, const char *verdict, const char *why)
{
	char text[STAGE_WHY];

	stage_opinion(s, ip, text);
	if (strncmp(text, verdict, strlen(verdict)) != 0 || !strstr(text, why))
		fail_msg("of %s, explain says \"%s\", not \"%s: ...%s...\"", ip, text, verdict,
			 why);
}

void stage_expect_why(struct stage *s, const char *why)
{
	json_t *status = daemon_status(&s->d);
	char text[STAGE_WHY];

	snprintf(text, sizeof(text), "%s",
		 field(json_array_get(json_object_get(status, "sources"), 0), "why"));
	json_decref(status);
	if (!strstr(text, why))
		fail_msg("the source says \"%s\", not \"%s\"", text, why);
}

static json_t *ask_snapshot(struct stage *s)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char path[GROUND_PATH];
	FILE *answer;
	json_t *json;

	snprintf(name.sun_path, sizeof(name.sun_path), "%.100s",
		 ground_path(s->g, path, "control"));
	if (fd < 0 || connect(fd, (struct sockaddr *)&name, sizeof(name)) < 0 ||
	    dprintf(fd, "snapshot\n") < 0)
		fail_msg("%s: %s", path, strerror(errno));
	answer = fdopen(fd, "r");
	assert_non_null(answer);
	json = json_loadf(answer, JSON_DISABLE_EOF_CHECK, NULL);
	fclose(answer);
	return json;
}

int64_t stage_flags(struct stage *s, const char *ip)
{
	json_t *snapshot = ask_snapshot(s), *link, *address;
	int64_t flags = -1;
	size_t i, j;

	json_array_foreach(json_object_get(snapshot, "links"), i, link)
	{
		json_array_foreach(json_object_get(link, "addresses"), j, address)
		{
			if (!strcmp(field(address, "address"), ip))
				flags = json_integer_value(json_object_get(address, "flags"));
		}
	}
	json_decref(snapshot);
	return flags;
}

int64_t stage_number(const struct stage *s, const char *file, const char *key)
{
	char path[64], text[8192];
	const char *at;

	snprintf(path, sizeof(path), "/proc/%d/%s", s->d.pid, file);
	ground_read(path, text, sizeof(text));
	at = strstr(text, key);
	return at ? strtoll(at + strlen(key), NULL, 10) : -1;
}
