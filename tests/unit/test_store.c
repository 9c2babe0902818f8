/* SPDX-License-Identifier: MIT */
#include "update/updater/store.c"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static void a_hash_is_told_from_other_names(void **unused)
{
	static const struct {
		const char *name;
		bool is;
	} rows[] = {
		{"02265526.0", true},  {"deadbeef.0", true},   {"deadbeef.1", false},
		{"deadbeef", false},   {"deadbeef.00", false}, {"deadbeeg.0", false},
		{"DEADBEEF.0", false}, {"ca.pem", false},      {"", false},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(is_hash_name(rows[i].name), rows[i].is);
}

static void a_folder_is_hashed_if_it_holds_one(void **unused)
{
	char folder[] = "/tmp/nlddns-store-XXXXXX", path[64];

	(void)unused;
	assert_non_null(mkdtemp(folder));
	assert_false(is_hashed(folder));
	snprintf(path, sizeof(path), "%s/02265526.0", folder);
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	assert_true(is_hashed(folder));
	unlink(path);
	rmdir(folder);
	assert_false(is_hashed(folder));
}

static void one_of_both_is_the_store(void **unused)
{
	const char *file = "", *path = "";

	(void)unused;
	store_find(&file, &path);
	assert_true(!file != !path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hash_is_told_from_other_names),
		cmocka_unit_test(a_folder_is_hashed_if_it_holds_one),
		cmocka_unit_test(one_of_both_is_the_store),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
