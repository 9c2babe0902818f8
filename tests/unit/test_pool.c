/* SPDX-License-Identifier: MIT */
#include "update/daemon/pool.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static void what_is_alike_is_kept_once(void **state)
{
	struct pool *pool = pool_new();
	char text[] = "good";
	const char *first = pool_text(pool, text);

	(void)state;
	assert_ptr_not_equal(first, text);
	text[0] = 'f';
	assert_string_equal(first, "good");
	assert_ptr_equal(pool_text(pool, "good"), first);
	assert_ptr_equal(pool_text(pool, first), first);
	assert_string_equal(pool_text(pool, "goo"), "goo");
	assert_ptr_not_equal(pool_keep(pool, "good", 4), first);
	assert_int_equal(pool->n, 3);
	pool_free(pool);
	pool_free(NULL);
}

static void only_what_is_marked_stays(void **state)
{
	struct pool *pool = pool_new();
	const char *kept = pool_text(pool, "kept");
	char text[16];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		pool_text(pool, text);
		if (!pool_is_full(pool))
			continue;
		assert_true(pool->n <= 2 + FULL_MIN);
		pool_mark(pool, kept, strlen(kept) + 1);
		pool_mark(pool, "not ours", 9);
		pool_sweep(pool);
		assert_int_equal(pool->n, 1);
	}
	assert_ptr_equal(pool_text(pool, "kept"), kept);
	pool_sweep(pool);
	assert_int_equal(pool->n, 0);
	pool_free(pool);
}

/* A sweep that frees little is not repeated for every value to come. */
static void a_large_pool_is_swept_seldom(void **state)
{
	struct pool *pool = pool_new();
	unsigned sweeps = 0;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		pool_keep(pool, &i, sizeof(i));
		if (!pool_is_full(pool))
			continue;
		for (unsigned j = 0; j <= i; j++)
			pool_mark(pool, &j, sizeof(j));
		pool_sweep(pool);
		assert_int_equal(pool->n, i + 1);
		sweeps++;
	}
	assert_in_range(sweeps, 5, 10);
	pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_alike_is_kept_once),
		cmocka_unit_test(only_what_is_marked_stays),
		cmocka_unit_test(a_large_pool_is_swept_seldom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
