/* SPDX-License-Identifier: MIT */
#include "update/fields.c"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define MOST 922337203685477579 /* INT64_MAX / 10 - 1 */

static void what_is_put_is_taken(void **unused)
{
	char bytes[64];
	struct fields_out to = {.bytes = bytes, .size = sizeof(bytes)};
	struct fields_in from;
	int64_t number;

	(void)unused;
	fields_put(&to, "a\xff\n");
	fields_put(&to, "");
	fields_put_number(&to, 0);
	fields_put_number(&to, MOST);
	assert_false(to.failed);
	from = (struct fields_in){bytes, to.len};
	assert_string_equal(fields_take(&from), "a\xff\n");
	assert_string_equal(fields_take(&from), "");
	assert_int_equal(fields_take_number(&from, 0, &number), 0);
	assert_int_equal(number, 0);
	assert_int_equal(fields_take_number(&from, MOST, &number), 0);
	assert_int_equal(number, MOST);
	assert_int_equal(from.left, 0);
	assert_null(fields_take(&from));
	assert_int_equal(fields_take_number(&from, MOST, &number), -EBADMSG);
}

static void what_has_no_room_is_not_put_nor_what_follows(void **unused)
{
	char bytes[] = {'#', '#', '#', '#', '#'};
	struct fields_out to = {.bytes = bytes, .size = 4};

	(void)unused;
	fields_put(&to, "abc");
	assert_false(to.failed);
	assert_int_equal(to.len, 4);
	fields_put(&to, "");
	assert_true(to.failed);
	to = (struct fields_out){.bytes = bytes, .size = 4};
	fields_put(&to, "abcd");
	fields_put(&to, "");
	assert_true(to.failed);
	assert_int_equal(to.len, 0);
	assert_int_equal(bytes[4], '#');
}

static void extremes_are_put(void **unused)
{
	char bytes[64];
	struct fields_out to = {.bytes = bytes, .size = sizeof(bytes)};

	(void)unused;
	fields_put_number(&to, INT64_MIN);
	fields_put_number(&to, INT64_MAX);
	assert_string_equal(bytes, "-9223372036854775808");
	assert_string_equal(bytes + 21, "9223372036854775807");
}

static void only_numbers_within_bounds_are_taken(void **unused)
{
	static const struct {
		const char *text;
		int64_t most;
		int rc;
	} rows[] = {
		{"0", 0, 0},         {"1", 0, -EBADMSG},
		{"10", 9, -EBADMSG}, {"99999999999999999999999999", MOST, -EBADMSG},
		{"", 9, -EBADMSG},   {"-1", 9, -EBADMSG},
		{"+1", 9, -EBADMSG}, {" 1", 9, -EBADMSG},
		{"1 ", 9, -EBADMSG}, {"0x1", 9, -EBADMSG},
	};
	int64_t number;

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fields_in from = {rows[i].text, strlen(rows[i].text) + 1};

		number = -1;
		assert_int_equal(fields_take_number(&from, rows[i].most, &number), rows[i].rc);
		assert_true(rows[i].rc == 0 || number == -1);
	}
}

static void a_field_without_an_end_is_none(void **unused)
{
	struct fields_in from = {"abc", 3};

	(void)unused;
	assert_null(fields_take(&from));
	from = (struct fields_in){NULL, 0};
	assert_null(fields_take(&from));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_taken),
		cmocka_unit_test(what_has_no_room_is_not_put_nor_what_follows),
		cmocka_unit_test(extremes_are_put),
		cmocka_unit_test(only_numbers_within_bounds_are_taken),
		cmocka_unit_test(a_field_without_an_end_is_none),
	};

	return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
