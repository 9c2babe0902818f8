/* SPDX-License-Identifier: MIT */
#include "cfg/cfg_told.c"

#include "tests/unit/cfgtext.h"

#define NONE "[a.b]\nprovider = none\nfamily = ipv4\n"

/* BIN stands for the folder of the test, which holds hook (0700), plain (0600) and open (0777). */
static const struct bad {
	const char *text, *expected;
} bad[] = {
	{NONE "hook = hook\n",
	 "nlddns.conf:4: `hook`: `hook` must be an absolute file name, beginning with /\n"},
	{NONE "hook = BIN/open now\n",
	 "nlddns.conf:4: `hook`: everybody may write open (mode 0777): run `chmod o-w` on it, or "
	 "set insecure-permissions = yes\n"},
	{NONE "hook = BIN/hook\nhook-timeout = 0\n",
	 "nlddns.conf:5: `hook-timeout` = 0 is out of range: 1s to 1h\n"},
	{NONE "notify = https://a.example/S3CRET, ftp://a.example/S3CRET\n",
	 "nlddns.conf:4: `notify`: the URL must begin with https://\n"},
	{NONE "notify = http://a.example/S3CRET\n",
	 "nlddns.conf:4: `notify`: the URL sends secrets unprotected: write https://, or set "
	 "allow-plaintext = yes\n"},
	{NONE "notify = env:NLDDNS_NOT_SET\n", "nlddns.conf:4: `notify`: the environment variable "
					       "NLDDNS_NOT_SET is not set\n"},
	{NONE "notify = https://a/ https://b/ https://c/ https://d/ https://e/\n",
	 "nlddns.conf:4: `notify` takes at most 4 URLs\n"},
	{"[defaults]\nhook = rel\n" NONE "hook = BIN/hook\n",
	 "nlddns.conf:2: `hook`: `rel` must be an absolute file name, beginning with /\n"},
};

/* What is only warned of, and goes on. */
static const struct bad warned[] = {
	{NONE, "nlddns.conf:1: warning: [a.b] does nothing: provider none is for records with "
	       "`hook` or `notify`\n"},
	{NONE "hook = BIN/plain\n", "nlddns.conf:4: warning: `hook`: plain is not executable; run "
				    "`chmod +x` on it\n"},
	{NONE "hook = BIN\n",
	 "nlddns.conf:4: warning: `hook`: BIN is not executable; run `chmod +x` on it\n"},
	{NONE "hook = BIN/gone\n",
	 "nlddns.conf:4: warning: `hook`: gone: No such file or directory\n"},
	{NONE "hook = BIN/hook\n", ""},
	{NONE "hook = BIN/open\n[nlddns]\ninsecure-permissions = yes\n", ""},
	{NONE "notify = https://a.example/\n", ""},
};

static int files_setup(void **state)
{
	int err = tempdir_setup(state);

	if (!err) {
		tempdir_write("hook", "", 0, 0700);
		tempdir_write("plain", "", 0, 0600);
		tempdir_write("open", "", 0, 0777);
		tempdir_write("url", "https://file.example/t\n", 23, 0600);
	}
	return err;
}

/* With the folder in the place of BIN. */
static struct cfg *load_there(const char *text, int expected)
{
	char whole[1024] = "";
	const char *bin;

	while ((bin = strstr(text, "BIN"))) {
		size_t len = strlen(whole);

		snprintf(whole + len, sizeof(whole) - len, "%.*s%s", (int)(bin - text), text,
			 tempdir);
		text = bin + 3;
	}
	snprintf(whole + strlen(whole), sizeof(whole) - strlen(whole), "%s", text);
	return load_text(whole, expected);
}

static void every_error_is_told_without_the_url(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		load_there(bad[i].text, -EINVAL);
		assert_string_equal(dump, bad[i].expected);
		assert_null(strstr(dump, "S3CRET"));
	}
}

static void warnings_go_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(warned) / sizeof(warned[0]); i++) {
		struct cfg *cfg = load_there(warned[i].text, 0);

		if (strstr(warned[i].text, "BIN\n"))
			assert_non_null(strstr(dump, "is not executable"));
		else
			assert_string_equal(dump, warned[i].expected);
		cfg_free(cfg);
	}
}

static void each_record_has_its_own(void **state)
{
	struct cfg *cfg;

	(void)state;
	setenv("NLDDNS_TEST_URL", "https://env.example/t", 1);
	cfg = load_there("[defaults]\nprovider = none\nfamily = ipv4\nhook = BIN/hook a, B\n"
			 "allow-plaintext = yes\nnotify = http://p.example/x file:BIN/url "
			 "env:NLDDNS_TEST_URL\n"
			 "[a.b]\nnames = c.d\n[e.f]\nhook = BIN/hook\nhook-timeout = 2m\n",
			 0);
	assert_string_equal(dump, "");
	assert_int_equal(cfg->n_records, 3);
	for (size_t i = 0; i < 2; i++) {
		const struct cfg_told *told = &cfg->records[i].told;

		assert_int_equal(told->n_hook, 3);
		assert_string_equal(told->hook[0], tempdir_path("hook"));
		assert_string_equal(told->hook[1], "a");
		assert_string_equal(told->hook[2], "B");
		assert_int_equal(told->hook_timeout_ms, 30000);
		assert_int_equal(told->n_notify, 3);
		assert_string_equal(told->notify[0], "http://p.example/x");
		assert_string_equal(told->notify[1], "https://file.example/t");
		assert_string_equal(told->notify[2], "https://env.example/t");
		assert_true(told->plaintext);
	}
	assert_int_equal(cfg->records[2].told.n_hook, 1);
	assert_int_equal(cfg->records[2].told.hook_timeout_ms, 120000);
	assert_ptr_not_equal(cfg->records[0].told.hook, cfg->records[1].told.hook);
	cfg_free(cfg);
}

/* Another hook is no reason to send anything again. */
static void the_fingerprint_stays(void **state)
{
	struct cfg *plain, *told;

	(void)state;
	plain = load_there(NONE, 0);
	told = load_there(NONE "hook = BIN/hook\nnotify = https://a.example/\n", 0);
	assert_true(plain->records[0].fingerprint == told->records[0].fingerprint);
	cfg_free(plain);
	cfg_free(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_is_told_without_the_url),
		cmocka_unit_test(warnings_go_on),
		cmocka_unit_test(each_record_has_its_own),
		cmocka_unit_test(the_fingerprint_stays),
	};

	return cmocka_run_group_tests_name("cfg_told", tests, files_setup, tempdir_teardown);
}
