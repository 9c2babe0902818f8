/* SPDX-License-Identifier: MIT */
#include "cfg/faults.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void faults_come_in_the_order_of_the_file(void **state)
{
	static char name[] = "a.conf";
	char *const files[] = {name};
	struct cfg_errors errors = {0};
	struct faults faults = {0};

	(void)state;
	faults_add(&faults, (struct place){0, 7}, "unknown key `%s`", "tokn");
	faults_warn(&faults, (struct place){0, 9}, "unused");
	faults_add(&faults, (struct place){0, 3}, "first\x1b[31m");
	faults_add(&faults, (struct place){0, 7}, "unknown key `%s`", "tokn");
	assert_true(faults.fatal);
	assert_int_equal(faults_list(&faults, files, &errors), 0);
	assert_int_equal(errors.n, 3);
	assert_int_equal(errors.list[0].line, 3);
	assert_string_equal(errors.list[0].text, "first?[31m");
	assert_string_equal(errors.list[1].text, "unknown key `tokn`");
	assert_string_equal(errors.list[1].file, "a.conf");
	assert_true(errors.list[2].warning);
	cfg_errors_done(&errors);
	faults_done(&faults);
}

static void too_many_are_counted(void **state)
{
	struct faults faults = {0};

	(void)state;
	for (int i = 0; i < FAULTS_MAX + 5; i++)
		faults_add(&faults, (struct place){0, i + 1}, "wrong");
	assert_int_equal(faults.n, FAULTS_MAX);
	assert_int_equal(faults.more, 5);
	faults_done(&faults);
}

static void a_warning_is_not_fatal(void **state)
{
	struct faults faults = {0};

	(void)state;
	faults_warn(&faults, (struct place){0, 1}, "unused");
	assert_int_equal(faults.n, 1);
	assert_false(faults.fatal);
	faults_done(&faults);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_come_in_the_order_of_the_file),
		cmocka_unit_test(too_many_are_counted),
		cmocka_unit_test(a_warning_is_not_fatal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
