/* SPDX-License-Identifier: MIT */
/* What must hold of plan_next over any course of events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/addrs_room.h"

#include "update/daemon/holddown.h"
#include "update/daemon/plan.c"

#define DAY      (24 * HOUR)
#define NOW      (1000 * HOUR)
#define COUNT(x) (sizeof(x) / sizeof((x)[0]))

static struct addrs addrs_of(const char *text)
{
	struct addrs addrs;

	assert_int_equal(addrs_parse(text, addrs_room(), &addrs), 0);
	return addrs;
}

/* A month of virtual time: an address that changes now and then, a provider that fails at random
 * for a while and then is well; what it does before it fails, or we hang up, nobody tells us. */
struct world {
	struct addrs held; /* by the provider */
	bool meddled;      /* somebody else has changed that */
	unsigned looks;
	struct history history;
	struct attempt attempt;
	struct addrs wanted;
	bool in_flight;
	unsigned random;
	unsigned sent_today, sent_most;
	int64_t day;
	bool provider_well;
	struct holddown holddown;
};

static unsigned dice(struct world *world, unsigned sides)
{
	world->random = world->random * 1664525u + 1013904223u;
	return (world->random >> 16) % sides;
}

static void change_address(struct world *world)
{
	struct ipaddr *addr = addrs_room();

	*addr = (struct ipaddr){.family = AF_INET, .bytes = {203, 0, 113}};
	addr->bytes[3] = (uint8_t)(1 + dice(world, 4));
	world->wanted = (struct addrs){addr, dice(world, 8) > 0};
	history_new_way(&world->history);
}

static void apply(struct world *world)
{
	world->held = world->attempt.addrs;
	world->meddled = false;
}

static void meddle(struct world *world)
{
	static const struct ipaddr addr = {.family = AF_INET, .bytes = {203, 0, 113, 99}};

	world->held = (struct addrs){&addr, 1};
	world->meddled = true;
}

static void verify(struct world *world, int64_t now)
{
	struct outcome outcome = {.verdict = VERDICT_DONE, .ttl = 600, .why = "x"};

	if (!world->provider_well && dice(world, 2))
		outcome.verdict = VERDICT_NO_NETWORK;
	else if (dice(world, 4))
		outcome.truth =
			addrs_equal(&world->held, &world->wanted) ? TRUTH_SAME : TRUTH_OTHER;
	world->looks++;
	history_verified(&world->history, &outcome, now);
}

static void answer(struct world *world, int64_t now)
{
	static const enum verdict bad[] = {VERDICT_NO_NETWORK, VERDICT_RETRY, VERDICT_THROTTLED};
	static struct outcome outcome = {.why = "x"};

	outcome.verdict = VERDICT_DONE;
	if (!world->provider_well)
		outcome.verdict = bad[dice(world, COUNT(bad))];
	if (outcome.verdict == VERDICT_DONE ||
	    (outcome.verdict != VERDICT_THROTTLED && dice(world, 2)))
		apply(world);
	world->in_flight = false;
	history_add(&world->history, &world->attempt, &outcome, now);
}

/* As record_is_change. */
static bool is_change(const struct world *world)
{
	const struct history *history = &world->history;

	if (history_holds(history, &world->wanted))
		return false;
	return history->aborted > 0 || !addrs_equal(&world->wanted, &world->attempt.addrs);
}

static struct plan plan_world(const struct world *world, int64_t now)
{
	struct plan_input in = {
		.history = &world->history,
		.wanted = &world->wanted,
		.source = world->wanted.n > 0 ? PLAN_SOURCE_READY : PLAN_SOURCE_ABSENT,
		.source_why = "source",
		.lost_at = -1,
		.in_flight = world->in_flight,
		.stale = !addrs_equal(&world->wanted, &world->attempt.addrs),
		.throttled_until = -1,
		.hold_until = is_change(world) ? world->holddown.until : -1,
		.hold_why = world->holddown.why,
		.refresh_ms = 12 * DAY,
		.min_interval_ms = 30 * SECOND,
		.verify = true,
		.ttl = 300,
		.on_loss_ms = -1,
		.seed = 7,
	};

	return plan_next(&in, now);
}

static void send_attempt(struct world *world, int64_t now)
{
	if (now / DAY != world->day) {
		world->day = now / DAY;
		world->sent_today = 0;
	}
	if (++world->sent_today > world->sent_most)
		world->sent_most = world->sent_today;
	if (is_change(world)) {
		assert_true(now >= world->holddown.until);
		holddown_add(&world->holddown, 60 * SECOND, now);
	}
	world->in_flight = true;
	world->attempt.addrs = world->wanted;
	world->attempt.started_at = now;
	history_begin(&world->history, &world->attempt);
}

/* One step of the loop; returns when to look again. */
static int64_t live(struct world *world, int64_t now)
{
	struct plan plan = plan_world(world, now);

	if (plan.step == PLAN_STEP_ABORT) {
		if (dice(world, 2))
			apply(world);
		world->in_flight = false;
		history_abort(&world->history, &world->attempt);
		plan = plan_world(world, now);
	}
	assert_non_null(plan.why);
	assert_true(plan.at == -1 || plan.at > now);
	if (plan.step == PLAN_STEP_SEND) {
		assert_true(world->wanted.n > 0);
		send_attempt(world, now);
		return now + 100;
	}
	if (plan.state == PLAN_STATE_CONFIRMED)
		assert_true(addrs_equal(&world->wanted,
					world->meddled ? &world->history.confirmed : &world->held));
	if (plan.step == PLAN_STEP_VERIFY) {
		verify(world, now);
		return now + 100;
	}
	return plan.at;
}

static void holds_for_a_month(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < 20; seed++) {
		struct world world = {.random = seed, .day = -1};
		int64_t now = 0, next = 0, change = 0;

		history_init(&world.history);
		holddown_init(&world.holddown);
		while (now < 30 * DAY) {
			/* The last five days are quiet. */
			bool quiet = now > 25 * DAY;

			world.provider_well = quiet || now / DAY % 3 == 0;
			if (now >= change && !quiet) {
				change_address(&world);
				change = now + dice(&world, dice(&world, 4) ? 600 : 5) * SECOND;
				if (dice(&world, 500) == 0)
					change += 2 * DAY;
				if (dice(&world, 50) == 0 || now > 24 * DAY)
					meddle(&world);
			}
			if (world.in_flight && dice(&world, 3) > 0)
				answer(&world, now);
			next = live(&world, now);
			next = clock_sooner(next, quiet ? -1 : change);
			if (world.in_flight)
				next = now + 100;
			now = next < 0 ? 31 * DAY : next > now ? next : now + 1;
		}
		assert_true(world.sent_most < 6000);
		if (world.wanted.n > 0) {
			assert_true(addrs_equal(&world.wanted, &world.history.confirmed));
			assert_true(addrs_equal(&world.wanted, &world.held));
			assert_in_range(world.looks, 10, 30 * 10);
		}
		assert_true(world.history.known);
	}
}

/* A provider that is down for a day costs it few requests. */
static void asks_a_failing_server_rarely(void **state)
{
	struct world world = {.day = -1};
	struct outcome outcome = {.verdict = VERDICT_RETRY, .why = "500"};
	struct ipaddr addr = {.family = AF_INET, .bytes = {203, 0, 113, 9}};
	unsigned sent = 0;

	(void)state;
	history_init(&world.history);
	holddown_init(&world.holddown);
	world.wanted = (struct addrs){&addr, 1};
	for (int64_t now = 0; now < DAY;) {
		struct plan plan = plan_world(&world, now);

		if (plan.step == PLAN_STEP_SEND) {
			sent++;
			world.attempt.addrs = world.wanted;
			world.attempt.started_at = now;
			history_add(&world.history, &world.attempt, &outcome, now);
			continue;
		}
		assert_true(plan.at > now);
		now = plan.at;
	}
	assert_in_range(sent, 24, 42);
}

/* However often a provider has said that nothing changed, an address it does not know goes out at
 * once; and what it knows goes out no more often than that allows. */
static void delays_only_what_is_known_already(void **state)
{
	struct world world = {.random = 3};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct addrs known = addrs_of("203.0.113.9");
		struct history history;
		struct plan_input in = {.history = &history,
					.wanted = &known,
					.source = PLAN_SOURCE_READY,
					.source_why = "source",
					.lost_at = -1,
					.forced = true,
					.throttled_until = -1,
					.hold_until = -1,
					.min_interval_ms = dice(&world, 2) * dice(&world, 90000)};
		struct plan same, fresh;
		int64_t now = NOW + dice(&world, 60000), least;

		history_init(&history);
		history.known = true;
		history.confirmed = known;
		history.answered = true;
		history.verdict = VERDICT_UNCHANGED;
		history.unchanged = dice(&world, 12);
		history.sent_at = history.confirmed_at = history.ended_at = NOW;
		same = plan_next(&in, now);
		known = addrs_of("203.0.113.8");
		in.forced = dice(&world, 2);
		fresh = plan_next(&in, now);

		assert_int_equal(fresh.step == PLAN_STEP_SEND, now >= NOW + in.min_interval_ms);
		if (fresh.step == PLAN_STEP_WAIT)
			assert_int_equal(fresh.at, NOW + in.min_interval_ms);
		least = history.unchanged < 2 ? in.min_interval_ms : 60 * SECOND;
		if (same.step == PLAN_STEP_SEND)
			assert_true(now >= NOW + least);
		else
			assert_true(same.at >= NOW + least);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_for_a_month),
		cmocka_unit_test(asks_a_failing_server_rarely),
		cmocka_unit_test(delays_only_what_is_known_already),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
