/* SPDX-License-Identifier: MIT */
/* 2,000 records and one address: each is told once, in little memory, with few writes. */
#include <signal.h>

#include "tests/kernel/fanout.h"
#include "tests/kernel/inside.h"

enum { RECORDS = 2000, ACCOUNTS = 8, MEMORY_KB = 6000, PATIENCE_MS = 60000 };

static void expect_once(struct scene *s, enum fanout_shape shape, size_t requests)
{
	struct fanout *fanout = fanout_new(s, shape, RECORDS, ACCOUNTS);
	const char *const ips[] = {"203.0.113.11", "203.0.113.12"};
	int64_t reaction_ms;

	fanout_start(fanout);
	for (size_t i = 0; i < 2; i++) {
		assert_true(fanout_change(fanout, ips[i], ground_patience(PATIENCE_MS)) > 0);
		assert_int_equal(fanout_confirmed(fanout, ips[i], &reaction_ms), RECORDS);
		assert_int_equal(fanout->n_requests, requests);
		for (size_t j = 0; j < RECORDS; j++)
			assert_int_equal(fanout->asked[j], 1);
	}
	if (!inside_distorted(s->d.pid))
		assert_in_range(inside_memory(s->d.pid, "status", "\nVmHWM:"), 1, MEMORY_KB);
	/* One each second, beside what a change begins with. */
	assert_in_range(fanout_writes_a_second(fanout), 1, 2);
	assert_in_range(daemon_stop(&s->d, SIGTERM), 0, ground_patience(3000));
	assert_int_equal(daemon_logged(&s->d, "WARNING", NULL), 0);
	fanout_free(fanout);
}

static void one_name_a_request(void **state)
{
	expect_once(*state, FANOUT_SINGLE, RECORDS);
}

/* Twenty names fit; 250 of an account make 13 lists. */
static void many_names_a_request(void **state)
{
	expect_once(*state, FANOUT_LISTS, (size_t)ACCOUNTS * 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_CASE(one_name_a_request),
		SCENE_CASE(many_names_a_request),
	};

	return ground_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
