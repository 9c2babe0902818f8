/* SPDX-License-Identifier: MIT */
#include "update/ctl/follow.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "update/ctl/command.h"

static json_t *parse(const char *text)
{
	char json[1024];
	json_t *value;

	(void)snprintf(json, sizeof(json), "%s", text);
	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	value = json_loads(json, 0, NULL);
	assert_non_null(value);
	return value;
}

static void busy_and_failed(void **state)
{
	static const struct {
		const char *json;
		bool busy, failed;
	} rows[] = {
		{"{'state':'confirmed','failures':0}", false, false},
		{"{'state':'sending','failures':0}", true, false},
		{"{'state':'sending','failures':2}", true, true},
		{"{'state':'pending','next':null,'failures':0}", true, false},
		{"{'state':'pending','next':'2026-11-22T07:00:00Z','failures':1}", false, true},
		{"{'state':'pending','next':'2026-11-22T07:00:00Z','failures':0}", false, false},
		{"{'state':'waiting','failures':0}", false, false},
		{"{'state':'held'}", false, true},
		{"{}", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *record = parse(rows[i].json);

		assert_int_equal(is_busy(record), rows[i].busy);
		assert_int_equal(has_failed(record), rows[i].failed);
		json_decref(record);
	}
}

static void only_the_name_counts(void **state)
{
	json_t *status = parse("{'records':["
			       "{'name':'a.example','type':'A','state':'sending'},"
			       "{'name':'b.example','type':'A','state':'confirmed'},"
			       "{'name':'c.example','type':'A','state':'held'}]}");

	(void)state;
	assert_int_equal(look(status, "a.example", false), -1);
	assert_int_equal(look(status, "A.Example.", false), -1);
	assert_int_equal(look(status, "a.example", true), COMMAND_EXIT_DEGRADED);
	assert_int_equal(look(status, "b.example", false), COMMAND_EXIT_WELL);
	assert_int_equal(look(status, "c.example", false), COMMAND_EXIT_DEGRADED);
	assert_int_equal(look(status, "b.example.org", false), COMMAND_EXIT_WELL);
	json_decref(status);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(busy_and_failed),
		cmocka_unit_test(only_the_name_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
