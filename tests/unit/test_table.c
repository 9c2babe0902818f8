/* SPDX-License-Identifier: MIT */
#include "update/ctl/table.c"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char *const heads[] = {"NAME", "STATE", "WHY"};

static struct table *sample(void)
{
	struct table *table = table_new(heads, 3);

	table_add(table, (const char *const[]){"home.example.org", "confirmed", "all is well"},
		  TABLE_TONE_GOOD, 1);
	table_add(table, (const char *const[]){"a", NULL, ""}, TABLE_TONE_PLAIN, 0);
	return table;
}

static void expect(struct table *table, size_t width, size_t indent, bool colours,
		   const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	assert_non_null(to);
	table_print(table, to, width, indent, colours);
	(void)fclose(to);
	assert_string_equal(text, expected);
	free(text);
	table_free(table);
}

static void columns_are_aligned(void **state)
{
	(void)state;
	expect(sample(), 0, 0, false,
	       "NAME              STATE      WHY\n"
	       "home.example.org  confirmed  all is well\n"
	       "a                 -          -\n");
}

static void rows_are_indented(void **state)
{
	(void)state;
	expect(sample(), 0, 2, false,
	       "  NAME              STATE      WHY\n"
	       "  home.example.org  confirmed  all is well\n"
	       "  a                 -          -\n");
}

static void lines_are_cut_to_the_width(void **state)
{
	(void)state;
	expect(sample(), 36, 0, false,
	       "NAME              STATE      WHY\n"
	       "home.example.org  confirmed  all i..\n"
	       "a                 -          -\n");
}

/* Whatever the width, no line is longer than it. */
static void no_width_is_exceeded(void **state)
{
	(void)state;
	for (size_t width = 1; width < 60; width++) {
		struct table *table = sample();
		char *text = NULL;
		size_t size, len;
		FILE *to = open_memstream(&text, &size);

		table_print(table, to, width, 2, false);
		(void)fclose(to);
		for (char *line = text; *line; line += len + 1) {
			len = strcspn(line, "\n");
			assert_true(len <= width);
		}
		free(text);
		table_free(table);
	}
}

static void colours_do_not_count(void **state)
{
	(void)state;
	expect(sample(), 0, 0, true,
	       "NAME              STATE      WHY\n"
	       "home.example.org  \033[32mconfirmed\033[0m  all is well\n"
	       "a                 -          -\n");
}

static void letters_count_not_bytes(void **state)
{
	struct table *table = table_new(heads, 3);

	(void)state;
	table_add(table, (const char *const[]){"\xc3\xa4\xc3\xb6", "x", "\xe2\x82\xac uro"},
		  TABLE_TONE_PLAIN, 0);
	expect(table, 18, 0, false,
	       "NAME  STATE  WHY\n"
	       "\xc3\xa4\xc3\xb6    x      \xe2\x82\xac uro\n");
}

static void a_cut_does_not_split_a_letter(void **state)
{
	struct table *table = table_new(heads, 1);

	(void)state;
	table_add(table, (const char *const[]){"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa4"},
		  TABLE_TONE_PLAIN, 0);
	expect(table, 4, 0, false, "NAME\n\xc3\xa4\xc3\xb6..\n");
}

/* A provider's words must not command the terminal. */
static void control_characters_are_not_passed_on(void **state)
{
	struct table *table = table_new(heads, 3);

	(void)state;
	table_add(table, (const char *const[]){"a\033[2J", "b\nc", "\x7f"}, TABLE_TONE_PLAIN, 0);
	expect(table, 0, 0, false,
	       "NAME   STATE  WHY\n"
	       "a?[2J  b?c    ?\n");
}

static void blank_cells_leave_no_trailing_blanks(void **state)
{
	struct table *table = table_new(heads, 3);

	(void)state;
	table_add(table, (const char *const[]){"eth0", " ", " "}, TABLE_TONE_PLAIN, 0);
	expect(table, 0, 0, false,
	       "NAME  STATE  WHY\n"
	       "eth0\n");
}

static void no_screen_has_no_width(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	assert_int_equal(table_screen_width(file), 0);
	assert_false(table_screen_colours(file));
	(void)fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_aligned),
		cmocka_unit_test(rows_are_indented),
		cmocka_unit_test(lines_are_cut_to_the_width),
		cmocka_unit_test(no_width_is_exceeded),
		cmocka_unit_test(colours_do_not_count),
		cmocka_unit_test(letters_count_not_bytes),
		cmocka_unit_test(a_cut_does_not_split_a_letter),
		cmocka_unit_test(control_characters_are_not_passed_on),
		cmocka_unit_test(blank_cells_leave_no_trailing_blanks),
		cmocka_unit_test(no_screen_has_no_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
