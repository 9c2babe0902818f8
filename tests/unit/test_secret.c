/* SPDX-License-Identifier: MIT */
#include "cfg/secret.c"

#include "tests/unit/tempdir.h"

static const char *const open_to_others[] = {"group", "other", "shared"};

/* What root owns may be readable by its group. */
static int disown(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", tempdir, name);
	return geteuid() == 0 ? chown(path, 65534, 65534) : 0;
}

static int setup(void **state)
{
	static char large[SECRET_MAX + 2];

	if (tempdir_setup(state))
		return -1;
	memset(large, 'x', sizeof(large));
	tempdir_text("token", "s3cret\n");
	tempdir_text("crlf", "s3cret\r\n\r\n");
	tempdir_text("bom", "\xef\xbb\xbfs3cret");
	tempdir_text("key", "key \"k\" {\n\tsecret \"s3cret\";\n};\n");
	tempdir_text("blank", "\n\n");
	tempdir_text("spaces", " s3cret \n");
	tempdir_write("nul", "s3c\0ret\n", 8, 0600);
	tempdir_write("large", large, SECRET_MAX + 1, 0600);
	tempdir_write("group", "s3cret\n", 7, 0640);
	tempdir_write("other", "s3cret\n", 7, 0604);
	tempdir_write("shared", "s3cret\n", 7, 0620);
	for (size_t i = 0; i < 3; i++)
		if (disown(open_to_others[i]))
			return -1;
	return setenv("NLDDNS_TEST_SECRET", "s3cret\n", 1) || setenv("NLDDNS_TEST_EMPTY", "", 1) ||
	       unsetenv("NLDDNS_TEST_NONE");
}

/* @ stands for the folder of the test, in text and expected. */
static void expand(const char *text, char *out, size_t size)
{
	const char *dir = strchr(text, '@');

	if (dir)
		snprintf(out, size, "%.*s%s%s", (int)(dir - text), text, tempdir, dir + 1);
	else
		snprintf(out, size, "%s", text);
}

static void check(const char *text, bool insecure, int expected_error, const char *expected)
{
	char source[256], wanted[256], why[SECRET_WHY_MAX] = "";
	char *secret = NULL;
	int error;

	expand(text, source, sizeof(source));
	expand(expected, wanted, sizeof(wanted));
	error = secret_read(source, insecure, &secret, why);
	assert_string_equal(secret ? secret : why, wanted);
	assert_int_equal(error, expected_error);
	assert_null(error ? strstr(why, "s3cret") : NULL);
	assert_true(error ? !secret : !why[0]);
	secret_free(secret);
}

static const struct row {
	const char *text;
	int error;
	const char *expected; /* the secret, or why not */
} rows[] = {
	{"s3cret", 0, "s3cret"},
	{"File:x", 0, "File:x"},
	{"file:@/token", 0, "s3cret"},
	{"file:@/crlf", 0, "s3cret"},
	{"file:@/bom", 0, "s3cret"},
	{"file:@/key", 0, "key \"k\" {\n\tsecret \"s3cret\";\n};"},
	{"file:@/spaces", 0, " s3cret "},
	{"file:@/blank", -ENODATA, "@/blank is empty; write the secret into it"},
	{"file:@/nul", -EILSEQ, "@/nul holds a NUL byte; it must be text"},
	{"file:@/large", -EFBIG, "@/large: is too large"},
	{"file:@/none", -ENOENT, "@/none: No such file or directory"},
	{"file:@", -EISDIR, "@: is a directory, not a file"},
	{"file:token", -EINVAL, "file: needs an absolute file name, file:/..."},
	{"file:", -EINVAL, "file: needs an absolute file name, file:/..."},
	{"file:@/group", -EPERM,
	 "others may read it (mode 0640): run `chmod 600 @/group`, or set "
	 "insecure-permissions = yes"},
	{"file:@/other", -EPERM,
	 "others may read it (mode 0604): run `chmod 600 @/other`, or set "
	 "insecure-permissions = yes"},
	{"file:@/shared", -EPERM,
	 "others may read it (mode 0620): run `chmod 600 @/shared`, or set "
	 "insecure-permissions = yes"},
	{"env:NLDDNS_TEST_SECRET", 0, "s3cret"},
	{"env:NLDDNS_TEST_EMPTY", -ENODATA,
	 "the environment variable NLDDNS_TEST_EMPTY is empty; write the secret into it"},
	{"env:NLDDNS_TEST_NONE", -ENOENT, "the environment variable NLDDNS_TEST_NONE is not set"},
};

static void secrets_are_read_or_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(rows[i].text, false, rows[i].error, rows[i].expected);
}

static void insecure_permissions_may_be_chosen(void **state)
{
	(void)state;
	check("file:@/group", true, 0, "s3cret");
	check("file:@/other", true, 0, "s3cret");
}

static void root_may_choose_a_group(void **state)
{
	static const struct {
		mode_t mode;
		uid_t owner;
		bool exposed;
	} files[] = {
		{0600, 0, false},   {0640, 0, false},   {0440, 0, false},  {0660, 0, true},
		{0620, 0, true},    {0644, 0, true},    {0604, 0, true},   {0602, 0, true},
		{0600, 100, false}, {0400, 100, false}, {0640, 100, true}, {0604, 100, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_int_equal(secret_exposed(files[i].mode, files[i].owner), files[i].exposed);
	assert_string_equal(secret_mode(0), "640");
	assert_string_equal(secret_mode(100), "600");
}

/* systemd mounts them 0440 and guards the directory. */
static void credentials_need_no_mode(void **state)
{
	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	check("cred:group", false, -ENOENT,
	      "there are no credentials ($CREDENTIALS_DIRECTORY is not set); add "
	      "LoadCredential=group:PATH to the unit, or use file:PATH");
	setenv("CREDENTIALS_DIRECTORY", tempdir, 1);
	check("cred:group", false, 0, "s3cret");
	check("cred:none", false, -ENOENT, "@/none: No such file or directory");
	check("cred:", false, -EINVAL, "cred: needs the name of a credential, without `/`");
	check("cred:..", false, -EINVAL, "cred: needs the name of a credential, without `/`");
	check("cred:a/b", false, -EINVAL, "cred: needs the name of a credential, without `/`");
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void only_the_text_itself_is_literal(void **state)
{
	(void)state;
	assert_true(secret_literal("abc"));
	assert_true(secret_literal("files:x"));
	assert_false(secret_literal("file:/x"));
	assert_false(secret_literal("env:X"));
	assert_false(secret_literal("cred:x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_read_or_explained),
		cmocka_unit_test(insecure_permissions_may_be_chosen),
		cmocka_unit_test(root_may_choose_a_group),
		cmocka_unit_test(credentials_need_no_mode),
		cmocka_unit_test(only_the_text_itself_is_literal),
	};

	return cmocka_run_group_tests_name("secret", tests, setup, tempdir_teardown);
}
