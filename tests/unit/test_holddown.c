/* SPDX-License-Identifier: MIT */
#include "update/daemon/holddown.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define NOW    (INT64_C(1000) * MINUTE)
#define MOST   (60 * SECOND)

/* The wait after each of n changes that come as soon as they may, but not before `apart`. */
static void expect_waits(const int64_t *waits_s, size_t n, int64_t most_ms, int64_t apart)
{
	struct holddown holddown;
	int64_t now = NOW;

	holddown_init(&holddown);
	for (size_t i = 0; i < n; i++) {
		holddown_add(&holddown, most_ms, now);
		if (holddown.until != now + waits_s[i] * SECOND)
			fail_msg("change %zu: waits %lld ms", i, (long long)(holddown.until - now));
		now = holddown.until > now + apart ? holddown.until : now + apart;
	}
}

static void nothing_waits_before_the_first_change(void **state)
{
	struct holddown holddown;

	(void)state;
	holddown_init(&holddown);
	assert_true(holddown.until < 0);
}

static void what_keeps_changing_waits_longer_each_time(void **state)
{
	static const int64_t waits_s[] = {0, 0, 1, 5, 15, 60, 60, 60};

	(void)state;
	expect_waits(waits_s, 8, MOST, 10);
}

static void nothing_waits_longer_than_allowed(void **state)
{
	static const int64_t waits_s[] = {0, 0, 1, 5, 7, 7, 7}, none[] = {0, 0, 0, 0, 0, 0};

	(void)state;
	expect_waits(waits_s, 7, 7 * SECOND, 10);
	expect_waits(none, 6, 0, 10);
}

static void two_changes_a_minute_never_wait(void **state)
{
	static const int64_t none[100];

	(void)state;
	expect_waits(none, 100, MOST, 30 * SECOND);
}

static void says_how_long(void **state)
{
	struct holddown holddown;

	(void)state;
	holddown_init(&holddown);
	for (int i = 0; i < 5; i++)
		holddown_add(&holddown, MOST, NOW + i);
	assert_string_equal(holddown.why, "changes too often: waits 15 s");
}

static void each_quiet_span_takes_a_step_back(void **state)
{
	static const int64_t left_s[] = {60, 60, 15, 15, 5, 5, 1, 1, 0, 0};

	(void)state;
	for (size_t minutes = 1; minutes < 10; minutes++) {
		struct holddown holddown;

		holddown_init(&holddown);
		for (int i = 0; i < 10; i++)
			holddown_add(&holddown, MOST, NOW + i);
		holddown_add(&holddown, MOST, NOW + 10 + (int64_t)minutes * MINUTE);
		assert_int_equal(holddown.until - holddown.changes[0], left_s[minutes] * SECOND);
	}
}

static unsigned dice(unsigned *random, unsigned sides)
{
	*random = *random * 1664525u + 1013904223u;
	return (*random >> 16) % sides;
}

/* Whatever happens: the wait is a rung of the ladder and ends, no more than the free changes and
 * one for each rung fit into a minute, and an hour without a change forgets all. */
static void holds_for_any_sequence(void **state)
{
	static const unsigned spans_ms[] = {100, 2000, 30000, 200000};

	(void)state;
	for (unsigned seed = 0; seed < 200; seed++) {
		unsigned random = seed;
		struct holddown holddown;
		int64_t now = NOW, sent[500];

		holddown_init(&holddown);
		for (size_t i = 0; i < 500; i++) {
			now += dice(&random, spans_ms[dice(&random, 4)]);
			now = holddown.until > now ? holddown.until : now;
			holddown_add(&holddown, MOST, now);
			sent[i] = now;
			assert_in_range(holddown.until - now, 0, MOST);
			if (i >= HOLDDOWN_FREE + LEVEL_MAX)
				assert_true(now - sent[i - HOLDDOWN_FREE - LEVEL_MAX] >= MINUTE);
		}
		holddown_add(&holddown, MOST, now + 60 * MINUTE);
		assert_int_equal(holddown.until, now + 60 * MINUTE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_waits_before_the_first_change),
		cmocka_unit_test(what_keeps_changing_waits_longer_each_time),
		cmocka_unit_test(nothing_waits_longer_than_allowed),
		cmocka_unit_test(two_changes_a_minute_never_wait),
		cmocka_unit_test(says_how_long),
		cmocka_unit_test(each_quiet_span_takes_a_step_back),
		cmocka_unit_test(holds_for_any_sequence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
