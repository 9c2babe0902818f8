/* SPDX-License-Identifier: MIT */
#include "cfg/cfg.c"

#include <ctype.h>

#include "cfg/secret.h"
#include "netwatch/addr.h"
#include "tests/unit/cfgtext.h"

static void what_is_not_used_is_warned_of(void **state)
{
	(void)state;
	cfg_free(load_text("[account x]\n" HOSTS "[source y]\n[a.b]\n" HOSTS, 0));
	assert_string_equal(dump, "nlddns.conf:1: warning: no record uses [account x]\n"
				  "nlddns.conf:4: warning: no record uses [source y]\n");
	cfg_free(load_text("", 0));
	assert_string_equal(dump, "nlddns.conf:0: warning: no records: there is nothing to keep "
				  "current; add a section named like the DNS name\n");
}

static void daemon_keys(void **state)
{
	struct cfg *cfg = load_text("[a.b]\n" HOSTS, 0);

	(void)state;
	assert_string_equal(cfg->daemon.state_dir, "/var/lib/nlddns");
	assert_string_equal(cfg->daemon.control, "/run/nlddns/control");
	assert_null(cfg->daemon.user);
	assert_false(cfg->daemon.keep_updater);
	assert_int_equal(cfg->daemon.updater_idle_ms, 30000);
	assert_int_equal(cfg->daemon.recheck_ms, 3600000);
	assert_int_equal(cfg->daemon.log_level, CFG_LOG_INFO);
	assert_false(cfg->daemon.insecure_permissions);
	cfg_free(cfg);
	cfg = load_text("[a.b]\n" HOSTS "[nlddns]\nstate-dir = /s # here\ncontrol = /c\nuser = me\n"
			"keep-updater = yes\nupdater-idle = 5s\nrecheck = 30m\nlog-level = debug\n"
			"insecure-permissions = yes\n",
			0);
	assert_string_equal(cfg->daemon.state_dir, "/s");
	assert_string_equal(cfg->daemon.control, "/c");
	assert_string_equal(cfg->daemon.user, "me");
	assert_true(cfg->daemon.keep_updater);
	assert_int_equal(cfg->daemon.updater_idle_ms, 5000);
	assert_int_equal(cfg->daemon.recheck_ms, 1800000);
	assert_int_equal(cfg->daemon.log_level, CFG_LOG_DEBUG);
	assert_true(cfg->daemon.insecure_permissions);
	cfg_free(cfg);
}

static void more_files_are_read_in_order(void **state)
{
	struct cfg *cfg;

	(void)state;
	assert_int_equal(mkdir(tempdir_path("conf.d"), 0700), 0);
	tempdir_text("conf.d/20.conf", "[b.b]\n" HOSTS "family = ipv4\n");
	tempdir_text("conf.d/10.conf", "[a.a]\naccount = x\nfamily = ipv6\n");
	tempdir_text("conf.d/.hidden.conf", "nonsense\n");
	tempdir_text("conf.d/readme.txt", "nonsense\n");
	cfg = load_text("[account x]\n" HOSTS, 0);
	assert_int_equal(cfg->n_files, 3);
	assert_string_equal(short_name(cfg->files[0]), "nlddns.conf");
	assert_string_equal(short_name(cfg->files[1]), "conf.d/10.conf");
	assert_string_equal(short_name(cfg->files[2]), "conf.d/20.conf");
	assert_int_equal(cfg->n_records, 2);
	assert_string_equal(cfg->records[0].name, "a.a");
	assert_ptr_equal(cfg->records[0].file, cfg->files[1]);
	assert_string_equal(cfg->records[1].name, "b.b");
	cfg_free(cfg);

	tempdir_text("conf.d/20.conf", "[account x]\n[b.b]\nx = 1\n");
	assert_int_equal(symlink("/nonexistent", tempdir_path("conf.d/00.conf")), 0);
	load_text("[account x]\n" HOSTS "[c.c]\n", -EINVAL);
	assert_string_equal(
		dump,
		"nlddns.conf:4: [c.c] needs `provider` (or `account`)\n"
		"conf.d/00.conf:0: cannot be read: No such file or directory\n"
		"conf.d/20.conf:1: section [account x] is already in nlddns.conf:1; write its keys "
		"there\n"
		"conf.d/20.conf:2: [b.b] needs `provider` (or `account`)\n"
		"conf.d/20.conf:3: unknown key `x`\n");
	for (const char *const *name = (const char *const[]){"conf.d/00.conf", "conf.d/10.conf",
							     "conf.d/20.conf", NULL};
	     *name; name++)
		assert_int_equal(unlink(tempdir_path(*name)), 0);
}

static void absent_files_are_told(void **state)
{
	struct cfg_errors errors;
	struct cfg *cfg = NULL;

	(void)state;
	assert_int_equal(cfg_load(tempdir_path("none.conf"), &cfg, &errors), -ENOENT);
	assert_null(cfg);
	dump[0] = '\0';
	describe_errors(&errors);
	assert_string_equal(dump, "none.conf:0: there is no such file: write one, or set "
				  "NLDDNS_NAME and NLDDNS_PROVIDER; see nlddns.conf(5)\n");
	cfg_errors_done(&errors);
}

static void errors_are_printed_as_lines(void **state)
{
	struct cfg_error list[] = {{.file = tempdir, .line = 3, .text = "a"},
				   {.file = tempdir, .warning = true, .text = "b"}};
	struct cfg_errors errors = {list, 2};
	char *text = NULL, expected[256];
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	(void)state;
	assert_non_null(to);
	cfg_errors_print(&errors, to);
	fclose(to);
	snprintf(expected, sizeof(expected), "%s:3: a\n%s: warning: b\n", tempdir, tempdir);
	assert_string_equal(text, expected);
	free(text);
}

static void secrets_ask_for_private_files(void **state)
{
	static const char literal[] = "[a.b]\n" DYNDNS2 "[c.d]\n" DYNDNS2;
	static const char insecure[] = "[a.b]\n" DYNDNS2 "[nlddns]\ninsecure-permissions = yes\n";
	static const char none[] = "[a.b]\n" HOSTS;
	char expected[256];

	(void)state;
	tempdir_write("nlddns.conf", literal, strlen(literal), 0660);
	load(-EINVAL);
	snprintf(expected, sizeof(expected),
		 "nlddns.conf:0: others may read this file (mode 0660), and it holds a secret: run "
		 "`chmod %s nlddns.conf`, or keep secrets in files of their own (file:PATH)\n",
		 secret_mode(geteuid()));
	assert_string_equal(dump, expected);
	tempdir_write("nlddns.conf", insecure, strlen(insecure), 0644);
	cfg_free(load(0));
	assert_string_equal(dump, "");
	tempdir_write("nlddns.conf", none, strlen(none), 0644);
	cfg_free(load(0));
	assert_string_equal(dump, "");
}

static void secret_files_are_read_whole(void **state)
{
	char text[512];
	struct cfg *cfg;

	(void)state;
	tempdir_text("key", "key \"k\" {\n\talgorithm hmac-sha256;\n\tsecret \"c2Vj\";\n};\n");
	snprintf(text, sizeof(text), "[a.b]\nprovider = rfc2136\nkey = file:%s/key # ours\n",
		 tempdir);
	cfg = load_text(text, 0);
	assert_string_equal(cfg->accounts[0].values[1].name, "key");
	assert_string_equal(cfg->accounts[0].values[1].text,
			    "key \"k\" {\n\talgorithm hmac-sha256;\n\tsecret \"c2Vj\";\n};");
	cfg_free(cfg);
}

static void caps_hold(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	(void)state;
	assert_non_null(to);
	for (unsigned i = 0; i <= CFG_SOURCES_MAX; i++)
		fprintf(to, "[source s%u]\n", i);
	for (unsigned i = 0; i < 65; i++) {
		fprintf(to, "[r%u.x]\n" HOSTS "names =", i);
		for (unsigned j = 0; j < 255; j++)
			fprintf(to, " n%u.r%u", j, i);
		fprintf(to, "\n");
	}
	fclose(to);
	load_text(text, -EINVAL);
	free(text);
	assert_non_null(strstr(dump, "nlddns.conf:257: more than 256 different sources\n"));
	assert_non_null(strstr(dump, "nlddns.conf:386: more than 16384 records\n"));
	assert_null(strstr(dump, "nlddns.conf:385: more"));
}

/* The words of `allow` are those of the addresses' classes. */
static void classes_are_those_of_addresses(void **state)
{
	const struct setting *row = &keys_find(keys_source, "allow")->setting;
	char choices[256], *rest = choices, *word;
	unsigned seen = 0;

	(void)state;
	snprintf(choices, sizeof(choices), "%s", row->choices);
	while ((word = strsep(&rest, " "))) {
		enum addr_class class;

		assert_int_equal(addr_class_parse(word, &class), 0);
		assert_int_not_equal(class, ADDR_CLASS_GLOBAL);
		seen |= 1U << class;
	}
	assert_int_equal(seen, (1U << ADDR_CLASS_COUNT) - 2);
}

/* Examples are lines whose # is followed by no space; the files they name are put into the folder
 * of the test, and the program is another. */
static void write_sample(FILE *from, FILE *to)
{
	static const char home[] = "file:/etc/nlddns/";
	char line[256];

	while (fgets(line, sizeof(line), from)) {
		bool example =
			line[0] == '#' && (line[1] == '[' || islower((unsigned char)line[1]));
		char *secret = strstr(line, home);

		if (secret) {
			secret[0] = '\0';
			fprintf(to, "%sfile:%s/%s", line + example, tempdir, secret + strlen(home));
			secret[strcspn(secret + strlen(home), "\n") + strlen(home)] = '\0';
			tempdir_text(secret + strlen(home), "S3CRET\n");
		} else if (strncmp(line, "#hook = ", 8) == 0) {
			fprintf(to, "hook = /bin/true\n");
		} else {
			fprintf(to, "%s", line + example);
		}
	}
}

/* The sample with all its examples, owned. */
static char *make_sample(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *from = fopen("packaging/nlddns.conf", "re");
	FILE *to = open_memstream(&text, &len);

	assert_non_null(from);
	assert_non_null(to);
	write_sample(from, to);
	fclose(from);
	fclose(to);
	return text;
}

static void the_sample_loads(void **state)
{
	struct cfg_errors errors;
	struct cfg *cfg = NULL;
	char *text;

	(void)state;
	assert_int_equal(cfg_load("packaging/nlddns.conf", &cfg, &errors), 0);
	assert_int_equal(cfg->n_records, 0);
	assert_int_equal(errors.n, 1);
	assert_true(errors.list[0].warning);
	cfg_errors_done(&errors);
	cfg_free(cfg);

	text = make_sample();
	cfg = load_text(text, 0);
	assert_string_equal(dump, "");
	assert_int_equal(cfg->n_accounts, 7);
	assert_int_equal(cfg->n_sources, 4);
	assert_int_equal(cfg->n_records, 2 + 2 + 6 + 1 + 1 + 2 + 2);
	assert_int_equal(cfg->records[4].on_loss_ms, 600000);
	assert_int_equal(cfg->records[4].refresh_ms, INT64_C(20) * 86400000);
	assert_string_equal(cfg->daemon.user, "nlddns");
	cfg_free(cfg);
	free(text);
}

static uint32_t random_next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Changes, drops, doubles or moves a few bytes; text has room for 64 more. */
static size_t mutate(char *text, size_t len, uint32_t *seed)
{
	static const char favourites[] = "\n[]=#; \t\r\"\0:,*/.\xff";
	unsigned n = 1 + random_next(seed) % 4;

	while (n-- > 0 && len > 16) {
		size_t at = random_next(seed) % (len - 8);
		size_t other = random_next(seed) % (len - 8);
		size_t count = 1 + random_next(seed) % 7;

		switch (random_next(seed) % 4) {
		case 0:
			text[at] = favourites[random_next(seed) % (sizeof(favourites) - 1)];
			break;
		case 1:
			memmove(text + at, text + at + count, len - at - count);
			len -= count;
			break;
		case 2:
			memmove(text + at + count, text + at, len - at);
			len += count;
			break;
		case 3:
			memmove(text + at, text + other, count);
			break;
		}
	}
	return len;
}

/* Whatever is written, it is either taken or refused with words, and no secret is among these. */
static void mutated_files_are_survived(void **state)
{
	char *sample = make_sample();
	size_t len = strlen(sample);
	char *text = malloc(len + 64);
	unsigned taken = 0, refused = 0;
	uint32_t seed = 20190512;

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; i < 2000; i++) {
		struct cfg_errors errors;
		struct cfg *cfg = NULL;
		bool fatal = false;
		int error;

		memcpy(text, sample, len);
		tempdir_write("nlddns.conf", text, mutate(text, len, &seed), 0600);
		error = cfg_load(tempdir_path("nlddns.conf"), &cfg, &errors);
		assert_true(error == 0 || error == -EINVAL);
		for (size_t j = 0; j < errors.n; j++) {
			fatal |= !errors.list[j].warning;
			assert_true(errors.list[j].text[0]);
			assert_null(strstr(errors.list[j].text, "S3CRET"));
		}
		assert_int_equal(fatal, error != 0);
		taken += !error;
		refused += error != 0;
		cfg_errors_done(&errors);
		cfg_free(cfg);
	}
	assert_true(taken > 100 && refused > 100);
	free(text);
	free(sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_used_is_warned_of),
		cmocka_unit_test(daemon_keys),
		cmocka_unit_test(more_files_are_read_in_order),
		cmocka_unit_test(absent_files_are_told),
		cmocka_unit_test(errors_are_printed_as_lines),
		cmocka_unit_test(secrets_ask_for_private_files),
		cmocka_unit_test(secret_files_are_read_whole),
		cmocka_unit_test(caps_hold),
		cmocka_unit_test(classes_are_those_of_addresses),
		cmocka_unit_test(the_sample_loads),
		cmocka_unit_test(mutated_files_are_survived),
	};

	return cmocka_run_group_tests_name("cfg", tests, tempdir_setup, tempdir_teardown);
}
