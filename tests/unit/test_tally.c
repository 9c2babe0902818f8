/* SPDX-License-Identifier: MIT */
#include "update/daemon/tally.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void attempts_are_counted_by_provider_and_verdict(void **state)
{
	struct tally tally = {0};

	(void)state;
	tally_attempt(&tally, "one", VERDICT_DONE);
	tally_attempt(&tally, "two", VERDICT_RETRY);
	tally_attempt(&tally, "one", VERDICT_DONE);
	assert_int_equal(tally.n_providers, 2);
	assert_string_equal(tally.providers[0].name, "one");
	assert_int_equal(tally.providers[0].attempts[VERDICT_DONE], 2);
	assert_int_equal(tally.providers[1].attempts[VERDICT_RETRY], 1);
	assert_int_equal(tally.providers[1].attempts[VERDICT_DONE], 0);
	assert_int_equal(tally.moves, 3);
	tally_attempt(NULL, "one", VERDICT_DONE);
	tally_move(NULL);
}

static void more_providers_than_there_is_room_for_are_others(void **state)
{
	struct tally tally = {0};
	char name[16];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < TALLY_PROVIDERS_MAX + 5; i++) {
			snprintf(name, sizeof(name), "p%d", i);
			tally_attempt(&tally, name, VERDICT_DONE);
		}
	assert_int_equal(tally.n_providers, TALLY_PROVIDERS_MAX);
	assert_int_equal(tally.providers[0].attempts[VERDICT_DONE], 2);
	assert_string_equal(tally.providers[TALLY_PROVIDERS_MAX - 1].name, "other");
	assert_int_equal(tally.providers[TALLY_PROVIDERS_MAX - 1].attempts[VERDICT_DONE], 12);
}

static void reactions_fall_into_buckets(void **state)
{
	static const struct {
		enum news_kind kind;
		int64_t ms;
		int bucket; /* -1: none; -2: not counted */
	} rows[] = {
		{NEWS_CONFIRMED, 0, 0},       {NEWS_CONFIRMED, 50, 0},
		{NEWS_CONFIRMED, 51, 1},      {NEWS_CONFIRMED, 300000, 11},
		{NEWS_CONFIRMED, 300001, -1}, {NEWS_CONFIRMED, -1, -2},
		{NEWS_CHANGED, 10, -2},       {NEWS_RECOVERED, 10, -2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct news news = {.kind = rows[i].kind, .reaction_ms = rows[i].ms};
		struct tally tally = {0};

		tally_tell(&tally, &news);
		assert_int_equal(tally.moves, 1);
		assert_int_equal(tally.n_reactions, rows[i].bucket != -2);
		assert_int_equal(tally.reactions_ms, rows[i].bucket != -2 ? rows[i].ms : 0);
		for (int b = 0; b < TALLY_BUCKETS; b++)
			assert_int_equal(tally.reactions[b], b == rows[i].bucket);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attempts_are_counted_by_provider_and_verdict),
		cmocka_unit_test(more_providers_than_there_is_room_for_are_others),
		cmocka_unit_test(reactions_fall_into_buckets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
