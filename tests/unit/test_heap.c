/* SPDX-License-Identifier: MIT */
#include "update/daemon/heap.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define THINGS 40

static void nothing_is_due_at_first(void **state)
{
	struct heap *heap = heap_new(0), *other = heap_new(THINGS);
	size_t first = 7;

	(void)state;
	assert_int_equal(heap_first(heap, &first), -1);
	assert_int_equal(heap_first(other, &first), -1);
	heap_set(other, 3, -1);
	assert_int_equal(heap_first(other, &first), -1);
	assert_int_equal(first, 7);
	heap_free(heap);
	heap_free(other);
	heap_free(NULL);
}

static void a_moment_can_be_changed(void **state)
{
	static const struct {
		size_t thing;
		int64_t at;
		size_t first;
		int64_t first_at;
	} rows[] = {
		{5, 500, 5, 500}, {6, 400, 6, 400}, {7, 600, 6, 400}, {6, 700, 5, 500},
		{7, 0, 7, 0},     {7, -1, 5, 500},  {5, -1, 6, 700},  {6, 800, 6, 800},
	};
	struct heap *heap = heap_new(THINGS);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t first = THINGS;

		heap_set(heap, rows[i].thing, rows[i].at);
		assert_int_equal(heap_first(heap, &first), rows[i].first_at);
		assert_int_equal(first, rows[i].first);
	}
	heap_free(heap);
}

/* What a plain list of moments says. */
static int64_t earliest(const int64_t at[static THINGS])
{
	int64_t min = -1;

	for (size_t i = 0; i < THINGS; i++)
		if (at[i] >= 0 && (min < 0 || at[i] < min))
			min = at[i];
	return min;
}

static void agrees_with_a_plain_list(void **state)
{
	struct heap *heap = heap_new(THINGS);
	int64_t at[THINGS];
	uint32_t dice = 1;

	(void)state;
	for (size_t i = 0; i < THINGS; i++)
		at[i] = -1;
	for (int round = 0; round < 20000; round++) {
		size_t thing, first = THINGS;

		dice = dice * 1664525 + 1013904223;
		thing = dice >> 8 & 0xffff;
		at[thing % THINGS] = dice >> 24 & 3 ? (int64_t)(thing / THINGS % 100) : -1;
		heap_set(heap, thing % THINGS, at[thing % THINGS]);
		assert_int_equal(heap_first(heap, &first), earliest(at));
		if (earliest(at) >= 0)
			assert_int_equal(at[first], earliest(at));
	}
	heap_free(heap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_due_at_first),
		cmocka_unit_test(a_moment_can_be_changed),
		cmocka_unit_test(agrees_with_a_plain_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
