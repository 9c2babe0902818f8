/* SPDX-License-Identifier: MIT */
#include "providers/batch.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct wanted wanted[] = {
	{.name = "a.b", .type = RECORD_TYPE_A, .addrs = {"192.0.2.1"}, .n_addrs = 1},
	{.name = "c.b", .type = RECORD_TYPE_A},
	{.name = "a.b", .type = RECORD_TYPE_AAAA, .addrs = {"2001:db8::1"}, .n_addrs = 1},
};
static const struct job job = {.wanted = wanted, .n_wanted = 3};

/* The records of the job in the message: 0 and 2 are of one name. */
static struct batch make(bool several)
{
	struct batch batch = {.n = 0};

	batch_add(&batch, &job, 2);
	batch_add(&batch, &job, several ? 1 : 0);
	return batch;
}

static void an_answer_means_the_same_for_all_of_it(void **state)
{
	static const struct {
		int rcode, tsig_error;
		bool several;
		enum batch_end end;
		enum verdict verdict; /* BATCH_ENDED */
	} rows[] = {
		{0, 0, false, BATCH_ENDED, VERDICT_DONE},
		{0, 0, true, BATCH_ENDED, VERDICT_DONE},
		{0, -1, true, BATCH_DISTRUSTED, VERDICT_DONE},
		{5, -1, true, BATCH_DISTRUSTED, VERDICT_DONE},
		{5, 0, false, BATCH_ENDED, VERDICT_REFUSED_AUTH},
		{5, 0, true, BATCH_PART, VERDICT_DONE},
		{10, 0, true, BATCH_PART, VERDICT_DONE},
		{2, 0, true, BATCH_PART, VERDICT_DONE},
		{9, 0, true, BATCH_ENDED, VERDICT_REFUSED_CONFIG},
		{4, 0, true, BATCH_ENDED, VERDICT_REFUSED_CONFIG},
		{9, 16, true, BATCH_ENDED, VERDICT_REFUSED_AUTH},
		{23, 0, true, BATCH_PART, VERDICT_DONE},
		{23, 0, false, BATCH_ENDED, VERDICT_RETRY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct batch batch = make(rows[i].several);
		const struct reply reply = {.rcode = rows[i].rcode,
					    .tsig_error = rows[i].tsig_error};
		struct outcome outcomes[3] = {{.why = ""}};
		bool ended = rows[i].end == BATCH_ENDED;
		size_t other = rows[i].several ? 1 : 0;

		if (batch_take(&batch, &job, &reply, "192.0.2.53", outcomes) != rows[i].end ||
		    outcome_is_open(&outcomes[2]) == ended ||
		    outcome_is_open(&outcomes[other]) == ended ||
		    !outcome_is_open(&outcomes[1 - other]) ||
		    (ended && outcomes[2].verdict != rows[i].verdict))
			fail_msg("row %zu: %s", i, outcomes[2].why);
	}
}

static void what_was_done_is_told(void **state)
{
	static const struct reply reply = {.rcode = 0};
	struct batch batch = make(true);
	struct outcome outcomes[3] = {{.why = ""}};

	(void)state;
	batch_take(&batch, &job, &reply, "192.0.2.53", outcomes);
	assert_string_equal(outcomes[2].why, "updated at 192.0.2.53");
	assert_string_equal(outcomes[1].why, "deleted at 192.0.2.53");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_means_the_same_for_all_of_it),
		cmocka_unit_test(what_was_done_is_told),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
