/* SPDX-License-Identifier: MIT */
#include "update/daemon/record.c"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/addrs_room.h"

static char name[] = "home.example.org";
static const struct cfg_record cfg = {
	.name = name, .type = RECORD_TYPE_AAAA, .fingerprint = 99, .hold_down_ms = 60000};
static const struct provider remote, local = {.caps = PROVIDER_LOCAL};
static const struct cfg_account account = {.provider = &remote};

static struct record record_with(const char *wanted)
{
	struct record record;

	record_init(&record, &cfg, &account);
	assert_int_equal(addrs_parse(wanted, addrs_room(), &record.wanted), 0);
	return record;
}

static void answer(struct record *record, enum verdict verdict, int64_t now)
{
	static struct outcome outcome = {.why = "said"};

	outcome.verdict = verdict;
	record_answered(record, &outcome, now);
}

/* What record_set logs, without its time; out has size bytes. */
static void capture(struct record *record, enum plan_state state, int64_t next, char *out,
		    size_t size)
{
	int pipe_fds[2], saved = dup(STDERR_FILENO);
	char line[1024], *text;
	ssize_t len;

	assert_int_equal(pipe2(pipe_fds, O_NONBLOCK), 0);
	fflush(stderr);
	dup2(pipe_fds[1], STDERR_FILENO);
	record_set(record, state, "because", next, 1000);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	len = read(pipe_fds[0], line, sizeof(line) - 1);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	line[len > 0 ? len : 0] = '\0';
	text = strstr(line, name);
	snprintf(out, size, "%s", text ? text : "");
	out[strcspn(out, "\n")] = '\0';
}

static void says_each_transition_once(void **state)
{
	struct record record = record_with("2001:db8::1");
	char line[512];

	(void)state;
	record_sent(&record, 1, 900);
	capture(&record, PLAN_STATE_SENDING, -1, line, sizeof(line));
	assert_string_equal(line,
			    "home.example.org AAAA: waiting -> sending 2001:db8::1 (because)");
	answer(&record, VERDICT_RETRY, 950);
	capture(&record, PLAN_STATE_PENDING, 31000, line, sizeof(line));
	assert_string_equal(line, "home.example.org AAAA: sending -> pending (because), "
				  "next look in 30 s");
	capture(&record, PLAN_STATE_PENDING, 40000, line, sizeof(line));
	assert_string_equal(line, "");
	assert_int_equal(record.next, 40000);
	assert_int_equal(record.state, PLAN_STATE_PENDING);
	assert_string_equal(record.why, "because");
}

/* As an error once: it is no news at a start, and of an account one line tells. */
static void a_hold_is_an_error_when_it_begins(void **state)
{
	struct record record = record_with("2001:db8::1"), again = record, barred = record;
	char line[512];

	(void)state;
	record_sent(&record, 1, 900);
	record_set(&record, PLAN_STATE_SENDING, "because", -1, 900);
	answer(&record, VERDICT_REFUSED_AUTH, 950);
	log_set_level(LOG_LEVEL_ERROR);
	capture(&record, PLAN_STATE_HELD, -1, line, sizeof(line));
	assert_string_equal(line, "home.example.org AAAA: sending -> held (because)");
	capture(&again, PLAN_STATE_HELD, -1, line, sizeof(line));
	assert_string_equal(line, "");
	again.state = PLAN_STATE_WAITING;
	log_set_level(LOG_LEVEL_WARN);
	capture(&again, PLAN_STATE_HELD, -1, line, sizeof(line));
	assert_string_equal(line, "home.example.org AAAA: waiting -> held (because)");
	barred.barred = true;
	capture(&barred, PLAN_STATE_HELD, -1, line, sizeof(line));
	assert_string_equal(line, "");
	log_set_level(LOG_LEVEL_INFO);
}

static void measures_the_reaction(void **state)
{
	struct record record = record_with("2001:db8::1");

	(void)state;
	record.event_at = 100;
	record_sent(&record, 1, 110);
	answer(&record, VERDICT_NO_NETWORK, 120);
	assert_int_equal(record.reaction_ms, -1);
	record_sent(&record, 2, 1120);
	answer(&record, VERDICT_DONE, 1150);
	assert_int_equal(record.reaction_ms, 1050);
	assert_int_equal(record.event_at, -1);
}

static void confirms_what_was_sent_not_what_is_wanted(void **state)
{
	struct record record = record_with("2001:db8::1");
	struct addrs sent = record.wanted;

	(void)state;
	record.forced = true;
	record_sent(&record, 7, 100);
	assert_false(record.forced);
	assert_int_equal(record.job, 7);
	assert_int_equal(addrs_parse("2001:db8::2", addrs_room(), &record.wanted), 0);
	answer(&record, VERDICT_DONE, 150);
	assert_true(addrs_equal(&record.history.confirmed, &sent));
	assert_int_equal(record.job, 0);
}

static void a_second_loss_is_a_failure(void **state)
{
	struct record record = record_with("2001:db8::1");

	(void)state;
	record_sent(&record, 1, 100);
	record_lost(&record, 110);
	assert_int_equal(record.job, 0);
	assert_false(record.history.answered);
	record_sent(&record, 2, 120);
	record_lost(&record, 130);
	assert_true(history_failed(&record.history));
	record_sent(&record, 3, 2000);
	answer(&record, VERDICT_DONE, 2010);
	record_sent(&record, 4, 3000);
	record_lost(&record, 3010);
	assert_false(history_failed(&record.history));
}

static void knows_a_refresh(void **state)
{
	struct record record = record_with("2001:db8::1");

	(void)state;
	record_sent(&record, 1, 100);
	assert_false(record.attempt.refresh);
	answer(&record, VERDICT_DONE, 110);
	record_sent(&record, 2, 200);
	assert_true(record.attempt.refresh);
	record_aborted(&record);
	assert_int_equal(record.job, 0);
	assert_int_equal(record.history.aborted, 1);
}

static void want(struct record *record, const char *wanted)
{
	assert_int_equal(addrs_parse(wanted, addrs_room(), &record->wanted), 0);
}

static void counts_changes_not_retries(void **state)
{
	struct record record = record_with("2001:db8::1");
	struct holddown *holddown = &record.holddown;

	(void)state;
	assert_true(record_is_change(&record));
	record_sent(&record, 1, 100);
	assert_int_equal(holddown->changes[0], 100);
	answer(&record, VERDICT_RETRY, 110);
	assert_false(record_is_change(&record));
	record_sent(&record, 2, 200);
	answer(&record, VERDICT_DONE, 210);
	assert_false(record_is_change(&record));
	record_sent(&record, 3, 300);
	assert_int_equal(holddown->changes[0], 100);
	/* Given up because it went away and came back: a change. */
	want(&record, "2001:db8::2");
	record_sent(&record, 4, 400);
	record_aborted(&record);
	assert_true(record_is_change(&record));
	/* It may have had effect, so the way back is one, too. */
	want(&record, "2001:db8::1");
	assert_true(record_is_change(&record));
	want(&record, "2001:db8::2");
	record_sent(&record, 5, 500);
	assert_int_equal(holddown->changes[0], 500);
	assert_int_equal(holddown->changes[1], 400);
	assert_int_equal(holddown->until, 1500);
}

static void local_records_are_not_held_down(void **state)
{
	static const struct cfg_account here = {.provider = &local};
	struct record record = record_with("2001:db8::1");

	(void)state;
	record.account = &here;
	for (int i = 0; i < 20; i++) {
		want(&record, i % 2 ? "2001:db8::1" : "2001:db8::2");
		record_sent(&record, 1, i);
		answer(&record, VERDICT_DONE, i);
	}
	assert_int_equal(record.holddown.until, 19);
}

/* What the network failed, before or in flight; not what the provider asked for. */
static void a_new_way_ends_waits_of_the_network(void **state)
{
	static const struct {
		struct outcome outcome;
		bool waits; /* still, when the answer came before; and when it comes after */
	} rows[] = {
		{{.verdict = VERDICT_NO_NETWORK}, false},
		{{.verdict = VERDICT_NO_NETWORK, .wait_ms = 5000}, true},
		{{.verdict = VERDICT_RETRY}, true},
		{{.verdict = VERDICT_THROTTLED, .wait_ms = 5000}, true},
		{{.verdict = VERDICT_REFUSED_AUTH}, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct record before = record_with("2001:db8::1"), in_flight = before;

		record_sent(&before, 1, 100);
		record_answered(&before, &rows[i].outcome, 110);
		assert_int_equal(record_new_way(&before, "other"), !rows[i].waits);
		assert_int_equal(before.history.answered, rows[i].waits);
		assert_int_equal(before.new_way == NULL, rows[i].waits);
		record_sent(&in_flight, 1, 100);
		assert_false(record_new_way(&in_flight, "other"));
		record_answered(&in_flight, &rows[i].outcome, 110);
		assert_int_equal(in_flight.history.answered, rows[i].waits);
		assert_int_equal(in_flight.new_way == NULL, rows[i].waits);
		/* It counts but once. */
		record_sent(&in_flight, 2, 200);
		record_answered(&in_flight, &rows[i].outcome, 210);
		assert_true(in_flight.history.answered);
		/* What only looks whether all is right is no attempt. */
		in_flight.purpose = PURPOSE_VERIFY;
		record_sent(&in_flight, 3, 300);
		assert_int_equal(record_new_way(&in_flight, "other"), !rows[i].waits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_each_transition_once),
		cmocka_unit_test(a_hold_is_an_error_when_it_begins),
		cmocka_unit_test(measures_the_reaction),
		cmocka_unit_test(confirms_what_was_sent_not_what_is_wanted),
		cmocka_unit_test(a_second_loss_is_a_failure),
		cmocka_unit_test(knows_a_refresh),
		cmocka_unit_test(counts_changes_not_retries),
		cmocka_unit_test(local_records_are_not_held_down),
		cmocka_unit_test(a_new_way_ends_waits_of_the_network),
	};

	log_init("test", LOG_LEVEL_DEBUG);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
