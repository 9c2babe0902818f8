/* SPDX-License-Identifier: MIT */
#include "update/daemon/records.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static char names[2][16] = {"a.example.org", "b.example.org"}, acc[] = "acc", other[] = "other";

struct set {
	struct cfg cfg;
	struct cfg_account account;
	struct cfg_record list[2];
	struct records *records;
};

static void make(struct set *set)
{
	memset(set, 0, sizeof(*set));
	set->account.name = acc;
	for (size_t i = 0; i < 2; i++)
		set->list[i] = (struct cfg_record){.name = names[i], .fingerprint = 7};
	set->cfg = (struct cfg){
		.accounts = &set->account, .n_accounts = 1, .records = set->list, .n_records = 2};
	set->records = records_new(&set->cfg);
	assert_non_null(set->records);
	for (size_t i = 0; i < 2; i++) {
		struct history *history = &set->records->list[i].history;

		history->known = true;
		history->confirmed_at = (int64_t)(100 + i);
	}
}

static void an_entry_finds_its_record_only(void **state)
{
	struct set old, new;
	struct state_entry entries[2];

	(void)state;
	make(&old);
	for (size_t i = 0; i < 2; i++)
		entries[i] = records_entry(&old.records->list[i]);
	assert_string_equal(entries[1].name, "b.example.org");
	assert_string_equal(entries[1].account, "acc");
	for (int changed = 0; changed < 5; changed++) {
		size_t restored = 0;

		make(&new);
		new.records->list[1].history.confirmed_at = 0;
		if (changed == 1)
			new.list[1].fingerprint++;
		if (changed == 2)
			new.list[1].type = RECORD_TYPE_AAAA;
		if (changed == 3)
			new.account.name = other;
		if (changed == 4)
			new.list[1].name = other;
		for (size_t i = 0; i < 2; i++)
			restored += records_restore(new.records, &entries[i]) != NULL;
		/* accounts without a name are named after the first section that says so */
		assert_int_equal(restored, changed < 2 || changed == 3 ? 2 : 1);
		assert_int_equal(new.records->list[1].history.confirmed_at,
				 changed == 0 || changed == 3 ? 101 : 0);
		records_free(new.records);
	}
	records_free(old.records);
}

static void a_reload_takes_the_same_over(void **state)
{
	struct set old, new;

	(void)state;
	make(&old);
	make(&new);
	old.records->list[0].state = PLAN_STATE_CONFIRMED;
	old.records->list[0].reaction_ms = 12;
	old.records->list[1].state = PLAN_STATE_HELD;
	new.list[1].fingerprint++;
	records_adopt(new.records, old.records);
	assert_int_equal(new.records->list[0].state, PLAN_STATE_CONFIRMED);
	assert_int_equal(new.records->list[0].reaction_ms, 12);
	assert_int_equal(new.records->list[1].state, PLAN_STATE_WAITING);
	records_free(old.records);
	records_free(new.records);
}

/* Else the zone would be read, and an old address could come after that. */
static void what_is_on_its_way_is_so_for_another_configuration_too(void **state)
{
	struct state_entry entry;
	struct set old, new;

	(void)state;
	for (int uncertain = 0; uncertain < 2; uncertain++) {
		make(&old);
		old.records->list[1].history.uncertain = uncertain;
		entry = records_entry(&old.records->list[1]);
		for (int restored = 0; restored < 2; restored++) {
			make(&new);
			new.list[1].fingerprint++;
			history_init(&new.records->list[1].history);
			if (restored)
				assert_non_null(records_restore(new.records, &entry));
			else
				records_adopt(new.records, old.records);
			assert_false(new.records->list[1].history.known);
			assert_int_equal(history_may_read(&new.records->list[1].history),
					 !uncertain);
			records_free(new.records);
		}
		records_free(old.records);
	}
}

static void the_earliest_look_counts(void **state)
{
	struct set set;

	(void)state;
	make(&set);
	assert_int_equal(records_due(set.records), -1);
	for (size_t i = 0; i < 2; i++) {
		struct plan plan = {.at = i ? 500 : 900, .why = "later"};

		records_set(set.records, &set.records->list[i], &plan, 100);
	}
	assert_int_equal(records_due(set.records), 500);
	assert_int_equal(set.records->list[0].next, 900);
	records_free(set.records);
}

static void only_what_is_touched_is_taken(void **state)
{
	struct plan plan = {.at = 500, .why = "later"};
	struct record *const *taken;
	struct set set;
	size_t n;

	(void)state;
	make(&set);
	taken = records_take(set.records, &n);
	assert_int_equal(n, 2);
	assert_ptr_equal(taken[0], &set.records->list[0]);
	assert_ptr_equal(taken[1], &set.records->list[1]);
	records_set(set.records, &set.records->list[1], &plan, 100);
	records_touch_due(set.records, 499);
	records_take(set.records, &n);
	assert_int_equal(n, 0);
	records_touch_due(set.records, 500);
	records_touch(set.records, &set.records->list[1]);
	taken = records_take(set.records, &n);
	assert_int_equal(n, 1);
	assert_ptr_equal(taken[0], &set.records->list[1]);
	assert_int_equal(records_due(set.records), -1);
	records_free(set.records);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_finds_its_record_only),
		cmocka_unit_test(a_reload_takes_the_same_over),
		cmocka_unit_test(what_is_on_its_way_is_so_for_another_configuration_too),
		cmocka_unit_test(only_what_is_touched_is_taken),
		cmocka_unit_test(the_earliest_look_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
