/* SPDX-License-Identifier: MIT */
#include "providers/apikeep.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct span text(const char *of)
{
	return (struct span){of, strlen(of)};
}

static void the_last_of_a_name_counts(void **state)
{
	static struct apikeep keep;

	(void)state;
	assert_int_equal(apikeep_put(&keep, APIKEEP_SESSION, 0, text("session"), text("a")), 0);
	assert_int_equal(apikeep_put(&keep, APIKEEP_SESSION, 0, text("session"), text("b")), 0);
	assert_int_equal(apikeep_put(&keep, APIKEEP_ZONE, 1, text("session"), text("c")), 0);
	assert_string_equal(apikeep_get(&keep, APIKEEP_SESSION, 0, text("session")), "b");
	assert_string_equal(apikeep_get(&keep, APIKEEP_ZONE, 1, text("session")), "c");
	assert_null(apikeep_get(&keep, APIKEEP_ZONE, 0, text("session")));
	assert_null(apikeep_get(&keep, APIKEEP_SESSION, 0, text("sess")));
}

static void a_scope_is_forgotten_alone(void **state)
{
	static struct apikeep keep;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		enum apikeep_scope scope = i % 2 ? APIKEEP_PAGE : APIKEEP_RECORD;

		assert_int_equal(apikeep_put(&keep, scope, i, text(""), text("value")), 0);
	}
	apikeep_forget(&keep, APIKEEP_PAGE);
	assert_null(apikeep_get(&keep, APIKEEP_PAGE, 1, text("")));
	assert_null(apikeep_get(&keep, APIKEEP_PAGE, 3, text("")));
	assert_string_equal(apikeep_get(&keep, APIKEEP_RECORD, 0, text("")), "value");
	assert_string_equal(apikeep_get(&keep, APIKEEP_RECORD, 2, text("")), "value");
	apikeep_forget(&keep, APIKEEP_RECORD);
	assert_int_equal(keep.len, 0);
}

static void it_holds_no_more_than_fits(void **state)
{
	static struct apikeep keep;
	static char value[APIKEEP_MAX];

	(void)state;
	memset(value, 'a', sizeof(value));
	assert_int_equal(apikeep_put(&keep, APIKEEP_SESSION, 0, text(""),
				     (struct span){value, APIKEEP_MAX - 3}),
			 -ENOSPC);
	assert_int_equal(keep.len, 0);
	assert_int_equal(apikeep_put(&keep, APIKEEP_SESSION, 0, text(""),
				     (struct span){value, APIKEEP_MAX - 4}),
			 0);
	assert_int_equal(apikeep_put(&keep, APIKEEP_SESSION, 0, text(""), text("")), -ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_of_a_name_counts),
		cmocka_unit_test(a_scope_is_forgotten_alone),
		cmocka_unit_test(it_holds_no_more_than_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
