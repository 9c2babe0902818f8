/* SPDX-License-Identifier: MIT */
/* The HTTP API of a real PowerDNS: what it then answers, and what is left as it was. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/kernel/scene.h"

#define PROGRAM "/usr/sbin/pdns_server"
#define SCHEMA  "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql"
#define API_KEY "powerdns-test-key"
#define SHARED  "shared.example.org"

/* example.org, and in it a name that has another's address, with a comment. */
static const char zone[] =
	"insert into domains (name, type) values ('example.org', 'NATIVE');"
	"insert into records (domain_id, name, type, content, ttl) values"
	" (1, 'example.org', 'SOA', 'ns.example.org host.example.org 1 3600 600 86400 60', 60),"
	" (1, '" SHARED "', 'A', '192.0.2.200', 300),"
	" (1, '" SHARED "', 'A', '192.0.2.201', 300);"
	"insert into comments (domain_id, name, type, modified_at, comment) values"
	" (1, '" SHARED "', 'A', 1, 'of the neighbours');";

/* What its database says. */
static void query(struct scene *s, const char *statement, char text[static 256])
{
	char path[GROUND_PATH];
	const char *argv[] = {"/usr/bin/sqlite3", "-cmd", ".timeout 2000", path, statement, NULL};

	ground_path(s->g, path, "zone.db");
	assert_int_equal(ground_run(s->g, argv, text, 256), 0);
	text[strcspn(text, "\n")] = '\0';
}

static void write_conf(struct scene *s)
{
	char path[GROUND_PATH];

	ground_write(ground_path(s->g, path, "pdns.conf"),
		     "launch=gsqlite3\ngsqlite3-database=%s/zone.db\nsocket-dir=%s\n"
		     "local-address=" SERVE_BIND "\ndaemon=no\nguardian=no\nloglevel=6\n"
		     "cache-ttl=0\nquery-cache-ttl=0\nnegquery-cache-ttl=0\nzone-cache-refresh-"
		     "interval=0\nwebserver=yes\nwebserver-address=" SERVE_BIND "\n"
		     "webserver-port=8081\nwebserver-allow-from=0.0.0.0/0\napi=yes\n"
		     "api-key=" API_KEY "\n",
		     s->g->dir, s->g->dir);
}

static void serve_powerdns(struct scene *s)
{
	char text[256], log[GROUND_PATH], dir[64];
	const char *argv[] = {PROGRAM, dir, NULL};

	if (access(PROGRAM, X_OK) < 0 || access(SCHEMA, R_OK) < 0 ||
	    access("/usr/bin/sqlite3", X_OK) < 0) {
		printf("# pdns-server, pdns-backend-sqlite3 or sqlite3 is not installed\n");
		skip();
	}
	query(s, ".read " SCHEMA, text);
	query(s, zone, text);
	write_conf(s);
	(void)snprintf(dir, sizeof(dir), "--config-dir=%s", s->g->dir);
	ground_spawn(s->g, SIDE_OUTSIDE, ground_path(s->g, log, "pdns.log"), argv);
	assert_true(serve_await_answer(s->g, SERVE_BIND, "example.org SOA", "1", 8000));
}

static void configure(struct scene *s, const char *name, const char *key)
{
	daemon_configure(s->g, &s->d, "",
			 "[%s]\nprovider = powerdns\nurl = http://" SERVE_BIND ":8081\n"
			 "allow-plaintext = yes\nkey = %s\n",
			 name, key);
}

static void configure_owner(struct scene *s)
{
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = powerdns\nurl = http://" SERVE_BIND ":8081\n"
			 "allow-plaintext = yes\nkey = " API_KEY "\nowner = router\n");
}

static int count_logged(struct scene *s, const char *text)
{
	char log[GROUND_PATH];

	return serve_lines(ground_path(s->g, log, "pdns.log"), text, NULL);
}

static void both_families_are_followed(void **state)
{
	struct scene *s = *state;

	serve_powerdns(s);
	configure(s, SCENE_NAME, API_KEY);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await_answer(s->g, SERVE_BIND, SCENE_NAME " A", "192.0.2.10", 3000));
	wire_dial(s->g, "2001:db8:1::10/64");
	assert_true(
		serve_await_answer(s->g, SERVE_BIND, SCENE_NAME " AAAA", "2001:db8:1::10", 3000));
	scene_redial(s, "192.0.2.10/24", "203.0.113.20/24");
	assert_true(serve_await_answer(s->g, SERVE_BIND, SCENE_NAME " A", "203.0.113.20", 3000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "203.0.113.20", 2000));
	assert_true(daemon_await(&s->d, SCENE_NAME " AAAA", "confirmed", "2001:db8:1::10", 2000));
}

static void what_others_have_there_stays(void **state)
{
	static const char all[] = "select group_concat(content || ' ' || ttl) from (select * from "
				  "records where name = '" SHARED "' order by content)";
	struct scene *s = *state;
	char text[256];

	serve_powerdns(s);
	configure(s, SHARED, API_KEY);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SHARED " A", "confirmed", "192.0.2.10", 3000));
	query(s, all, text);
	assert_string_equal(text, "192.0.2.10 300,192.0.2.200 300,192.0.2.201 300");
	scene_redial(s, "192.0.2.10/24", "203.0.113.20/24");
	assert_true(daemon_await(&s->d, SHARED " A", "confirmed", "203.0.113.20", 3000));
	query(s, all, text);
	assert_string_equal(text, "192.0.2.200 300,192.0.2.201 300,203.0.113.20 300");
	query(s, "select comment from comments", text);
	assert_string_equal(text, "of the neighbours");
}

static void what_is_right_is_not_written(void **state)
{
	struct scene *s = *state;
	char text[256];

	serve_powerdns(s);
	query(s,
	      "insert into records (domain_id, name, type, content, ttl) values"
	      " (1, '" SCENE_NAME "', 'A', '192.0.2.10', 77)",
	      text);
	configure(s, SCENE_NAME, API_KEY);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 3000));
	assert_true(count_logged(s, "\"GET ") > 0);
	assert_int_equal(count_logged(s, "\"PATCH "), 0);
}

/* The state is lost; what it knew is told by a TXT record. */
static void what_is_marked_is_ours(void **state)
{
	static const char all[] = "select group_concat(type || ' ' || content) from (select * from "
				  "records where name like '%" SCENE_NAME "' order by content)";
	struct scene *s = *state;
	char text[256];

	serve_powerdns(s);
	configure_owner(s);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 3000));
	query(s, all, text);
	assert_string_equal(text, "TXT \"owner=router\",A 192.0.2.10");
	query(s,
	      "insert into records (domain_id, name, type, content, ttl) values"
	      " (1, '" SCENE_NAME "', 'A', '192.0.2.8', 60),"
	      " (1, '" SCENE_NAME "', 'A', '192.0.2.9', 60)",
	      text);
	scene_redial(s, "192.0.2.10/24", "203.0.113.20/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "203.0.113.20", 3000));
	query(s, all, text);
	assert_string_equal(text, "TXT \"owner=router\",A 203.0.113.20");
}

static void what_another_marked_is_held(void **state)
{
	struct scene *s = *state;
	char text[256];

	serve_powerdns(s);
	query(s,
	      "insert into records (domain_id, name, type, content, ttl) values"
	      " (1, '_nlddns." SCENE_NAME "', 'TXT', '\"owner=laptop\"', 60),"
	      " (1, '" SCENE_NAME "', 'A', '192.0.2.9', 60)",
	      text);
	configure_owner(s);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "verdict", "refused-config", 3000));
	assert_true(daemon_logged(&s->d, "it is laptop's", NULL) > 0);
	query(s, "select content from records where name = '" SCENE_NAME "'", text);
	assert_string_equal(text, "192.0.2.9");
}

static void a_wrong_key_is_held(void **state)
{
	struct scene *s = *state;

	serve_powerdns(s);
	configure(s, SCENE_NAME, "wrong-key");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "state", "held", 3000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "verdict", "refused-auth", 1000));
	assert_int_equal(daemon_logged(&s->d, "wrong-key", NULL), 0);
}

static void a_zone_that_is_not_there_is_held(void **state)
{
	struct scene *s = *state;

	serve_powerdns(s);
	configure(s, "home.example.net", API_KEY);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(daemon_await(&s->d, "home.example.net A", "verdict", "refused-name", 3000));
	assert_true(daemon_logged(&s->d, "shows no zone of the name", NULL) > 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(both_families_are_followed),
		SCENE_CASE(what_others_have_there_stays),
		SCENE_CASE(what_is_right_is_not_written),
		SCENE_CASE(what_is_marked_is_ours),
		SCENE_CASE(what_another_marked_is_held),
		SCENE_CASE(a_wrong_key_is_held),
		SCENE_CASE(a_zone_that_is_not_there_is_held),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
