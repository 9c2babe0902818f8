/* SPDX-License-Identifier: MIT */
#include "update/ctl/report.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void paragraphs_are_wrapped(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	(void)state;
	wrap(to, "one two three  four endlessly-long-word x", 12, 2);
	(void)fclose(to);
	assert_string_equal(text, "  one two\n  three four\n  endlessly-long-word\n  x\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paragraphs_are_wrapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
