/* SPDX-License-Identifier: MIT */
/* The manuals and the completion keep up with the tables they describe, and their examples load. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "cfg/cfg.h"
#include "cfg/cfg_service.h"
#include "cfg/keys.h"
#include "providers/apifield.h"
#include "providers/sign.h"
#include "update/ctl/command.h"

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 65536);

	if (!file || !text)
		fail_msg("%s cannot be read; run this in the folder of the Makefile", path);
	assert_true(fread(text, 1, 65535, file) < 65535);
	(void)fclose(file);
	return text;
}

static void expect_item(const char *manual, const char *name)
{
	char item[96];

	(void)snprintf(item, sizeof(item), "\n.It Cm %s =", name);
	if (!strstr(manual, item))
		fail_msg("nlddns.conf(5) does not describe `%s`", name);
}

static void expect_keys(const char *manual, const struct key *keys)
{
	for (; keys->setting.name; keys++)
		expect_item(manual, keys->setting.name);
}

static void expect_settings(const char *manual, const struct setting *settings)
{
	for (; settings->name; settings++)
		expect_item(manual, settings->name);
}

static void every_key_is_in_the_manual(void **state)
{
	char *manual = read_file("packaging/man/nlddns.conf.5"), item[64];

	(void)state;
	expect_keys(manual, keys_daemon);
	expect_keys(manual, keys_source);
	expect_keys(manual, keys_record);
	expect_settings(manual, provider_http_settings());
	for (const struct provider *const *p = provider_all(); *p; p++) {
		(void)snprintf(item, sizeof(item), "\n.It Cm %s\n", (*p)->name);
		if (!strstr(manual, item))
			fail_msg("nlddns.conf(5) does not describe provider %s", (*p)->name);
		expect_settings(manual, (*p)->settings);
	}
	free(manual);
}

/* Whether the word stands in text as such, not within a longer one. */
static int has_word(const char *text, const char *word, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		if ((at == text || !strchr(letters, at[-1])) &&
		    (!at[len] || !strchr(letters, at[len])))
			return 1;
	return 0;
}

static void expect_choices(const char *manual, const struct key *keys)
{
	for (; keys->setting.name; keys++) {
		const char *at = keys->setting.choices;

		while (at && *at) {
			size_t len = strcspn(at, " ");
			char word[32];

			(void)snprintf(word, sizeof(word), "%.*s", (int)len, at);
			if (!has_word(manual, word, len))
				fail_msg("nlddns.conf(5) does not tell `%s = %s`",
					 keys->setting.name, word);
			at += len + strspn(at + len, " ");
		}
	}
}

static void every_choice_is_in_the_manual(void **state)
{
	char *manual = read_file("packaging/man/nlddns.conf.5");

	(void)state;
	expect_choices(manual, keys_daemon);
	expect_choices(manual, keys_source);
	expect_choices(manual, keys_record);
	free(manual);
}

static void every_command_is_in_the_manual(void **state)
{
	char *manual = read_file("packaging/man/nlddns.1");
	char *completion = read_file("packaging/completion/nlddns.bash"), item[64];

	(void)state;
	for (const struct command *c = command_all(); c->name; c++) {
		(void)snprintf(item, sizeof(item), "\n.It Cm %s", c->name);
		if (!strstr(manual, item))
			fail_msg("nlddns(1) does not describe %s", c->name);
		if (!has_word(completion, c->name, strlen(c->name)))
			fail_msg("the completion does not know %s", c->name);
	}
	free(manual);
	free(completion);
}

/* A line of an example; secrets that are elsewhere come from the environment instead, and a program
 * that is not there is another. */
static void put_line(FILE *to, const char *line, size_t len)
{
	const char *secret = memmem(line, len, "= file:", 7);
	bool hook = len > 5 && memcmp(line, "hook ", 5) == 0;

	if (!secret)
		secret = memmem(line, len, "= cred:", 7);
	if (hook)
		(void)fprintf(to, "hook = /bin/true\n");
	else if (secret)
		(void)fprintf(to, "%.*s= env:TEST_SECRET\n", (int)(secret - line), line);
	else if (memchr(line, '=', len) || !len || *line == '[' || *line == '#')
		(void)fprintf(to, "%.*s\n", (int)len, line);
}

static void expect_loads(const char *begin, const char *end)
{
	char path[] = "/tmp/nlddns-manual-XXXXXX";
	FILE *to = fdopen(mkstemp(path), "w");
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;
	int error;

	assert_non_null(to);
	while (begin < end) {
		const char *newline = memchr(begin, '\n', (size_t)(end - begin));

		put_line(to, begin, (size_t)(newline - begin));
		begin = newline + 1;
	}
	(void)fclose(to);
	error = cfg_load(path, &cfg, &errors);
	cfg_errors_print(&errors, stderr);
	assert_int_equal(error, 0);
	assert_int_equal(errors.n, 0);
	assert_true(cfg->n_records > 0);
	cfg_errors_done(&errors);
	cfg_free(cfg);
	(void)unlink(path);
}

static void every_example_loads(void **state)
{
	static const char begins[] = "\n.Bd -literal -offset indent\n";
	char *manual = read_file("packaging/man/nlddns.conf.5"), *at = manual;
	size_t n = 0;

	(void)state;
	assert_int_equal(setenv("TEST_SECRET", "hmac-sha256:key:c2VjcmV0c2VjcmV0c2VjcmV0", 1), 0);
	while ((at = strstr(at, begins))) {
		char *end = strstr(at, "\n.Ed");

		assert_non_null(end);
		expect_loads(at + strlen(begins), end + 1);
		at = end;
		n++;
	}
	assert_true(n >= 4);
	free(manual);
}

/* nlddns-provider(5): every key, placeholder setting, condition, signature and verdict; and its
 * service file is one. */
static void the_manual_of_service_files_is_whole(void **state)
{
	static const char *const words[] = {"status", "token", "line", "body", "empty", "json",
					    "xml",    "and",   "wait", "md5:", "sha1:", "sha256:"};
	char *manual = read_file("packaging/man/nlddns-provider.5"), item[40];

	(void)state;
	expect_keys(manual, cfg_service_keys);
	expect_keys(manual, cfg_service_setting_keys);
	for (const struct apifield *field = apifields; field->section; field++)
		expect_item(manual, field->key);
	expect_choices(manual, cfg_service_keys);
	expect_choices(manual, cfg_service_setting_keys);
	for (const struct setting *row = cfg_service_known; row->name; row++)
		if (!has_word(manual, row->name, strlen(row->name)))
			fail_msg("nlddns-provider(5) does not know {%s}", row->name);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strstr(manual, words[i]))
			fail_msg("nlddns-provider(5) does not tell `%s`", words[i]);
	for (unsigned i = HTTP_SCHEME_NONE + 1; i < HTTP_SCHEME_COUNT; i++) {
		(void)snprintf(item, sizeof(item), "\n.It Cm %s Ar ", sign_name(i));
		if (!strstr(manual, item))
			fail_msg("nlddns-provider(5) does not describe %s", sign_name(i));
	}
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		if (i != VERDICT_NO_NETWORK && !strstr(manual, provider_verdict_name(i)))
			fail_msg("nlddns-provider(5) does not tell %s", provider_verdict_name(i));
	free(manual);
}

/* Loads a configuration with the service file of an example; both end where the text says .Ed. */
static void expect_service(const char *name, const char *file, const char *use)
{
	char dir[] = "/tmp/nlddns-manual-XXXXXX", path[64], providers[64], service[96];
	const char *file_end = strstr(file, "\n.Ed"), *use_end = strstr(use, "\n.Ed");
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;
	FILE *to;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(providers, sizeof(providers), "%s/providers", dir);
	(void)snprintf(service, sizeof(service), "%s/%s.conf", providers, name);
	(void)snprintf(path, sizeof(path), "%s/nlddns.conf", dir);
	assert_int_equal(mkdir(providers, 0700), 0);
	to = fopen(service, "w");
	assert_true(fwrite(file, (size_t)(file_end - file) + 1, 1, to) == 1);
	(void)fclose(to);
	to = fopen(path, "w");
	while (use < use_end) {
		const char *newline = strchr(use, '\n');

		put_line(to, use, (size_t)(newline - use));
		use = newline + 1;
	}
	(void)fclose(to);
	assert_int_equal(setenv("TEST_SECRET", "x", 1), 0);
	(void)cfg_load(path, &cfg, &errors);
	cfg_errors_print(&errors, stderr);
	assert_int_equal(errors.n, 0);
	assert_int_equal(cfg->n_records, 2);
	cfg_errors_done(&errors);
	cfg_free(cfg);
	(void)unlink(service);
	(void)rmdir(providers);
	(void)unlink(path);
	(void)rmdir(dir);
}

/* The worked example: a service file, then a record that uses it; and one of a record API. */
static void the_service_files_of_the_manual_work(void **state)
{
	static const char begins[] = "\n.Bd -literal -offset indent\n";
	char *manual = read_file("packaging/man/nlddns-provider.5");
	char *file = strstr(manual, begins) + strlen(begins);
	char *use = strstr(file, begins) + strlen(begins);
	char *api = strstr(use, begins) + strlen(begins);

	(void)state;
	expect_service("example-dns", file, use);
	expect_service("example-host", api,
		       "[home.example.org]\nprovider = example-host\ntoken = env:TEST_SECRET\n.Ed");
	free(manual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_in_the_manual),
		cmocka_unit_test(every_choice_is_in_the_manual),
		cmocka_unit_test(every_command_is_in_the_manual),
		cmocka_unit_test(every_example_loads),
		cmocka_unit_test(the_manual_of_service_files_is_whole),
		cmocka_unit_test(the_service_files_of_the_manual_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
