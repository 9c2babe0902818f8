/* SPDX-License-Identifier: MIT */
#include "update/daemon/state.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/tempdir.h"

#define DAY INT64_C(86400000)

/* 2026-11-22, and an uptime of an hour. */
static const struct state_clock then = {.now = 3600000, .wall = INT64_C(1795305600000)};

static struct state_entry entry_of(const char *name, enum record_type type, const char *confirmed)
{
	struct state_entry entry = {.type = type, .fingerprint = UINT64_C(0xfedcba9876543210)};

	snprintf(entry.name, sizeof(entry.name), "%s", name);
	snprintf(entry.account, sizeof(entry.account), "an account");
	history_init(&entry.history);
	if (confirmed) {
		assert_int_equal(addrs_parse(confirmed, &entry.history.confirmed), 0);
		entry.history.known = true;
		entry.history.confirmed_at = then.now - 1000;
		entry.history.changed_at = then.now - 20 * DAY;
		entry.history.sent_at = then.now - 1100;
	}
	return entry;
}

static void refuse(struct state_entry *entry)
{
	entry->history.answered = true;
	entry->history.verdict = VERDICT_REFUSED_AUTH;
	entry->history.ended_at = then.now - 50;
	entry->history.wait_ms = 1800000;
	entry->history.failures = 3;
	entry->history.in_row = 2;
	entry->history.unchanged = 1;
	entry->history.aborted = 4;
	entry->history.uncertain = true;
	entry->history.verify = (struct history_verify){.at = then.now - 7000,
							.wait_ms = 60000,
							.throttled = true,
							.others = 1,
							.failures = 2,
							.ttl = 300};
	snprintf(entry->history.why, sizeof(entry->history.why), "wrong\tpassword\nor user");
}

/* Encodes three entries; the caller frees. */
static char *encode(size_t *ret_len)
{
	struct state_entry entries[] = {
		entry_of("home.example.org", RECORD_TYPE_A, "203.0.113.5"),
		entry_of("home.example.org", RECORD_TYPE_AAAA, "2001:db8::1,2001:db8::2"),
		entry_of("*.example.org", RECORD_TYPE_A, "none"),
		entry_of("new.example.org", RECORD_TYPE_A, NULL),
	};
	char *text = NULL;

	refuse(&entries[1]);
	assert_int_equal(state_encode(entries, 4, then, &text, ret_len), 0);
	return text;
}

static void comes_back_as_it_was(void **state)
{
	struct state_entry *entries = NULL,
			   expected = entry_of("home.example.org", RECORD_TYPE_AAAA,
					       "2001:db8::1,2001:db8::2");
	size_t len, n = 0;
	char *text = encode(&len);

	(void)state;
	refuse(&expected);
	assert_int_equal(state_decode(text, len, then, &entries, &n), 0);
	assert_int_equal(n, 4);
	assert_string_equal(entries[0].name, "home.example.org");
	assert_string_equal(entries[1].account, "an account");
	assert_true(entries[1].fingerprint == expected.fingerprint);
	assert_int_equal(entries[1].type, RECORD_TYPE_AAAA);
	assert_true(addrs_equal(&entries[1].history.confirmed, &expected.history.confirmed));
	assert_int_equal(entries[1].history.confirmed_at, expected.history.confirmed_at);
	assert_int_equal(entries[1].history.changed_at, expected.history.changed_at);
	assert_int_equal(entries[1].history.sent_at, expected.history.sent_at);
	assert_int_equal(entries[1].history.ended_at, expected.history.ended_at);
	assert_int_equal(entries[1].history.verdict, VERDICT_REFUSED_AUTH);
	assert_int_equal(entries[1].history.wait_ms, 1800000);
	assert_int_equal(entries[1].history.failures, 3);
	assert_int_equal(entries[1].history.in_row, 2);
	assert_int_equal(entries[1].history.unchanged, 1);
	assert_int_equal(entries[1].history.aborted, 4);
	assert_true(entries[1].history.uncertain);
	assert_memory_equal(&entries[1].history.verify, &expected.history.verify,
			    sizeof(expected.history.verify));
	assert_true(entries[0].history.verify.at == CLOCK_NEVER);
	assert_true(history_held(&entries[1].history));
	assert_string_equal(entries[1].history.why, "wrong password or user");
	assert_true(entries[2].history.known);
	assert_int_equal(entries[2].history.confirmed.n, 0);
	assert_false(entries[3].history.known);
	assert_true(entries[3].history.sent_at == CLOCK_NEVER);
	free(entries);
	free(text);
}

static void nothing_is_a_state_too(void **state)
{
	struct state_entry *entries = NULL;
	size_t len, n = 9;
	char *text = NULL;

	(void)state;
	assert_int_equal(state_encode(NULL, 0, then, &text, &len), 0);
	assert_int_equal(state_decode(text, len, then, &entries, &n), 0);
	assert_int_equal(n, 0);
	free(entries);
	free(text);
}

static void every_flipped_bit_is_found(void **state)
{
	struct state_entry *entries = NULL;
	size_t len, n = 0;
	char *text = encode(&len);

	(void)state;
	for (size_t i = 0; i < len * 8; i++) {
		text[i / 8] ^= (char)(1 << i % 8);
		assert_int_equal(state_decode(text, len, then, &entries, &n), -EBADMSG);
		text[i / 8] ^= (char)(1 << i % 8);
	}
	assert_null(entries);
	free(text);
}

static void every_truncation_is_found(void **state)
{
	struct state_entry *entries = NULL;
	size_t len, n = 0;
	char *text = encode(&len);

	(void)state;
	for (size_t i = 0; i < len; i++)
		assert_int_equal(state_decode(text, i, then, &entries, &n), -EBADMSG);
	assert_null(entries);
	free(text);
}

/* A right checksum does not excuse nonsense. */
static void nonsense_is_refused(void **state)
{
#define KEY   "a.example.org\tA\tacc\t0123456789abcdef\t"
#define REST  "\t0\t0\t0\t0\t0\t0\t0"
#define TIMES "\t1\t1\t1\t1"
	static const char *const bodies[] = {
		"",
		"nlddns-state 2\n",
		VERSION_LINE "\n\n",
		VERSION_LINE "\nx\n",
		VERSION_LINE "\n" KEY "203.0.113.5" TIMES "\tdone\t0\t0\t0\t0\t0" REST
			     "\tx\textra\n",
		VERSION_LINE "\n" KEY "203.0.113" TIMES "\tdone\t0\t0\t0\t0\t0" REST "\tx\n",
		VERSION_LINE "\n" KEY "" TIMES "\tdone\t0\t0\t0\t0\t0" REST "\tx\n",
		VERSION_LINE "\n" KEY "203.0.113.5" TIMES "\tgreat\t0\t0\t0\t0\t0" REST "\tx\n",
		VERSION_LINE "\n" KEY "203.0.113.5" TIMES "\tdone\t-1\t0\t0\t0\t0" REST "\tx\n",
		VERSION_LINE "\n" KEY "203.0.113.5" TIMES "\tdone\t0\t99999999999\t0\t0\t0" REST
			     "\tx\n",
		VERSION_LINE "\n" KEY "203.0.113.5" TIMES
			     "\tdone\t0\t0\t0\t0\t0\t2\t0\t0\t0\t0\t0\t0\tx\n",
		VERSION_LINE "\n" KEY "203.0.113.5\t1\t1\t1\t--1\tdone\t0\t0\t0\t0\t0" REST "\tx\n",
		VERSION_LINE "\n" KEY "203.0.113.5\t0\t1\t1\t1\tdone\t0\t0\t0\t0\t0" REST "\tx\n",
		VERSION_LINE "\n\tA\tacc\t0123456789abcdef\t-\t0\t0\t0\t0\t-\t0\t0\t0\t0\t0" REST
			     "\tx\n",
		VERSION_LINE "\na\tMX\tacc\t0123456789abcdef\t-\t0\t0\t0\t0\t-\t0\t0\t0\t0\t0" REST
			     "\tx\n",
		VERSION_LINE "\na\tA\tacc\t0123456789abcdeg\t-\t0\t0\t0\t0\t-\t0\t0\t0\t0\t0" REST
			     "\tx\n",
	};
	struct state_entry *entries = NULL;
	char text[1024];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		size_t body = strlen(bodies[i]);
		int len = snprintf(text, sizeof(text), "%schecksum %016" PRIx64 "\n", bodies[i],
				   checksum(bodies[i], body));

		assert_int_equal(state_decode(text, (size_t)len, then, &entries, &n), -EBADMSG);
	}
	assert_null(entries);
}

/* Whatever the wall clock shows at the next start, no moment lies ahead of it, and those of a clock
 * that was not set are not ages ago. */
static void wrong_clocks_do_no_harm(void **state)
{
	static const int64_t walls[] = {0, 1000, INT64_C(1795305600000) - 400 * DAY,
					INT64_C(1795305600000) + 400 * DAY, -5 * DAY};
	size_t len, n = 0;
	char *text = encode(&len);

	(void)state;
	for (size_t i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
		struct state_clock clock = {.now = 5000, .wall = walls[i]};
		struct state_entry *entries = NULL;

		assert_int_equal(state_decode(text, len, clock, &entries, &n), 0);
		assert_true(entries[0].history.confirmed_at <= clock.now);
		assert_true(entries[1].history.ended_at <= clock.now);
		if (walls[i] < then.wall)
			assert_int_equal(entries[0].history.confirmed_at, clock.now);
		free(entries);
	}
	free(text);
}

static void an_unset_clock_leaves_no_trace(void **state)
{
	struct state_clock unset = {.now = 9000, .wall = 9000}, set = then;
	struct state_entry entry = entry_of("a.example.org", RECORD_TYPE_A, "203.0.113.5"), *back;
	size_t len, n;
	char *text;

	(void)state;
	assert_int_equal(state_encode(&entry, 1, unset, &text, &len), 0);
	assert_int_equal(state_decode(text, len, set, &back, &n), 0);
	assert_int_equal(back->history.confirmed_at, set.now);
	free(back);
	free(text);
}

/* A machine without a clock of its own starts in 1970, and is told the time later: a confirmation
 * of long ago stays that, over any number of starts. */
static void a_clock_set_late_ages_nothing_anew(void **state)
{
	struct state_clock unset = {.now = 9000, .wall = 9000}, set = {.now = 60000};
	struct state_entry entry = entry_of("a.example.org", RECORD_TYPE_A, "203.0.113.5");
	int64_t age = 20 * DAY;

	(void)state;
	set.wall = then.wall + age;
	for (int start = 0; start < 3; start++) {
		struct state_entry *back = NULL;
		size_t len, n;
		char *text;

		assert_int_equal(state_encode(&entry, 1, start ? unset : then, &text, &len), 0);
		assert_int_equal(state_decode(text, len, unset, &back, &n), 0);
		assert_int_equal(back->history.confirmed_at, unset.now);
		entry = *back;
		free(back);
		free(text);
	}
	assert_false(history_set_clock(&entry.history, 10000, then.wall - DAY));
	assert_true(history_set_clock(&entry.history, set.now, set.wall));
	assert_int_equal(entry.history.confirmed_at, set.now - age - 1000);
	assert_false(history_set_clock(&entry.history, set.now, set.wall));
}

static void survives_on_disk(void **state)
{
	struct state_entry entry = entry_of("a.example.org", RECORD_TYPE_A, "203.0.113.5"), *back;
	char dir[64], path[128];
	struct stat st;
	size_t n = 0;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/state-dir", tempdir);
	snprintf(path, sizeof(path), "%s/" STATE_NAME, dir);
	assert_int_equal(state_load(dir, then, &back, &n), -ENOENT);
	assert_int_equal(state_save(dir, then, &entry, 1), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(state_load(dir, then, &back, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(back->name, "a.example.org");
	free(back);
	assert_int_equal(truncate(path, 20), 0);
	assert_int_equal(state_load(dir, then, &back, &n), -EBADMSG);
	assert_int_equal(truncate(path, STATE_SIZE_MAX + 1), 0);
	assert_int_equal(state_load(dir, then, &back, &n), -EFBIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_as_it_was),
		cmocka_unit_test(nothing_is_a_state_too),
		cmocka_unit_test(every_flipped_bit_is_found),
		cmocka_unit_test(every_truncation_is_found),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(wrong_clocks_do_no_harm),
		cmocka_unit_test(an_unset_clock_leaves_no_trace),
		cmocka_unit_test(a_clock_set_late_ages_nothing_anew),
		cmocka_unit_test_setup_teardown(survives_on_disk, tempdir_setup, tempdir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
