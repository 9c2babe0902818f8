/* SPDX-License-Identifier: MIT */
#include "update/ctl/command.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static void found_by_name_only(void **state)
{
	(void)state;
	assert_string_equal(command_find("status")->name, "status");
	assert_null(command_find("stat"));
	assert_null(command_find(""));
}

static void the_one_meant(void **state)
{
	static const struct {
		const char *typed, *meant;
	} rows[] = {
		{"statsu", "status"},   {"stat", "status"},   {"chekc", "check"},
		{"explian", "explain"}, {"Reload", "reload"}, {"updat", "update"},
		{"wtach", "watch"},     {"frobnicate", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *meant = command_nearest(rows[i].typed);

		if (rows[i].meant) {
			assert_non_null(meant);
			assert_string_equal(meant, rows[i].meant);
		} else {
			assert_null(meant);
		}
	}
}

/* Options apart. */
static bool takes_arguments(const char *arguments)
{
	return *arguments && strncmp(arguments, "[-", 2) != 0;
}

/* Each command says what it is for, shows an example that names it, and knows its arguments. */
static void every_row_is_complete(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct command *c = command_all(); c->name; c++, n++) {
		const char *at = strstr(c->details, "Example:");

		assert_non_null(at);
		assert_non_null(strstr(at, c->name));
		assert_true(strlen(c->help) > 10 && strlen(c->help) < 70);
		assert_int_equal(takes_arguments(c->arguments), c->max_args > 0);
		if (c->max_args > 0)
			assert_int_equal(c->arguments[0] == '[', c->max_args > c->min_args);
		assert_int_equal(c->details[strlen(c->details) - 1], '\n');
		assert_non_null(c->run);
	}
	assert_int_equal(n, 13);
}

static void the_configuration_named_or_the_usual(void **state)
{
	struct context context = {.config = "/x"};

	(void)state;
	assert_string_equal(command_config(&context), "/x");
	context.config = NULL;
	assert_string_equal(command_config(&context), COMMAND_CONFIG_DEFAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_by_name_only),
		cmocka_unit_test(the_one_meant),
		cmocka_unit_test(every_row_is_complete),
		cmocka_unit_test(the_configuration_named_or_the_usual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
