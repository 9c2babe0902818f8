/* SPDX-License-Identifier: MIT */
#include "cfg/array.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { MANY = 1000 };

static void elements_are_zeroed_and_stay(void **state)
{
	struct point {
		int x, y;
	} *points = NULL;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		struct point *point = array_add(&points, &n, sizeof(*points));

		assert_non_null(point);
		assert_int_equal(point->x, 0);
		assert_int_equal(point->y, 0);
		point->x = i;
		point->y = -i;
	}
	assert_int_equal(n, MANY);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(points[i].x, i);
		assert_int_equal(points[i].y, -i);
	}
	free(points);
}

static void texts_are_copied(void **state)
{
	char text[] = "one", **list = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(array_add_text(&list, &n, text), 0);
	text[0] = 'x';
	assert_int_equal(array_add_text(&list, &n, text), 0);
	assert_int_equal(n, 2);
	assert_string_equal(list[0], "one");
	assert_string_equal(list[1], "xne");
	array_free_texts(list, n);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_zeroed_and_stay),
		cmocka_unit_test(texts_are_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
