/* SPDX-License-Identifier: MIT */
#include "cfg/environment.c"

#include "tests/unit/cfgtext.h"

#define VARS_MAX 12

static const struct row {
	const char *vars[VARS_MAX];
	const char *expected; /* sections and keys, then what is wrong */
} rows[] = {
	{{"PATH=/bin", "NLDDNS=x", "NLDDNS_=x", "XNLDDNS_NAME=a.b"}, ""},
	{{"NLDDNS_NAME=a.b", "NLDDNS_PROVIDER=hosts", "NLDDNS_FILE=/tmp/hosts"},
	 "[a.b] file=/tmp/hosts provider=hosts\n"},
	/* The order of the environment means nothing. */
	{{"NLDDNS_TTL=60", "NLDDNS_MIN_INTERVAL= 5m ", "NLDDNS_NAME=a.b\n"},
	 "[a.b] min-interval=5m ttl=60\n"},
	{{"NLDDNS_10_NAME=j.b", "NLDDNS_2_TTL=60", "NLDDNS_2_NAME=b.b", "NLDDNS_NAME=a.b"},
	 "[a.b]\n[b.b] ttl=60\n[j.b]\n"},
	/* Empty is not set, as `NLDDNS_TTL=${TTL:-}` has it. */
	{{"NLDDNS_NAME=a.b", "NLDDNS_TTL=", "NLDDNS_MAC= "}, "[a.b]\n"},
	/* Keys of the daemon need no record, others mean nothing without one. */
	{{"NLDDNS_CONTROL=/c", "NLDDNS_METRICS_FILE=/m", "NLDDNS_BUILD=x", "NLDDNS_2_TTL=1"},
	 "[nlddns] control=/c metrics-file=/m\n"},
	{{"NLDDNS_NAME=a.b", "NLDDNS_2_CONTROL=/c"},
	 "[a.b]\n! NLDDNS_2_CONTROL: is of no record; set NLDDNS_2_NAME, too\n"},
	/* Files of secrets. */
	{{"NLDDNS_NAME=a.b", "NLDDNS_TOKEN_FILE=/t", "NLDDNS_PASSWORD_FILE=/p",
	  "NLDDNS_KEY_FILE=/k", "NLDDNS_NOTIFY_FILE=/n", "NLDDNS_CA_FILE=/c"},
	 "[a.b] ca-file=/c key=file:/k notify=file:/n password=file:/p token=file:/t\n"},
	{{"NLDDNS_NAME=a.b", "NLDDNS_USERNAME_FILE=/u"},
	 "[a.b]\n! NLDDNS_USERNAME_FILE: `username` is read from no file; set NLDDNS_USERNAME "
	 "itself\n"},
	{{"NLDDNS_3_NAME=a.b", "NLDDNS_3_TOKEN=x", "NLDDNS_3_TOKEN_FILE=/t"},
	 "[a.b] token=x\n! NLDDNS_3_TOKEN_FILE: `token` is set twice; unset one of the two\n"},
	/* Names. */
	{{"NLDDNS_NAME=defaults", "NLDDNS_TTL=1"}, "! NLDDNS_NAME: `defaults` is no DNS name\n"},
	{{"NLDDNS_NAME=a.b", "NLDDNS_1_NAME=a.b"},
	 "[a.b]\n! NLDDNS_1_NAME: there is a section [a.b] already\n"},
	{{"NLDDNS_NAME=a.b", "NLDDNS_0_TTL=1", "NLDDNS_99999_TTL=1"},
	 "[a.b] 0-ttl=1 99999-ttl=1\n"},
	{{"NLDDNS_NAME=a.b", "NLDDNS_TTL=1\001"},
	 "[a.b]\n! NLDDNS_TTL: is longer than 4096 bytes, or holds control characters\n"},
	/* What a hook is told. */
	{{"NLDDNS_NAME=a.b", "NLDDNS_CONTROL=/c", "NLDDNS_EVENT=confirmed"}, ""},
};

static void describe(const struct reader *reader, const struct faults *faults)
{
	dump[0] = '\0';
	for (size_t i = 0; i < reader->n_sections; i++) {
		const struct reader_section *section = &reader->sections[i];

		print("[%s]", section->title);
		for (size_t j = 0; j < section->n_pairs; j++)
			print(" %s=%s", section->pairs[j].key, section->pairs[j].value);
		print("\n");
	}
	for (size_t i = 0; i < faults->n; i++)
		print("! %s: %s\n", reader->files[faults->list[i].at.file].path,
		      faults->list[i].text);
}

static void every_row_as_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reader reader = {0};
		struct faults faults = {0};
		char *env[VARS_MAX + 1] = {NULL};

		for (size_t j = 0; rows[i].vars[j]; j++)
			env[j] = strdup(rows[i].vars[j]);
		environment_read(&reader, env, &faults);
		describe(&reader, &faults);
		assert_string_equal(dump, rows[i].expected);
		assert_false(faults.no_memory);
		for (size_t j = 0; env[j]; j++)
			free(env[j]);
		reader_done(&reader);
		faults_done(&faults);
	}
}

static void set(const char *name, const char *value)
{
	assert_int_equal(setenv(name, value, 1), 0);
}

/* NLDDNS_BUILD is the test's own. */
static void forget_all(void)
{
	unsetenv("NLDDNS_BUILD");
	unsetenv("NLDDNS_NAME");
	unsetenv("NLDDNS_PROVIDER");
	unsetenv("NLDDNS_FILE");
	unsetenv("NLDDNS_CONTROL");
	unsetenv("NLDDNS_EVENT");
}

static void no_file_is_needed(void **state)
{
	struct cfg *cfg;

	(void)state;
	forget_all();
	(void)unlink(tempdir_path("nlddns.conf"));
	load(-ENOENT);
	assert_string_equal(dump, "nlddns.conf:0: there is no such file: write one, or set "
				  "NLDDNS_NAME and NLDDNS_PROVIDER; see nlddns.conf(5)\n");
	set("NLDDNS_NAME", "home.example.org");
	set("NLDDNS_PROVIDER", "hosts");
	set("NLDDNS_FILE", "/tmp/hosts");
	cfg = load(0);
	assert_string_equal(dump, "");
	assert_int_equal(cfg->n_records, 2);
	assert_string_equal(cfg->records[0].name, "home.example.org");
	assert_string_equal(cfg->records[0].file, "NLDDNS_NAME");
	cfg_free(cfg);
	set("NLDDNS_PROVIDER", "hsts");
	load(-EINVAL);
	assert_true(strncmp(dump, "NLDDNS_PROVIDER:0: ", 19) == 0);
	forget_all();
}

static void a_file_and_variables_are_one(void **state)
{
	static const char text[] = "[a.b]\n" HOSTS "[nlddns]\ncontrol = /f\nrecheck = 2h\n";
	struct cfg *cfg;

	(void)state;
	forget_all();
	set("NLDDNS_CONTROL", "/v");
	cfg = load_text(text, 0);
	assert_int_equal(cfg->n_records, 2);
	assert_string_equal(cfg->daemon.control, "/v");
	assert_int_equal(cfg->daemon.recheck_ms, 7200000);
	cfg_free(cfg);
	assert_string_equal(environment_daemon(environ, "control"), "/v");
	assert_null(environment_daemon(environ, "recheck"));
	set("NLDDNS_NAME", "c.d");
	set("NLDDNS_PROVIDER", "hosts");
	set("NLDDNS_FILE", "/tmp/other");
	cfg = load_text(text, 0);
	assert_int_equal(cfg->n_records, 4);
	cfg_free(cfg);
	set("NLDDNS_EVENT", "confirmed");
	cfg = load_text(text, 0);
	assert_int_equal(cfg->n_records, 2);
	assert_string_equal(cfg->daemon.control, "/f");
	cfg_free(cfg);
	forget_all();
}

/* A secret in a variable is as private as the process; one in a file is not, whoever names it. */
static void files_of_secrets_are_looked_at(void **state)
{
	char *path = strdup(tempdir_path("token"));

	(void)state;
	forget_all();
	(void)unlink(tempdir_path("nlddns.conf"));
	tempdir_write("token", "S3CRET\n", 7, 0644);
	set("NLDDNS_NAME", "home.example.org");
	set("NLDDNS_PROVIDER", "cloudflare");
	set("NLDDNS_TOKEN", "S3CRET");
	cfg_free(load(0));
	unsetenv("NLDDNS_TOKEN");
	set("NLDDNS_TOKEN_FILE", path);
	load(-EINVAL);
	assert_non_null(strstr(dump, "NLDDNS_TOKEN_FILE:0: `token`: others may read it"));
	set("NLDDNS_INSECURE_PERMISSIONS", "yes");
	cfg_free(load(0));
	unsetenv("NLDDNS_INSECURE_PERMISSIONS");
	unsetenv("NLDDNS_TOKEN_FILE");
	forget_all();
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_as_told),
		cmocka_unit_test(no_file_is_needed),
		cmocka_unit_test(a_file_and_variables_are_one),
		cmocka_unit_test(files_of_secrets_are_looked_at),
	};

	return cmocka_run_group_tests_name("environment", tests, tempdir_setup, tempdir_teardown);
}
