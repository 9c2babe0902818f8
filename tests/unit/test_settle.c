/* SPDX-License-Identifier: MIT */
#include "netwatch/settle.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Choice 0 is "none"; the others differ in their address. */
static struct choice make_choice(unsigned id)
{
	struct choice choice = {.n = id > 0, .ready = id > 0};

	choice.addrs[0] = (struct ipaddr){id ? AF_INET : AF_UNSPEC, {192, 0, 2, (uint8_t)id}};
	return choice;
}

static bool feed(struct settle *settle, unsigned id, int64_t now)
{
	struct choice choice = make_choice(id);

	return settle_feed(settle, &choice, now);
}

static unsigned settled_id(const struct settle *settle)
{
	return settle->settled.n ? settle->settled.addrs[0].bytes[3] : 0;
}

static void waits_for_quiet(void **state)
{
	struct settle settle;

	(void)state;
	settle_init(&settle, 50, 1000);
	assert_int_equal(settle_due(&settle), -1);
	assert_false(settle_tick(&settle, 99));
	assert_false(feed(&settle, 1, 100));
	assert_int_equal(settle_due(&settle), 150);
	assert_false(feed(&settle, 1, 140)); /* the same again is no change */
	assert_int_equal(settle_due(&settle), 150);
	assert_false(settle_tick(&settle, 149));
	assert_true(settle_tick(&settle, 150));
	assert_int_equal(settled_id(&settle), 1);
	assert_int_equal(settle_due(&settle), -1);
	assert_false(settle_tick(&settle, 151));
}

static void each_change_restarts_the_quiet_but_not_the_ceiling(void **state)
{
	struct settle settle;
	int64_t now;

	(void)state;
	settle_init(&settle, 50, 200);
	for (now = 0; now < 200; now += 40) {
		assert_false(feed(&settle, 1 + (unsigned)(now / 40) % 2, now));
		assert_int_equal(settle_due(&settle), now + 50 < 200 ? now + 50 : 200);
	}
	assert_true(feed(&settle, 3, 200));
	assert_int_equal(settled_id(&settle), 3);
}

static void a_return_cancels(void **state)
{
	struct settle settle;

	(void)state;
	settle_init(&settle, 50, 1000);
	assert_false(feed(&settle, 1, 0));
	assert_true(settle_tick(&settle, 50));
	assert_false(feed(&settle, 0, 100));
	assert_int_equal(settle_due(&settle), 150);
	assert_false(feed(&settle, 1, 120));
	assert_int_equal(settle_due(&settle), -1);
	assert_false(settle_tick(&settle, 5000));
	assert_false(feed(&settle, 0, 6000)); /* and the next change starts anew */
	assert_int_equal(settle_due(&settle), 6050);
}

static void no_quiet_settles_at_once(void **state)
{
	struct settle settle;

	(void)state;
	settle_init(&settle, 0, 1000);
	assert_false(feed(&settle, 0, 5));
	assert_true(feed(&settle, 1, 5));
	assert_false(feed(&settle, 1, 6));
	assert_true(feed(&settle, 2, 6));
	assert_int_equal(settle_due(&settle), -1);
}

static void the_reason_follows_without_a_change(void **state)
{
	struct settle settle;
	struct choice choice = {.why = "no link matches ppp0"};

	(void)state;
	settle_init(&settle, 50, 1000);
	assert_false(settle_feed(&settle, &choice, 0));
	assert_int_equal(settle_due(&settle), -1);
	assert_string_equal(settle.settled.why, "no link matches ppp0");
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

/* Whatever is fed: a wait never points into the past after it was looked at, what settles is what
 * was seen last, never what was settled before; nothing waits longer than the ceiling; and once
 * fed the same for the quiet time, that is settled. */
static void holds_over_random_sequences(void **state)
{
	uint32_t seed = 42;

	(void)state;
	for (unsigned run = 0; run < 300; run++) {
		int64_t quiet = next_random(&seed) % 60, max = next_random(&seed) % 400;
		int64_t now = 0, differs_since = -1;
		unsigned fed = 0, before;
		struct settle settle;

		settle_init(&settle, quiet, max);
		for (unsigned step = 0; step < 500; step++) {
			bool changed;
			int64_t due = settle_due(&settle);

			before = settled_id(&settle);
			now += next_random(&seed) % 30;
			if (due >= 0 && due <= now) {
				now = due;
				changed = settle_tick(&settle, now);
				assert_true(changed);
			} else {
				fed = next_random(&seed) % 3;
				changed = feed(&settle, fed, now);
			}
			assert_int_equal(changed, settled_id(&settle) != before);
			if (changed)
				assert_int_equal(settled_id(&settle), fed);
			if (settled_id(&settle) == fed)
				differs_since = -1;
			else if (differs_since < 0)
				differs_since = now;
			due = settle_due(&settle);
			assert_int_equal(due < 0, settled_id(&settle) == fed);
			if (due >= 0) {
				assert_true(due > now);
				assert_true(due <= now + quiet);
				assert_true(due <= differs_since + max);
			}
		}
		now += quiet + max;
		settle_tick(&settle, now);
		assert_int_equal(settled_id(&settle), fed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_for_quiet),
		cmocka_unit_test(each_change_restarts_the_quiet_but_not_the_ceiling),
		cmocka_unit_test(a_return_cancels),
		cmocka_unit_test(no_quiet_settles_at_once),
		cmocka_unit_test(the_reason_follows_without_a_change),
		cmocka_unit_test(holds_over_random_sequences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
