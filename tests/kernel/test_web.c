/* SPDX-License-Identifier: MIT */
/* Where updates go: a TLS web server with a CA of its own, several names, the hosts file. */
#include <stdio.h>
#include <string.h>

#include "tests/kernel/scene.h"

enum { QUIET = 300 };

#define TLS_RECORD                                                               \
	"[" SCENE_NAME "]\nprovider = dyndns2\nfamily = ipv4\nusername = user\n" \
	"password = opensesame\nurl = https://%s:8443/nic/update\n"

static void own_authority_is_trusted_for_its_record(void **state)
{
	struct scene *s = *state;
	struct server tls = {0};

	serve_web_tls(s->g, &tls, 8443);
	daemon_configure(s->g, &s->d, "", TLS_RECORD "ca-file = %s/ca.pem\n", SERVE_WEB, s->g->dir);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&tls, 1, SCENE_NAME, "auth=ok good 192.0.2.10", 2000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.10", 1000));
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	assert_true(serve_await(&tls, 1, SCENE_NAME, "auth=ok good 192.0.2.20", 2000));
	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", "192.0.2.20", 1000));
}

/* The credentials must not leave the machine. */
static void expect_no_tls_request(struct scene *s, struct server *tls)
{
	char text[256];

	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	ground_nap(3 * QUIET);
	daemon_field(&s->d, SCENE_NAME " A", "state", text);
	assert_string_not_equal(text, "");
	assert_string_not_equal(text, "confirmed");
	assert_int_equal(serve_count(tls, NULL, NULL), 0);
	daemon_field(&s->d, SCENE_NAME " A", "failures", text);
	assert_string_not_equal(text, "0");
}

static void unknown_authority_gets_no_request(void **state)
{
	struct scene *s = *state;
	struct server tls = {0};

	serve_web_tls(s->g, &tls, 8443);
	daemon_configure(s->g, &s->d, "", TLS_RECORD, SERVE_WEB);
	expect_no_tls_request(s, &tls);
}

static void certificate_of_another_host_gets_no_request(void **state)
{
	struct scene *s = *state;
	struct server tls = {0};

	serve_web_tls(s->g, &tls, 8443);
	daemon_configure(s->g, &s->d, "", TLS_RECORD "ca-file = %s/ca.pem\n", SERVE_KNOT,
			 s->g->dir);
	expect_no_tls_request(s, &tls);
}

static void names_of_one_account_share_a_request(void **state)
{
	struct scene *s = *state;

	daemon_configure(
		s->g, &s->d, "",
		"[account web]\nprovider = dyndns2\nusername = user\npassword = opensesame\n"
		"url = http://198.51.100.53:8080/nic/update\nallow-plaintext = yes\n\n"
		"[a.example.org]\naccount = web\nfamily = ipv4\n\n"
		"[b.example.org]\naccount = web\nfamily = ipv4\n\n"
		"[c.example.org]\naccount = web\nfamily = ipv4\n");
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	assert_true(serve_await(&s->web, 1, "a.example.org", "192.0.2.10", 1000));
	assert_true(daemon_await(&s->d, "a.example.org A", "confirmed", "192.0.2.10", 1000));
	assert_true(daemon_await(&s->d, "b.example.org A", "confirmed", "192.0.2.10", 1000));
	assert_true(daemon_await(&s->d, "c.example.org A", "confirmed", "192.0.2.10", 1000));
	assert_int_equal(serve_count(&s->web, NULL, NULL), 1);
}

static void password_stays_out_of_log_and_status(void **state)
{
	struct scene *s = *state;
	static char text[65536];

	scene_settled(s);
	assert_int_equal(daemon_command(&s->d, text, sizeof(text), "status", "--json"), 0);
	assert_null(strstr(text, "opensesame"));
	assert_int_equal(daemon_logged(&s->d, "dXNlcjpvcGVuc2VzYW", NULL), 0);
	assert_int_equal(daemon_logged(&s->d, "user:opensesame", NULL), 0);
}

static void expect_hosts_line(struct scene *s, const char *path, const char *ip)
{
	int lines = 0;

	assert_true(daemon_await(&s->d, SCENE_NAME " A", "confirmed", ip, 2000));
	lines = serve_lines(path, SCENE_NAME, ip);
	assert_int_equal(lines, 1);
	assert_int_equal(serve_lines(path, SCENE_NAME, NULL), 1);
	assert_int_equal(serve_lines(path, "127.0.0.1 localhost", NULL), 1);
	assert_int_equal(serve_lines(path, "# mine", NULL), 1);
}

static void hosts_file_follows_and_keeps_its_other_lines(void **state)
{
	struct scene *s = *state;
	char path[GROUND_PATH];

	ground_write(ground_path(s->g, path, "hosts"), "127.0.0.1 localhost\n# mine\n");
	daemon_configure(s->g, &s->d, "",
			 "[" SCENE_NAME "]\nprovider = hosts\nfile = %s\nfamily = ipv4\n", path);
	daemon_start(&s->d);
	wire_dial(s->g, "192.0.2.10/24");
	expect_hosts_line(s, path, "192.0.2.10");
	scene_redial(s, "192.0.2.10/24", "192.0.2.20/24");
	expect_hosts_line(s, path, "192.0.2.20");
	assert_int_equal(daemon_updater(&s->d), 0);
}

static void updater_comes_ahead_of_need_and_goes_when_idle(void **state)
{
	struct scene *s = *state;

	daemon_configure(s->g, &s->d, "updater-idle = 1s\n", DAEMON_RECORD, SCENE_NAME, 8080,
			 "/nic/update");
	scene_settled(s);
	assert_true(daemon_await_updater(&s->d, false, 4000));
	wire_del(s->g, SIDE_INSIDE, "wan0", "192.0.2.10/24");
	assert_true(daemon_await_updater(&s->d, true, 500));
	scene_expect_quiet(s, 100);
	wire_dial(s->g, "192.0.2.20/24");
	scene_expect(s, "192.0.2.20", 1);
	assert_true(daemon_await_updater(&s->d, false, 4000));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE_CASE(own_authority_is_trusted_for_its_record),
		SCENE_CASE(unknown_authority_gets_no_request),
		SCENE_CASE(certificate_of_another_host_gets_no_request),
		SCENE_CASE(names_of_one_account_share_a_request),
		SCENE_CASE(password_stays_out_of_log_and_status),
		SCENE_CASE(hosts_file_follows_and_keeps_its_other_lines),
		SCENE_CASE(updater_comes_ahead_of_need_and_goes_when_idle),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
