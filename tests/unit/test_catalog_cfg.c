/* SPDX-License-Identifier: MIT */
/* Configurations that name services: which files are read, and what is said of wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "cfg/cfg.h"
#include "providers/service.h"
#include "tests/unit/tempdir.h"

#define HEAD                                                                                 \
	"[service]\ntitle = Good\nweb = https://good.example\nurl = https://good.example/u?" \
	"n={name}&t={token}&a={addresses}\nipv4 = {ip4}\n"
#define GOOD HEAD "ipv6 = {ip6}\naliases = goody Good.Example\n[replies]\ndone = token OK\n"
#define KEYS                                                                                    \
	"[service]\ntitle = Keys\nweb = https://a.example\nurl-ipv4 = https://a.example/{k4}\n" \
	"url-ipv6 = https://a.example/{k6}\nipv4 = {ip4}\nipv6 = {ip6}\n"                       \
	"[setting k4]\nhelp = Key.\n[setting k6]\nhelp = Key.\n[replies]\ndone = empty\n"
#define RECORD "[a.example.org]\nprovider = "

struct row {
	const char *config, *service;
	const char *errors; /* NULL: none */
	size_t n_records;
};

static const struct row rows[] = {
	{RECORD "svc\ntoken = x\n", GOOD, NULL, 2},
	{RECORD "svc\n", GOOD,
	 "nlddns.conf:1: [a.example.org] needs `token` (Token that the provider shows.)\n", 0},
	{RECORD "svc\ntoken = x\ntokne = y\n", GOOD,
	 "nlddns.conf:4: unknown key `tokne`; did you mean `token`?\n", 0},
	{RECORD "goody\ntoken = x\n", GOOD,
	 "nlddns.conf:2: warning: `goody` is called svc here: write provider = svc\n", 2},
	{RECORD "good.example\ntoken = x\n", GOOD,
	 "nlddns.conf:2: warning: `good.example` is called svc here: write provider = svc\n", 2},
	{RECORD "svcc\n", GOOD, "nlddns.conf:2: unknown provider `svcc`; did you mean `svc`?\n", 0},
	{RECORD "../x\n", GOOD,
	 "nlddns.conf:2: unknown provider `../x`; `nlddns providers` lists them, and dyndns2 fits "
	 "many more\n",
	 0},
	{RECORD "default@domopoli.com\n", GOOD,
	 "nlddns.conf:2: `default@domopoli.com`: nlddns cannot update domopoli yet; keep the "
	 "name at one of `nlddns providers`, and make the one there a CNAME of it\n",
	 0},
	{RECORD "bind-nsupdate\nkey = k:c2VzYW1lc2VzYW1lc2VzYW1l\n", GOOD,
	 "nlddns.conf:2: warning: `bind-nsupdate` is called rfc2136 here: write provider = "
	 "rfc2136\n",
	 2},
	/* what a service cannot do */
	{RECORD "svc\ntoken = x\n", HEAD "[replies]\ndone = token OK\n", NULL, 1},
	{RECORD "svc\ntoken = x\nfamily = ipv6\n", HEAD "[replies]\ndone = token OK\n",
	 "nlddns.conf:1: provider svc has no IPv6 addresses; write family = ipv4\n", 0},
	{"[*.example.org]\nprovider = svc\ntoken = x\n",
	 HEAD "wildcard = no\n[replies]\ndone = token OK\n",
	 "nlddns.conf:1: provider svc takes no names with *\n", 0},
	{RECORD "svc\ntoken = x\n",
	 HEAD "zone = good.example\nquery = z={sub}\n[replies]\ndone = token OK\n",
	 "nlddns.conf:1: a.example.org is not in `zone` (good.example)\n", 0},
	{RECORD "svc\ntoken = x\n", HEAD "query = z={zone}\n[replies]\ndone = token OK\n",
	 "nlddns.conf:1: [a.example.org] needs `zone` (The domain as registered, such as "
	 "example.org; several with blanks.)\n",
	 0},
	{RECORD "svc\ntoken = x\n",
	 HEAD "zone = {name}\nquery = z={zone}<&s={sub}>\n[replies]\ndone = token OK\n", NULL, 1},
	{RECORD "svc\ntoken = x\nzone = example.org\n",
	 HEAD "zone = {name}\nquery = z={zone}<&s={sub}>\n[replies]\ndone = token OK\n", NULL, 1},
	{RECORD "svc\ntoken = x\nzone = example.com\n",
	 HEAD "zone = {name}\nquery = z={zone}<&s={sub}>\n[replies]\ndone = token OK\n",
	 "nlddns.conf:1: a.example.org is not in `zone` (example.com)\n", 0},
	{RECORD "svc\nttl = 60\ntoken = x\n", GOOD,
	 "nlddns.conf:3: provider svc cannot set a ttl; leave it out\n", 0},
	{RECORD "svc\nttl = 60\ntoken = x\n",
	 HEAD "query = <ttl={ttl}>\n[replies]\ndone = token OK\n", NULL, 1},
	{RECORD "svc\n",
	 "[service]\ntitle = Plain\nweb = https://a.example\nurl = http://a.example/{name}\n"
	 "ipv4 = {ip4}\n[replies]\ndone = empty\n",
	 "nlddns.conf:1: `allow-plaintext` must be yes: this service has no https, so that "
	 "everyone "
	 "on the way can read what is sent\n",
	 0},
	{RECORD "svc\n",
	 "[service]\ntitle = Old\nweb = https://a.example\nended = 2018-08-01\ninstead = desec, "
	 "dynv6\n",
	 "nlddns.conf:2: svc (Old) was shut down: 2018-08-01; alternatives: desec dynv6\n", 0},
	/* a setting for addresses of one kind */
	{RECORD "svc\nk4 = x\nk6 = y\n", KEYS, NULL, 2},
	{RECORD "svc\nk4 = x\n", KEYS, NULL, 1},
	{RECORD "svc\nk6 = x\n", KEYS, NULL, 1},
	{RECORD "svc\nk6 = x\nfamily = both\n", KEYS,
	 "nlddns.conf:1: needs `k4` for IPv4 addresses\n", 0},
	{RECORD "svc\nk4 = x\nfamily = ipv6\n", KEYS,
	 "nlddns.conf:1: needs `k6` for IPv6 addresses\n", 0},
	{RECORD "svc\n", KEYS,
	 "nlddns.conf:1: needs `k4` for IPv4 addresses\n"
	 "nlddns.conf:1: needs `k6` for IPv6 addresses\n",
	 0},
	{RECORD "svc\n",
	 "[service]\ntitle = One\nweb = https://a.example\nurl-ipv4 = https://a.example/{token}\n"
	 "ipv4 = {ip4}\n[replies]\ndone = empty\n",
	 "nlddns.conf:1: [a.example.org] needs `token` (Token that the provider shows.)\n", 0},
	/* a service in the configuration itself */
	{RECORD "template\nurl = https://a.example/{name}?a={addresses}\ndone = token OK\n", GOOD,
	 NULL, 2},
	{RECORD "template\nurl = https://a.example/{name}?t={token}\ndone = token OK\n", GOOD,
	 "nlddns.conf:1: `token` is used in a template and not set\n", 0},
	{RECORD "template\nurl = https://a.example/{sub}\ndone = token OK\n", GOOD,
	 "nlddns.conf:1: `zone` is used in a template and not set\n", 0},
	{RECORD "template\nurl = https://a.example/{nam}\ndone = token OK\n", GOOD,
	 "nlddns.conf:3: `url` there is no {nam}; describe it in [setting nam], or see "
	 "nlddns-provider(5) for those there are\n",
	 0},
	{RECORD "template\nurl = https://{name}.example/\ndone = json /a = 1\n", GOOD,
	 "nlddns.conf:4: `done` has `json`, but `reply` is not json\n", 0},
	{RECORD "template\nurl = file:///etc/passwd\ndone = token OK\n", GOOD,
	 "nlddns.conf:3: `url` must begin with https:// and a host, and have no user name, no "
	 "blanks and no #\n",
	 0},
	{RECORD "template\nurl = https://me:sesame@a.example/\ndone = token OK\n", GOOD,
	 "nlddns.conf:3: `url` must begin with https:// and a host, and have no user name, no "
	 "blanks and no #\n",
	 0},
	{RECORD "template\nurl = https:///u?e=me@a.example\ndone = token OK\n", GOOD,
	 "nlddns.conf:3: `url` must begin with https:// and a host, and have no user name, no "
	 "blanks and no #\n",
	 0},
	{RECORD "template\nurl = https://a.example/@?e=me@a.example\ndone = token OK\n", GOOD, NULL,
	 2},
	{RECORD "template\nurl = https://a.example/{ttl}\ndone = token OK\n", GOOD,
	 "nlddns.conf:1: `ttl` has no value for records without one: put {ttl} between < and >, or "
	 "set `ttl` in a service file\n",
	 0},
	{RECORD "template\nurl = http://a.example/\ndone = token OK\n", GOOD,
	 "nlddns.conf:1: `allow-plaintext` must be yes: this service has no https, so that "
	 "everyone "
	 "on the way can read what is sent\n",
	 0},
	/* wrong files */
	{RECORD "svc\n", "",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf: there is no [service]\n",
	 0},
	{RECORD "svc\n", HEAD "ipv5 = x\n[replies]\ndone = token OK\n",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf:6: unknown key `ipv5`; did you mean `ipv4`?\n",
	 0},
	{RECORD "svc\n", HEAD "bearer = {tokn}\n[replies]\ndone = token OK\n",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf:6: `bearer` there is no {tokn}; describe it in [setting tokn], or see "
	 "nlddns-provider(5) for those there are\n",
	 0},
	{RECORD "svc\n", HEAD "[replies]\ndone = contains OK\n",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf:7: `done` needs one of: status, token, line, body, empty, json, xml\n",
	 0},
	{RECORD "svc\n", HEAD "[replies]\ndone = line \"*good*\"\n",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf:7: `done` has a text that begins with *: it would hold for what was "
	 "not "
	 "understood\n",
	 0},
	{RECORD "svc\n", HEAD "[replies]\nfine = token OK\n",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf:7: `fine`: replies are done, unchanged, retry, throttled, "
	 "refused-auth, refused-name, refused-abuse, refused-config, and these with -2 to -9 "
	 "behind; "
	 "at most 48\n",
	 0},
	{RECORD "svc\n", HEAD "[replies]\nretry = token OK\n",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf:1: the service needs a reply that is `done`\n",
	 0},
	{RECORD "svc\n", HEAD "method = GE\n[replies]\ndone = token OK\n",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf:6: `method` is one of GET POST PUT PATCH\n",
	 0},
	{RECORD "svc\ntoken = x\n",
	 HEAD "[replies]\ndone = token OK\nretry = line \"a json here\" -- no xml either\n", NULL,
	 1},
	{RECORD "svc\n",
	 HEAD "query = i={interface}\n[setting interface]\nhelp = I.\n[replies]\ndone = token OK\n",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf:7: [setting interface]: at most 16 settings, and none that is called "
	 "like a key of records or a placeholder all services have\n",
	 0},
	{RECORD "svc\n", HEAD "[setting foo]\nhelp = Foo.\n[replies]\ndone = token OK\n",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf:6: [setting foo] is used nowhere\n",
	 0},
	{RECORD "svc\n", HEAD "body = <a{name}\n[replies]\ndone = token OK\n",
	 "nlddns.conf:2: DIR/providers/svc.conf is wrong: see there\n"
	 "providers/svc.conf:6: `body` has a < without its >\n",
	 0},
};

static int setup(void **state)
{
	return tempdir_setup(state) || mkdir(tempdir_path("providers"), 0700);
}

/* The errors, each file by its path in dir. */
static void print_errors(const struct cfg_errors *errors, char *out, size_t size)
{
	const char *dir = tempdir;
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < errors->n; i++) {
		const struct cfg_error *e = &errors->list[i];
		const char *at = strstr(e->text, dir);
		char line[16] = "";

		if (e->line)
			(void)snprintf(line, sizeof(line), ":%d", e->line);
		len += (size_t)snprintf(out + len, size - len, "%s%s: %s",
					e->file + strlen(dir) + 1, line,
					e->warning ? "warning: " : "");
		len += (size_t)snprintf(out + len, size - len, "%.*s%s%s\n",
					at ? (int)(at - e->text) : (int)strlen(e->text), e->text,
					at ? "DIR" : "", at ? at + strlen(dir) : "");
	}
}

static void play(const struct row *row)
{
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;
	char found[4096];

	tempdir_text("nlddns.conf", row->config);
	tempdir_text("providers/svc.conf", row->service);
	(void)cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors);
	print_errors(&errors, found, sizeof(found));
	if (strcmp(found, row->errors ? row->errors : "") != 0)
		fail_msg("row %zu:\n%s\nis not\n%s", (size_t)(row - rows), found,
			 row->errors ? row->errors : "");
	assert_int_equal(cfg ? cfg->n_records : 0, row->n_records);
	cfg_errors_done(&errors);
	cfg_free(cfg);
}

static void every_fault_is_told_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		play(&rows[i]);
}

/* The names of files of a folder that were opened since it is watched. */
static void read_opened(int fd, char *out, size_t size)
{
	char events[4096] __attribute__((aligned(8)));
	ssize_t len = read(fd, events, sizeof(events));
	size_t used = 0;

	out[0] = '\0';
	for (ssize_t at = 0; at < len;) {
		const struct inotify_event *event = (const void *)(events + at);

		if (event->len > 0)
			used += (size_t)snprintf(out + used, size - used, "%s ", event->name);
		at += (ssize_t)(sizeof(*event) + event->len);
	}
}

static void only_the_files_that_are_named_are_read(void **state)
{
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;
	char opened[1024];
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	(void)state;
	tempdir_text("providers/svc.conf", GOOD);
	tempdir_text("providers/other.conf", GOOD);
	tempdir_text("nlddns.conf",
		     RECORD "svc\ntoken = x\n[b.example.org]\nprovider = svc\ntoken = y\n");
	assert_true(fd >= 0);
	assert_true(inotify_add_watch(fd, tempdir_path("providers"), IN_OPEN) >= 0);
	assert_int_equal(cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors), 0);
	read_opened(fd, opened, sizeof(opened));
	assert_string_equal(opened, "svc.conf ");
	assert_ptr_equal(cfg->accounts[0].provider, cfg->accounts[1].provider);
	assert_int_equal(cfg->n_services, 1);
	cfg_errors_done(&errors);
	cfg_free(cfg);
	close(fd);
}

/* A repaired file ends a hold, as a corrected setting does. */
static enum setting_type type_with(const char *service)
{
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;
	enum setting_type type;

	tempdir_text("providers/svc.conf", service);
	tempdir_text("nlddns.conf", RECORD "svc\ntoken = x\n");
	assert_int_equal(cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors), 0);
	assert_string_equal(cfg->accounts[0].provider->settings[0].name, "token");
	type = cfg->accounts[0].provider->settings[0].type;
	cfg_errors_done(&errors);
	cfg_free(cfg);
	return type;
}

/* A word of help makes no secret public. */
static void a_token_is_a_secret_unless_it_is_said_not_to_be(void **state)
{
	(void)state;
	assert_int_equal(type_with(GOOD), SETTING_SECRET);
	assert_int_equal(type_with(GOOD "[setting token]\nhelp = A token.\n"), SETTING_SECRET);
	assert_int_equal(type_with(GOOD "[setting token]\ntype = text\nhelp = A token.\n"),
			 SETTING_TEXT);
}

static uint64_t fingerprint_with(const char *service)
{
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;
	uint64_t fingerprint;

	tempdir_text("providers/svc.conf", service);
	tempdir_text("nlddns.conf", RECORD "svc\ntoken = x\n");
	assert_int_equal(cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors), 0);
	fingerprint = cfg->records[0].fingerprint;
	cfg_errors_done(&errors);
	cfg_free(cfg);
	return fingerprint;
}

static void another_file_is_another_fingerprint(void **state)
{
	static const char *const others[] = {
		GOOD "refused-auth = token KO\n",
		HEAD "ipv6 = {ip6}\n[replies]\ndone = token Ok\n",
		HEAD "ipv6 = {ip6}\ncontent-type = json\n[replies]\ndone = token OK\n",
		HEAD "ipv6 = {ip6}\nreply = html\n[replies]\ndone = token OK\n",
		HEAD "ipv6 = {ip6}\nttl = 60\n[replies]\ndone = token OK\n",
		HEAD "ipv6 = {ip6}\nquery = m={names}\n[replies]\ndone = token OK\n",
		HEAD "ipv6 = {ip6}\nquery = m={names}\nnames = 2\n[replies]\ndone = token OK\n",
	};
	uint64_t seen[1 + sizeof(others) / sizeof(others[0])] = {fingerprint_with(GOOD)};
	size_t n = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		seen[n] = fingerprint_with(others[i]);
		for (size_t k = 0; k < n; k++)
			if (seen[k] == seen[n])
				fail_msg("file %zu is as good as %zu", n, k);
		n++;
	}
	assert_int_equal(seen[0], fingerprint_with(GOOD));
}

/* Files that are no longer what they were: read or refused, with nothing left behind. */
static void damaged_files_are_survived(void **state)
{
	static const char good[] =
		GOOD "refused-auth = status 401 | line \"no *\" wait 10m -- do it\n"
		     "[setting token]\ntype = secret\nhelp = A token.\n";
	static const char bytes[] = "{}<>[]=:|\"'*#; \n\x01\xff/%-09az";
	uint64_t random = 88172645463325252u; /* xorshift64 (Marsaglia) */

	(void)state;
	tempdir_text("nlddns.conf", RECORD "svc\ntoken = x\n");
	for (unsigned i = 0; i < 3000; i++) {
		char text[sizeof(good)];
		struct cfg_errors errors = {0};
		struct cfg *cfg = NULL;
		int error;

		memcpy(text, good, sizeof(good));
		for (unsigned k = 0; k < 1 + i % 4; k++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			text[random % (sizeof(good) - 1)] =
				bytes[(random >> 32) % (sizeof(bytes) - 1)];
		}
		tempdir_write("providers/svc.conf", text, sizeof(good) - 1, 0600);
		error = cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors);
		assert_int_equal(error == 0, cfg != NULL);
		cfg_errors_done(&errors);
		cfg_free(cfg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_fault_is_told_with_its_place, setup,
						tempdir_teardown),
		cmocka_unit_test_setup_teardown(only_the_files_that_are_named_are_read, setup,
						tempdir_teardown),
		cmocka_unit_test_setup_teardown(damaged_files_are_survived, setup,
						tempdir_teardown),
		cmocka_unit_test_setup_teardown(a_token_is_a_secret_unless_it_is_said_not_to_be,
						setup, tempdir_teardown),
		cmocka_unit_test_setup_teardown(another_file_is_another_fingerprint, setup,
						tempdir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
