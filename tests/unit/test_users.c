/* SPDX-License-Identifier: MIT */
#include "update/daemon/users.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void finds_users_and_groups(void **state)
{
	uid_t uid = 77;
	gid_t gid = 77;

	(void)state;
	assert_int_equal(users_find("root", &uid, &gid), 0);
	assert_int_equal(uid, 0);
	assert_int_equal(gid, 0);
	assert_int_equal(users_find("no such user", &uid, &gid), -ENOENT);
	assert_int_equal(users_group("root"), 0);
	assert_true(users_group("no such group") == (gid_t)-1);
}

static void the_primary_group_comes_first_and_once(void **state)
{
	gid_t groups[USERS_GROUPS_MAX];
	size_t n = users_groups("root", 4242, groups);

	(void)state;
	assert_true(n >= 1);
	assert_int_equal(groups[0], 4242);
	for (size_t i = 1; i < n; i++)
		assert_int_not_equal(groups[i], 4242);
	assert_int_equal(users_groups("no such user", 7, groups), 1);
}

static void membership_is_by_name(void **state)
{
	char alice[] = "alice", bob[] = "bob";
	char *members[] = {alice, bob, NULL};
	struct group group = {.gr_mem = members};

	(void)state;
	assert_true(has_member(&group, "bob"));
	assert_false(has_member(&group, "bo"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_users_and_groups),
		cmocka_unit_test(the_primary_group_comes_first_and_once),
		cmocka_unit_test(membership_is_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
