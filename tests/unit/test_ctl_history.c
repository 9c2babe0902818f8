/* SPDX-License-Identifier: MIT */
#include "update/ctl/history.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void chosen_by_name_and_number(void **state)
{
	static const struct {
		const char *name;
		size_t count, n;
		int first;
	} rows[] = {
		{NULL, 0, 5, 0},
		{NULL, 2, 2, 3},
		{NULL, 9, 5, 0},
		{"a.example.org", 0, 3, 0},
		{"A.Example.ORG.", 2, 2, 2},
		{"a.example", 0, 0, -1},
		{"", 0, 0, -1},
	};
	json_t *all = json_array();

	(void)state;
	for (int i = 0; i < 5; i++)
		json_array_append_new(all,
				      json_pack("{s:s, s:i}", "name",
						i % 2 ? "b.example.org" : "a.example.org", "i", i));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *some = choose(all, rows[i].name, rows[i].count);

		assert_int_equal(json_array_size(some), rows[i].n);
		if (rows[i].n)
			assert_int_equal(
				json_integer_value(json_object_get(json_array_get(some, 0), "i")),
				rows[i].first);
		json_decref(some);
	}
	json_decref(all);
}

#define LOSS                                                                \
	"{\"at\":\"2026-11-22T10:00:00.5Z\",\"name\":\"n\",\"type\":\"A\"," \
	"\"old\":[\"192.0.2.1\",\"192.0.2.2\"],\"new\":[],\"provider_ms\":1500}"

static void rows_survive_anything(void **state)
{
	static const char *const heads[] = {"WHEN", "NAME", "TYPE", "CHANGE", "TOOK"};
	static const char *const rows[] = {
		"{}",
		"{\"at\":\"x\",\"name\":1,\"old\":[1],\"new\":{}}",
		LOSS,
	};
	struct table *table = table_new(heads, 5);
	char text[1024] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *change = json_loads(rows[i], 0, NULL);

		assert_non_null(change);
		add_row(table, change);
		json_decref(change);
	}
	table_print(table, to, 0, 0, false);
	(void)fclose(to);
	assert_string_equal(
		text, "WHEN                 NAME  TYPE  CHANGE                       TOOK\n"
		      "?                    ?     ?     none -> none                 -\n"
		      "?                    ?     ?     ? -> none                    -\n"
		      "2026-11-22 10:00:00  n     A     192.0.2.1 192.0.2.2 -> none  1.5 s\n");
	table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chosen_by_name_and_number),
		cmocka_unit_test(rows_survive_anything),
	};

	(void)setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
