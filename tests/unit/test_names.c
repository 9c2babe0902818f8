/* SPDX-License-Identifier: MIT */
#include "cfg/names.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static void each_name_stands_in_one_place(void **state)
{
	static char texts[10000][16];
	struct names names = {NULL};
	size_t place = 77;

	(void)state;
	assert_false(names_find(&names, "h1", &place));
	for (size_t i = 0; i < 10000; i++) {
		snprintf(texts[i], sizeof(texts[i]), "h%zu", i);
		assert_int_equal(names_add(&names, texts[i], i), 0);
	}
	assert_int_equal(names_add(&names, "h5", 9), -EEXIST);
	assert_false(names_find(&names, "h10000", &place));
	assert_int_equal(place, 77);
	for (size_t i = 0; i < 10000; i++) {
		assert_true(names_find(&names, texts[i], &place));
		assert_int_equal(place, i);
	}
	names_done(&names);
	assert_false(names_find(&names, "h1", &place));
	names_done(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_stands_in_one_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
