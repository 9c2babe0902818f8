/* SPDX-License-Identifier: MIT */
#include "update/ctl/timeline.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#define HOME "'at':'2026-11-22T10:00:00.123Z','name':'home.example.org','type':'A'"

static json_t *parse(const char *text)
{
	char json[4096];

	(void)snprintf(json, sizeof(json), "%s", text);
	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	return json_loads(json, 0, NULL);
}

static void draw(const char *changes, char *text, size_t size)
{
	json_t *list = parse(changes);
	FILE *to = fmemopen(text, size, "w");

	assert_non_null(list);
	assert_non_null(to);
	timeline_print(list, to);
	(void)fclose(to);
	json_decref(list);
}

static void bars_are_to_scale(void **state)
{
	char text[4096];

	(void)state;
	draw("[{" HOME ",'settle_ms':500,'queue_ms':0,'provider_ms':500},"
	     "{" HOME ",'settle_ms':50,'queue_ms':1,'provider_ms':100},"
	     "{" HOME ",'settle_ms':0,'queue_ms':0,'provider_ms':0},"
	     "{" HOME ",'settle_ms':null,'queue_ms':null,'provider_ms':250},"
	     "{" HOME ",'settle_ms':250,'queue_ms':500,'provider_ms':250}]",
	     text, sizeof(text));
	assert_string_equal(
		text,
		"11-22 10:00:00 home.example.org A             1.0 s ..............############\n"
		"11-22 10:00:00 home.example.org A            151 ms ..###\n"
		"11-22 10:00:00 home.example.org A              0 ms \n"
		"11-22 10:00:00 home.example.org A            250 ms #######\n"
		"11-22 10:00:00 home.example.org A             1.0 s .......-------------######\n"
		". settling  - until it was sent  # the provider; the longest bar is 1.0 s\n");
}

static void eighty_columns_are_enough(void **state)
{
	char text[4096], *rest = text, *line;

	(void)state;
	draw("[{'at':'2026-11-22T10:00:00Z','type':'AAAA','name':"
	     "'a-very-long-name-of-a-machine.in-a-very-long-zone.example.org',"
	     "'settle_ms':100000000,'queue_ms':200000000,'provider_ms':300000000},"
	     "{'name':'\\u001b[31m\\u0007'},{'settle_ms':'x','provider_ms':-5},{}]",
	     text, sizeof(text));
	while ((line = strsep(&rest, "\n")))
		assert_true(strlen(line) <= 80 && !strchr(line, '\033'));
}

static void what_is_known_is_added_up(void **state)
{
	static const struct {
		const char *change;
		int64_t took;
	} rows[] = {
		{"{'settle_ms':1,'queue_ms':2,'provider_ms':3}", 6},
		{"{'settle_ms':null,'queue_ms':2,'provider_ms':3}", 5},
		{"{'provider_ms':0}", 0},
		{"{'provider_ms':null}", -1},
		{"{}", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *change = parse(rows[i].change);

		assert_int_equal(timeline_took(change), rows[i].took);
		json_decref(change);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bars_are_to_scale),
		cmocka_unit_test(eighty_columns_are_enough),
		cmocka_unit_test(what_is_known_is_added_up),
	};

	(void)setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
