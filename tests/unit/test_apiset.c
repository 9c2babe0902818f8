/* SPDX-License-Identifier: MIT */
#include "providers/apiset.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "update/updater/odd.h"

static const char *const previous[] = {"198.51.100.7", "192.168.0.7"};

struct row {
	const char *found[3];
	bool shared, wanted, odd;
};

static void play(const struct row *row)
{
	const struct wanted wanted = {.name = "a.example.org",
				      .type = RECORD_TYPE_A,
				      .addrs = {"8.8.8.8"},
				      .n_addrs = 1,
				      .previous = previous,
				      .n_previous = 2};
	struct apiset set = {0};

	for (size_t i = 0; i < 3 && row->found[i]; i++) {
		struct span address = {row->found[i], strlen(row->found[i])};

		assert_int_equal(apiset_add(&set, (struct span){"", 0}, address, RECORD_TYPE_A), 0);
	}
	set.sole = set.n == 1 && !row->shared;
	assert_int_equal(apiset_is_wanted(&set, &wanted), row->wanted);
	assert_int_equal(apiset_is_odd(&set, &wanted, odd_address), row->odd);
	assert_false(apiset_is_odd(&set, &wanted, NULL));
}

static void what_is_found_is_wanted_or_odd(void **state)
{
	static const struct row rows[] = {
		{{"8.8.8.8"}, false, true, false},
		{{NULL}, false, false, false},
		{{"9.9.9.9"}, false, false, false},
		{{"192.168.1.9"}, false, false, true},
		{{"100.64.1.9"}, false, false, true},
		{{"192.168.1.9"}, true, false, false},             /* another's */
		{{"8.8.8.8", "9.9.9.9"}, false, true, false},      /* the same */
		{{"8.8.8.8", "198.51.100.7"}, false, false, true}, /* documentation */
		{{"8.8.8.8", "192.168.0.7"}, false, false, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		play(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_found_is_wanted_or_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
