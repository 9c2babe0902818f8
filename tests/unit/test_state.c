/* SPDX-License-Identifier: MIT */
#include "update/daemon/state.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/addrs_room.h"

#define DAY INT64_C(86400000)

/* 2026-11-22, and an uptime of an hour. */
static const struct state_clock then = {.now = 3600000, .wall = INT64_C(1795305600000)};

static struct state_entry entry_of(const char *name, enum record_type type, const char *confirmed)
{
	struct state_entry entry = {.name = name,
				    .type = type,
				    .account = "an account",
				    .fingerprint = UINT64_C(0xfedcba9876543210)};

	history_init(&entry.history);
	if (confirmed) {
		assert_int_equal(addrs_parse(confirmed, addrs_room(), &entry.history.confirmed), 0);
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
	entry->history.why = "wrong\tpassword\nor user";
}

static int put_text(void *arg, const char *bytes, size_t len)
{
	buf_add(arg, bytes, len);
	return 0;
}

/* The text of n entries; the caller frees. */
static char *write_all(const struct state_entry *entries, size_t n, struct state_clock clock,
		       size_t *ret_len)
{
	struct state_writer writer;
	struct buf text;

	buf_init(&text, STATE_SIZE_MAX);
	state_begin(&writer, clock, put_text, &text);
	for (size_t i = 0; i < n; i++)
		state_add(&writer, &entries[i]);
	assert_int_equal(state_end(&writer), 0);
	*ret_len = text.len;
	return text.text;
}

/* The entries of a text, with what they borrow. */
#define SHELF_MAX 4
struct shelf {
	struct state_entry list[SHELF_MAX];
	char texts[SHELF_MAX][3][256];
	struct ipaddr addrs[SHELF_MAX][WANTED_ADDRS_MAX];
	size_t n;
};

static const char *copy(char out[static 256], const char *text)
{
	snprintf(out, 256, "%s", text);
	return out;
}

static void shelve(void *arg, const struct state_entry *entry)
{
	struct shelf *shelf = arg;
	size_t i = shelf->n++;

	assert_true(i < SHELF_MAX);
	shelf->list[i] = *entry;
	shelf->list[i].name = copy(shelf->texts[i][0], entry->name);
	shelf->list[i].account = copy(shelf->texts[i][1], entry->account);
	shelf->list[i].history.why = copy(shelf->texts[i][2], entry->history.why);
	for (size_t j = 0; j < entry->history.confirmed.n; j++)
		shelf->addrs[i][j] = entry->history.confirmed.list[j];
	shelf->list[i].history.confirmed.list = shelf->addrs[i];
}

static int read_all(const char *text, size_t len, struct state_clock clock, struct shelf *ret)
{
	ret->n = 0;
	return state_read(text, len, clock, shelve, ret);
}

/* Encodes four entries; the caller frees. */
static char *encode(size_t *ret_len)
{
	struct state_entry entries[] = {
		entry_of("home.example.org", RECORD_TYPE_A, "203.0.113.5"),
		entry_of("home.example.org", RECORD_TYPE_AAAA, "2001:db8::1,2001:db8::2"),
		entry_of("*.example.org", RECORD_TYPE_A, "none"),
		entry_of("new.example.org", RECORD_TYPE_A, NULL),
	};

	refuse(&entries[1]);
	return write_all(entries, 4, then, ret_len);
}

static void comes_back_as_it_was(void **state)
{
	struct state_entry expected =
		entry_of("home.example.org", RECORD_TYPE_AAAA, "2001:db8::1,2001:db8::2");
	struct shelf shelf;
	const struct state_entry *entries = shelf.list;
	size_t len;
	char *text = encode(&len);

	(void)state;
	refuse(&expected);
	assert_int_equal(read_all(text, len, then, &shelf), 0);
	assert_int_equal(shelf.n, 4);
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
	free(text);
}

static void nothing_is_a_state_too(void **state)
{
	struct shelf shelf;
	size_t len;
	char *text = write_all(NULL, 0, then, &len);

	(void)state;
	assert_int_equal(read_all(text, len, then, &shelf), 0);
	assert_int_equal(shelf.n, 0);
	free(text);
}

static void every_flipped_bit_is_found(void **state)
{
	struct shelf shelf;
	size_t len;
	char *text = encode(&len);

	(void)state;
	for (size_t i = 0; i < len * 8; i++) {
		text[i / 8] ^= (char)(1 << i % 8);
		assert_int_equal(read_all(text, len, then, &shelf), -EBADMSG);
		text[i / 8] ^= (char)(1 << i % 8);
	}
	assert_int_equal(shelf.n, 0);
	free(text);
}

static void every_truncation_is_found(void **state)
{
	struct shelf shelf;
	size_t len;
	char *text = encode(&len);

	(void)state;
	for (size_t i = 0; i < len; i++)
		assert_int_equal(read_all(text, i, then, &shelf), -EBADMSG);
	assert_int_equal(shelf.n, 0);
	free(text);
}

/* As many as there can be, in pieces. */
static void many_come_back(void **state)
{
	static const struct shelf empty;
	struct state_entry *entries = calloc(STATE_ENTRIES_MAX + 1, sizeof(*entries));
	struct shelf shelf = empty;
	size_t len;
	char *text;

	(void)state;
	assert_non_null(entries);
	for (size_t i = 0; i <= STATE_ENTRIES_MAX; i++)
		entries[i] = entry_of("home.example.org", RECORD_TYPE_A, NULL);
	text = write_all(entries, STATE_ENTRIES_MAX, then, &len);
	assert_true(len > (size_t)20 * PIECE);
	assert_int_equal(state_read(text, len, then, NULL, NULL), 0);
	free(text);
	text = write_all(entries, STATE_ENTRIES_MAX + 1, then, &len);
	assert_int_equal(read_all(text, len, then, &shelf), -EBADMSG);
	assert_int_equal(shelf.n, 0);
	free(text);
	free(entries);
}

static int refuse_piece(void *arg, const char *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	++*(int *)arg;
	return -ENOSPC;
}

static void a_full_disk_ends_the_writing(void **state)
{
	struct state_entry entry = entry_of("home.example.org", RECORD_TYPE_A, NULL);
	struct state_writer writer;
	int pieces = 0;

	(void)state;
	state_begin(&writer, then, refuse_piece, &pieces);
	for (size_t i = 0; i < 1000; i++)
		state_add(&writer, &entry);
	assert_int_equal(state_end(&writer), -ENOSPC);
	assert_int_equal(pieces, 1);
}

static void another_version_is_told_from_damage(void **state)
{
	static const char text[] = "nlddns-state 7\nsomething\telse\n";
	char whole[128];
	struct shelf shelf;
	int len = snprintf(whole, sizeof(whole), "%schecksum %016" PRIx64 "\n", text,
			   add_sum(SUM_FIRST, text, sizeof(text) - 1));

	(void)state;
	assert_int_equal(read_all(whole, (size_t)len, then, &shelf), -ENOTSUP);
	whole[20] ^= 1;
	assert_int_equal(read_all(whole, (size_t)len, then, &shelf), -EBADMSG);
	assert_int_equal(shelf.n, 0);
}

/* A right checksum does not excuse nonsense. */
static void nonsense_is_refused(void **state)
{
#define KEY   "a.example.org\tA\tacc\t0123456789abcdef\t"
#define REST  "\t0\t0\t0\t0\t0\t0\t0"
#define TIMES "\t1\t1\t1\t1"
	static const char *const bodies[] = {
		"",
		"nlddns-state1\n",
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
	struct shelf shelf;
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		size_t body = strlen(bodies[i]);
		int len = snprintf(text, sizeof(text), "%schecksum %016" PRIx64 "\n", bodies[i],
				   add_sum(SUM_FIRST, bodies[i], body));

		assert_int_equal(read_all(text, (size_t)len, then, &shelf), -EBADMSG);
		assert_int_equal(shelf.n, 0);
	}
}

/* Whatever the wall clock shows at the next start, no moment lies ahead of it, and those of a clock
 * that was not set are not ages ago. */
static void wrong_clocks_do_no_harm(void **state)
{
	static const int64_t walls[] = {0, 1000, INT64_C(1795305600000) - 400 * DAY,
					INT64_C(1795305600000) + 400 * DAY, -5 * DAY};
	size_t len;
	char *text = encode(&len);

	(void)state;
	for (size_t i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
		struct state_clock clock = {.now = 5000, .wall = walls[i]};
		struct shelf shelf;
		const struct state_entry *entries = shelf.list;

		assert_int_equal(read_all(text, len, clock, &shelf), 0);
		assert_true(entries[0].history.confirmed_at <= clock.now);
		assert_true(entries[1].history.ended_at <= clock.now);
		if (walls[i] < then.wall)
			assert_int_equal(entries[0].history.confirmed_at, clock.now);
	}
	free(text);
}

static void an_unset_clock_leaves_no_trace(void **state)
{
	struct state_clock unset = {.now = 9000, .wall = 9000}, set = then, earlier = {1000, 1000};
	struct state_entry entry = entry_of("a.example.org", RECORD_TYPE_A, "203.0.113.5");
	struct shelf back;
	size_t len;
	char *text = write_all(&entry, 1, unset, &len);

	(void)state;
	assert_int_equal(read_all(text, len, set, &back), 0);
	assert_int_equal(back.list[0].history.confirmed_at, set.now);
	/* Nor does it lie ahead of another one: nothing is to be learned when that is set. */
	assert_int_equal(read_all(text, len, earlier, &back), 0);
	assert_int_equal(back.list[0].history.confirmed_at, earlier.now);
	assert_int_equal(back.list[0].history.confirmed_wall, 0);
	free(text);
}

/* A machine without a clock of its own starts in 1970, and is told the time later: a confirmation
 * of long ago stays that, over any number of starts. */
static void a_clock_set_late_ages_nothing_anew(void **state)
{
	struct state_clock unset = {.now = 9000, .wall = 9000}, set = {.now = 60000};
	struct state_entry entry = entry_of("a.example.org", RECORD_TYPE_A, "203.0.113.5");
	int64_t age = 20 * DAY;
	struct shelf back;

	(void)state;
	set.wall = then.wall + age;
	for (int start = 0; start < 3; start++) {
		size_t len;
		char *text = write_all(&entry, 1, start ? unset : then, &len);

		assert_int_equal(read_all(text, len, unset, &back), 0);
		assert_int_equal(back.list[0].history.confirmed_at, unset.now);
		entry.history.confirmed_at = back.list[0].history.confirmed_at;
		entry.history.confirmed_wall = back.list[0].history.confirmed_wall;
		free(text);
	}
	assert_false(history_set_clock(&entry.history, 10000, then.wall - DAY));
	assert_true(history_set_clock(&entry.history, set.now, set.wall));
	assert_int_equal(entry.history.confirmed_at, set.now - age - 1000);
	assert_false(history_set_clock(&entry.history, set.now, set.wall));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_as_it_was),
		cmocka_unit_test(nothing_is_a_state_too),
		cmocka_unit_test(every_flipped_bit_is_found),
		cmocka_unit_test(every_truncation_is_found),
		cmocka_unit_test(many_come_back),
		cmocka_unit_test(a_full_disk_ends_the_writing),
		cmocka_unit_test(another_version_is_told_from_damage),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(wrong_clocks_do_no_harm),
		cmocka_unit_test(an_unset_clock_leaves_no_trace),
		cmocka_unit_test(a_clock_set_late_ages_nothing_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
