/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/addrs_room.h"

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

/* What is left out is a record that is ready, with nothing known of it. */
struct row {
	const char *name;
	const char *wanted, *confirmed; /* confirmed NULL: nothing known */
	int not_ready;                  /* 1 + enum plan_source */
	/* Moments are relative to NOW and negative; 0: never. */
	int64_t lost_at, confirmed_at, sent_at, ended_at;
	int verdict; /* 1 + enum verdict; 0: none */
	int64_t wait_ms;
	unsigned in_row, unchanged;
	bool in_flight, stale, barred, forced, deletes, uncertain, verify, verifying, stopping,
		goes;
	int64_t verified_at;
	unsigned ttl, others, misses;
	enum plan_state before;
	int64_t throttled, hold, refresh_ms, min_interval_ms, on_loss_ms;
	/* expected; at is relative to NOW, -1: none */
	enum plan_step step;
	enum plan_state state;
	int64_t at_min, at_max;
	const char *why;
};

#define JUST               (-1)
#define SOURCE(word)       .not_ready = 1 + PLAN_SOURCE_##word
#define ENDED(word)        .verdict = 1 + VERDICT_##word
#define NO_LOOK            .at_min = -1, .at_max = -1
#define LOOKS              .step = PLAN_STEP_VERIFY, .state = PLAN_STATE_CONFIRMED, NO_LOOK
#define VERIFY             .confirmed = "203.0.113.5", .verify = true
#define SENDS              .step = PLAN_STEP_SEND, .state = PLAN_STATE_SENDING, NO_LOOK
#define WAITS(s, min, max) .step = PLAN_STEP_WAIT, .state = (s), .at_min = (min), .at_max = (max)
#define STAYS(s)           .step = PLAN_STEP_WAIT, .state = (s), NO_LOOK

#define BARRED                                                                        \
	"the provider has refused this account's credentials for 3 records: correct " \
	"them; held"

static const struct row rows[] = {
	{"cold start: nothing known, so sent", SENDS, .why = "source says"},
	{"unread kernel", SOURCE(UNREAD), STAYS(PLAN_STATE_WAITING),
	 .why = "the kernel has not been read yet"},
	{"no way out", SOURCE(NO_WAY), STAYS(PLAN_STATE_WAITING), .why = "source says"},
	{"settling", SOURCE(SETTLING), STAYS(PLAN_STATE_WAITING), .why = "the address is settling"},
	{"settling after an attempt given up", SOURCE(SETTLING), .before = PLAN_STATE_SENDING,
	 STAYS(PLAN_STATE_PENDING), .why = "the address is settling"},
	{"settling away from what is confirmed", SOURCE(SETTLING), .confirmed = "203.0.113.5",
	 .confirmed_at = -HOUR, STAYS(PLAN_STATE_CONFIRMED), .why = "the address is settling"},
	{"confirmed", .confirmed = "203.0.113.5", .confirmed_at = -HOUR, ENDED(DONE),
	 STAYS(PLAN_STATE_CONFIRMED), .why = "provider said"},
	{"confirmed, to be refreshed later", .confirmed = "203.0.113.5", .confirmed_at = -HOUR,
	 .refresh_ms = DAY, ENDED(DONE),
	 WAITS(PLAN_STATE_CONFIRMED, 22 * HOUR - HOUR / 2, 23 * HOUR), .why = "provider said"},
	{"refresh due", .confirmed = "203.0.113.5", .confirmed_at = -DAY, .refresh_ms = DAY, SENDS,
	 .why = "refresh"},
	{"refresh due long ago", .confirmed = "203.0.113.5", .confirmed_at = -400 * DAY,
	 .refresh_ms = DAY, SENDS, .why = "refresh"},
	{"refresh due, no way out", SOURCE(NO_WAY), .confirmed = "203.0.113.5",
	 .confirmed_at = -DAY, .refresh_ms = DAY, STAYS(PLAN_STATE_CONFIRMED),
	 .why = "provider said"},
	{"confirmed without a way out", SOURCE(NO_WAY), .confirmed = "203.0.113.5",
	 .confirmed_at = -HOUR, STAYS(PLAN_STATE_CONFIRMED), .why = "provider said"},
	{"another address", .confirmed = "203.0.113.4", .confirmed_at = -HOUR, SENDS,
	 .why = "source says"},
	{"an address after none", .confirmed = "none", .confirmed_at = -HOUR, SENDS,
	 .why = "source says"},
	{"within the minimum interval", .confirmed = "203.0.113.4", .confirmed_at = -SECOND,
	 .sent_at = -SECOND, .min_interval_ms = 30 * SECOND,
	 WAITS(PLAN_STATE_PENDING, 29 * SECOND, 29 * SECOND),
	 .why = "minimum interval between requests"},
	{"after the minimum interval", .confirmed = "203.0.113.4", .confirmed_at = -HOUR,
	 .sent_at = -30 * SECOND, .min_interval_ms = 30 * SECOND, SENDS, .why = "source says"},
	{"asked for", .confirmed = "203.0.113.5", .confirmed_at = -HOUR, .forced = true, SENDS,
	 .why = "asked for"},
	{"asked for within the minimum interval", .confirmed = "203.0.113.5", .confirmed_at = -HOUR,
	 .sent_at = -SECOND, .min_interval_ms = 30 * SECOND, .forced = true,
	 WAITS(PLAN_STATE_PENDING, 29 * SECOND, 29 * SECOND),
	 .why = "minimum interval between requests"},
	{"in flight", .in_flight = true, STAYS(PLAN_STATE_SENDING),
	 .why = "waiting for the answer"},
	{"in flight, overtaken", .in_flight = true, .stale = true, .step = PLAN_STEP_ABORT,
	 .state = PLAN_STATE_PENDING, NO_LOOK,
	 .why = "given up: the address or its way out changed"},
	{"first failure of the network", ENDED(NO_NETWORK), .in_row = 1, .ended_at = JUST,
	 WAITS(PLAN_STATE_PENDING, 750, 1000), .why = "provider said"},
	{"fourth failure of the network", ENDED(NO_NETWORK), .in_row = 4, .ended_at = JUST,
	 WAITS(PLAN_STATE_PENDING, 6 * SECOND, 8 * SECOND), .why = "provider said"},
	{"thousandth failure of the network", ENDED(NO_NETWORK), .in_row = 1000, .ended_at = JUST,
	 WAITS(PLAN_STATE_PENDING, 22500, 30 * SECOND), .why = "provider said"},
	{"failure of the network, waited out", ENDED(NO_NETWORK), .in_row = 1, .ended_at = -SECOND,
	 SENDS, .why = "source says"},
	{"first failure of the server", ENDED(RETRY), .in_row = 1, .ended_at = JUST,
	 WAITS(PLAN_STATE_PENDING, 22500, 30 * SECOND), .why = "provider said"},
	{"many failures of the server", ENDED(RETRY), .in_row = 4000000000u, .ended_at = JUST,
	 WAITS(PLAN_STATE_PENDING, 45 * 60 * SECOND, HOUR), .why = "provider said"},
	{"server with a floor (911)", ENDED(RETRY), .in_row = 1, .wait_ms = 1800 * SECOND,
	 .ended_at = JUST, WAITS(PLAN_STATE_PENDING, 1800 * SECOND, 1920 * SECOND),
	 .why = "provider said"},
	{"a floor does not shorten", ENDED(RETRY), .in_row = 8, .wait_ms = SECOND, .ended_at = JUST,
	 WAITS(PLAN_STATE_PENDING, 45 * 60 * SECOND, HOUR), .why = "provider said"},
	{"a floor of a century is cut", ENDED(RETRY), .in_row = 1, .wait_ms = 36500 * DAY,
	 .ended_at = JUST, WAITS(PLAN_STATE_PENDING, 7 * DAY, 7 * DAY + 11 * HOUR),
	 .why = "provider said"},
	{"throttled with Retry-After", ENDED(THROTTLED), .in_row = 1, .wait_ms = 120 * SECOND,
	 .ended_at = JUST, .sent_at = JUST, WAITS(PLAN_STATE_PENDING, 120 * SECOND, 128 * SECOND),
	 .why = "provider said"},
	{"throttled for a second, again and again", ENDED(THROTTLED), .in_row = 6,
	 .wait_ms = SECOND, .ended_at = JUST, .sent_at = JUST,
	 WAITS(PLAN_STATE_PENDING, 32 * SECOND, 34 * SECOND), .why = "provider said"},
	{"throttled without", ENDED(THROTTLED), .in_row = 1, .ended_at = JUST,
	 .min_interval_ms = 600 * SECOND, WAITS(PLAN_STATE_PENDING, 600 * SECOND, 640 * SECOND),
	 .why = "provider said"},
	{"throttled by another record", .throttled = 600 * SECOND,
	 WAITS(PLAN_STATE_PENDING, 600 * SECOND, 600 * SECOND),
	 .why = "the provider throttles this account"},
	{"throttled, and asked for", .throttled = 600 * SECOND, .forced = true,
	 WAITS(PLAN_STATE_PENDING, 600 * SECOND, 600 * SECOND),
	 .why = "the provider throttles this account"},
	{"wrong password", ENDED(REFUSED_AUTH), .in_row = 1, .ended_at = -DAY,
	 STAYS(PLAN_STATE_HELD), .why = "provider said"},
	{"unknown name, asked for", ENDED(REFUSED_NAME), .in_row = 1, .ended_at = -DAY,
	 .forced = true, STAYS(PLAN_STATE_HELD), .why = "provider said"},
	{"blocked", ENDED(REFUSED_ABUSE), .in_row = 1, .ended_at = -DAY, STAYS(PLAN_STATE_HELD),
	 .why = "provider said"},
	{"wrong request", ENDED(REFUSED_CONFIG), .in_row = 1, .ended_at = -DAY,
	 STAYS(PLAN_STATE_HELD), .why = "provider said"},
	{"held although it has no address", .wanted = "none", SOURCE(ABSENT), .lost_at = JUST,
	 ENDED(REFUSED_AUTH), .in_row = 1, STAYS(PLAN_STATE_HELD), .why = "provider said"},
	{"held with its account, asked for", .barred = true, .forced = true, STAYS(PLAN_STATE_HELD),
	 .why = BARRED},
	{"held with its account although it has no address", .barred = true, .wanted = "none",
	 SOURCE(ABSENT), .lost_at = JUST, STAYS(PLAN_STATE_HELD), .why = BARRED},
	{"held with its account after a failure of its own", .barred = true, ENDED(RETRY),
	 .in_row = 1, .ended_at = -DAY, STAYS(PLAN_STATE_HELD), .why = BARRED},
	{"held with its account at the end", .barred = true, .stopping = true,
	 STAYS(PLAN_STATE_HELD), .why = BARRED},
	{"under way when its account is held", .barred = true, .in_flight = true,
	 STAYS(PLAN_STATE_SENDING), .why = "waiting for the answer"},
	{"refused, and held with its account", .barred = true, ENDED(REFUSED_AUTH), .in_row = 1,
	 .ended_at = -DAY, STAYS(PLAN_STATE_HELD), .why = "provider said"},
	{"back to what is confirmed after a failure", .confirmed = "203.0.113.5",
	 .confirmed_at = -HOUR, ENDED(RETRY), .in_row = 1, .ended_at = JUST,
	 STAYS(PLAN_STATE_CONFIRMED), .why = "as it was confirmed before"},
	{"back to what was confirmed before an attempt without answer", .confirmed = "203.0.113.5",
	 .confirmed_at = -HOUR, .uncertain = true, SENDS,
	 .why = "the last attempt to change it had no answer"},
	{"the same, and it failed", .confirmed = "203.0.113.5", .confirmed_at = -HOUR,
	 .uncertain = true, ENDED(RETRY), .in_row = 1, .ended_at = JUST,
	 WAITS(PLAN_STATE_PENDING, 22500, 30 * SECOND), .why = "provider said"},
	{"the same, settling", SOURCE(SETTLING), .confirmed = "203.0.113.5", .confirmed_at = -HOUR,
	 .uncertain = true, .before = PLAN_STATE_SENDING, STAYS(PLAN_STATE_PENDING),
	 .why = "the address is settling"},
	{"unchanged once", .confirmed = "203.0.113.4", .confirmed_at = -SECOND, .sent_at = -SECOND,
	 .unchanged = 1, ENDED(UNCHANGED), SENDS, .why = "source says"},
	{"unchanged once, asked for", .confirmed = "203.0.113.5", .confirmed_at = -SECOND,
	 .sent_at = -SECOND, .unchanged = 1, ENDED(UNCHANGED), .forced = true, SENDS,
	 .why = "asked for"},
	{"unchanged twice, asked for", .confirmed = "203.0.113.5", .confirmed_at = -SECOND,
	 .sent_at = -SECOND, .unchanged = 2, ENDED(UNCHANGED), .forced = true,
	 WAITS(PLAN_STATE_PENDING, 59 * SECOND, 59 * SECOND),
	 .why = "the provider keeps saying nothing changed"},
	{"unchanged for ever, refresh due", .confirmed = "203.0.113.5", .confirmed_at = -SECOND,
	 .sent_at = -SECOND, .refresh_ms = SECOND, .unchanged = 1000,
	 .min_interval_ms = 60 * SECOND, ENDED(UNCHANGED),
	 WAITS(PLAN_STATE_PENDING, HOUR - SECOND, HOUR - SECOND),
	 .why = "the provider keeps saying nothing changed"},
	{"unchanged twice, and a new address", .confirmed = "203.0.113.4", .confirmed_at = -SECOND,
	 .sent_at = -SECOND, .unchanged = 2, ENDED(UNCHANGED), SENDS, .why = "source says"},
	{"unchanged for ever, and a new address", .confirmed = "203.0.113.4", .confirmed_at = JUST,
	 .sent_at = JUST, .unchanged = 1000, .min_interval_ms = 60 * SECOND, ENDED(UNCHANGED),
	 WAITS(PLAN_STATE_PENDING, 60 * SECOND, 60 * SECOND),
	 .why = "minimum interval between requests"},
	{"unchanged for ever, then to be deleted", .wanted = "none", SOURCE(ABSENT),
	 .lost_at = -DAY, .confirmed = "203.0.113.5", .confirmed_at = -SECOND, .sent_at = -SECOND,
	 .deletes = true, .on_loss_ms = 0, .unchanged = 1000, ENDED(UNCHANGED), SENDS,
	 .why = "no address for longer than on-loss allows: delete"},
	{"changes too often", .confirmed = "203.0.113.4", .confirmed_at = -SECOND,
	 .sent_at = -SECOND, .hold = 5 * SECOND, ENDED(DONE),
	 WAITS(PLAN_STATE_PENDING, 5 * SECOND, 5 * SECOND), .why = "hold says"},
	{"changed too often, and waited", .confirmed = "203.0.113.4", .confirmed_at = -SECOND,
	 .sent_at = -SECOND, .hold = JUST, ENDED(DONE), SENDS, .why = "source says"},
	{"changes too often, within a longer minimum interval", .confirmed = "203.0.113.4",
	 .confirmed_at = -SECOND, .sent_at = -SECOND, .hold = 5 * SECOND,
	 .min_interval_ms = 30 * SECOND, ENDED(DONE),
	 WAITS(PLAN_STATE_PENDING, 29 * SECOND, 29 * SECOND),
	 .why = "minimum interval between requests"},
	{"changes too often, and back to what is confirmed", .confirmed = "203.0.113.5",
	 .confirmed_at = -SECOND, .sent_at = -SECOND, .hold = 5 * SECOND, ENDED(DONE),
	 STAYS(PLAN_STATE_CONFIRMED), .why = "provider said"},
	{"changes too often, and asked for", .confirmed = "203.0.113.4", .confirmed_at = -SECOND,
	 .sent_at = -SECOND, .hold = 5 * SECOND, .forced = true, ENDED(DONE), SENDS,
	 .why = "asked for"},
	{"gone too often: deletion waits", .wanted = "none", SOURCE(ABSENT), .lost_at = -DAY,
	 .confirmed = "203.0.113.5", .confirmed_at = -SECOND, .sent_at = -SECOND, .deletes = true,
	 .on_loss_ms = 0, .hold = 5 * SECOND, ENDED(DONE),
	 WAITS(PLAN_STATE_PENDING, 5 * SECOND, 5 * SECOND), .why = "hold says"},
	{"confirmed, to be verified later", VERIFY, .confirmed_at = -HOUR, ENDED(DONE),
	 WAITS(PLAN_STATE_CONFIRMED, 4 * HOUR - HOUR / 2, 5 * HOUR), .why = "provider said"},
	{"verification due", VERIFY, .confirmed_at = -6 * HOUR, ENDED(DONE), LOOKS,
	 .why = "provider said"},
	{"verified since", VERIFY, .confirmed_at = -DAY, .verified_at = -HOUR, ENDED(DONE),
	 WAITS(PLAN_STATE_CONFIRMED, 4 * HOUR - HOUR / 2, 5 * HOUR), .why = "provider said"},
	{"confirmed since it was verified", VERIFY, .confirmed_at = -HOUR, .verified_at = -6 * HOUR,
	 ENDED(DONE), WAITS(PLAN_STATE_CONFIRMED, 4 * HOUR - HOUR / 2, 5 * HOUR),
	 .why = "provider said"},
	{"not before the TTL has passed", VERIFY, .confirmed_at = -6 * HOUR, .ttl = 86400,
	 ENDED(DONE), WAITS(PLAN_STATE_CONFIRMED, 18 * HOUR, 18 * HOUR), .why = "provider said"},
	{"something else once", VERIFY, .confirmed_at = -DAY, .verified_at = -SECOND, .others = 1,
	 .ttl = 60, ENDED(DONE), WAITS(PLAN_STATE_CONFIRMED, 299 * SECOND, 299 * SECOND),
	 .why = "provider said"},
	{"something else once, with a long TTL", VERIFY, .confirmed_at = -DAY,
	 .verified_at = -SECOND, .others = 1, .ttl = 3600, ENDED(DONE),
	 WAITS(PLAN_STATE_CONFIRMED, HOUR - SECOND, HOUR - SECOND), .why = "provider said"},
	{"something else once, five minutes ago", VERIFY, .confirmed_at = -DAY,
	 .verified_at = -300 * SECOND, .others = 1, .ttl = 60, ENDED(DONE), LOOKS,
	 .why = "provider said"},
	{"something else twice", VERIFY, .uncertain = true, .confirmed_at = -DAY,
	 .verified_at = JUST, .others = 2, ENDED(DONE), SENDS,
	 .why = "the zone holds something else"},
	{"something else twice, and a new address", .confirmed = "203.0.113.4", .verify = true,
	 .uncertain = true, .confirmed_at = -DAY, .verified_at = JUST, .others = 2, ENDED(DONE),
	 SENDS, .why = "source says"},
	{"could not be verified", VERIFY, .confirmed_at = -DAY, .verified_at = JUST, .misses = 1,
	 ENDED(DONE), WAITS(PLAN_STATE_CONFIRMED, 900 * SECOND, 960 * SECOND),
	 .why = "provider said"},
	{"can never be verified", VERIFY, .confirmed_at = -DAY, .verified_at = JUST, .misses = 1000,
	 ENDED(DONE), WAITS(PLAN_STATE_CONFIRMED, DAY, 26 * HOUR), .why = "provider said"},
	{"looks less often where the provider says nothing changed", VERIFY,
	 .confirmed_at = -6 * HOUR, .unchanged = 2, ENDED(UNCHANGED),
	 WAITS(PLAN_STATE_CONFIRMED, 12 * HOUR, 18 * HOUR), .why = "provider said"},
	{"verification due, throttled", VERIFY, .confirmed_at = -DAY, .throttled = HOUR,
	 ENDED(DONE), WAITS(PLAN_STATE_CONFIRMED, HOUR, HOUR), .why = "provider said"},
	{"verification due, refresh too", VERIFY, .confirmed_at = -DAY, .refresh_ms = DAY,
	 ENDED(DONE), SENDS, .why = "refresh"},
	{"verification due, no way out", SOURCE(NO_WAY), VERIFY, .confirmed_at = -DAY, ENDED(DONE),
	 STAYS(PLAN_STATE_CONFIRMED), .why = "provider said"},
	{"verification due, held", VERIFY, .confirmed_at = -DAY, ENDED(REFUSED_AUTH), .in_row = 1,
	 STAYS(PLAN_STATE_HELD), .why = "provider said"},
	{"verification due, asked for", VERIFY, .confirmed_at = -DAY, ENDED(DONE), .forced = true,
	 SENDS, .why = "asked for"},
	{"verifying", VERIFY, .confirmed_at = -DAY, ENDED(DONE), .in_flight = true,
	 .verifying = true, STAYS(PLAN_STATE_CONFIRMED), .why = "provider said"},
	{"verifying, and asked for", VERIFY, .confirmed_at = -DAY, ENDED(DONE), .in_flight = true,
	 .verifying = true, .forced = true, .step = PLAN_STEP_ABORT, .state = PLAN_STATE_PENDING,
	 NO_LOOK, .why = "given up: the address or its way out changed"},
	{"nlddnsd ends: kept", .stopping = true, .confirmed = "203.0.113.5", .confirmed_at = -DAY,
	 ENDED(DONE), .before = PLAN_STATE_CONFIRMED, STAYS(PLAN_STATE_CONFIRMED),
	 .why = "provider said"},
	{"nlddnsd ends, refresh due: kept", .stopping = true, .confirmed = "203.0.113.5",
	 .confirmed_at = -DAY, .refresh_ms = DAY, ENDED(DONE), .before = PLAN_STATE_CONFIRMED,
	 STAYS(PLAN_STATE_CONFIRMED), .why = "provider said"},
	{"nlddnsd ends: what was under way stays unsaid", .stopping = true,
	 .confirmed = "203.0.113.4", .confirmed_at = -DAY, .uncertain = true,
	 .before = PLAN_STATE_SENDING, STAYS(PLAN_STATE_PENDING), .why = "nlddnsd ends"},
	{"nlddnsd ends: deleted", .stopping = true, .goes = true, .confirmed = "203.0.113.5",
	 .confirmed_at = -DAY, ENDED(DONE), SENDS, .why = "nlddnsd ends: delete"},
	{"nlddnsd ends: deleted, whatever the kernel says", SOURCE(UNREAD), .stopping = true,
	 .goes = true, .confirmed = "203.0.113.5", .confirmed_at = -DAY, ENDED(DONE), SENDS,
	 .why = "nlddnsd ends: delete"},
	{"nlddnsd ends: deleted, for it may be there", .stopping = true, .goes = true,
	 .confirmed = "none", .uncertain = true, .confirmed_at = -DAY, SENDS,
	 .why = "nlddnsd ends: delete"},
	{"nlddnsd ends: nothing is there", .stopping = true, .goes = true, .wanted = "none",
	 .confirmed = "none", .confirmed_at = JUST, ENDED(DONE), .before = PLAN_STATE_SENDING,
	 STAYS(PLAN_STATE_CONFIRMED), .why = "provider said"},
	{"nlddnsd ends: held", .stopping = true, .goes = true, .confirmed = "203.0.113.5",
	 .confirmed_at = -DAY, ENDED(REFUSED_AUTH), .in_row = 1, STAYS(PLAN_STATE_HELD),
	 .why = "provider said"},
	{"nlddnsd ends: throttled", .stopping = true, .goes = true, .confirmed = "203.0.113.5",
	 .confirmed_at = -DAY, .throttled = HOUR, ENDED(DONE),
	 WAITS(PLAN_STATE_PENDING, HOUR, HOUR), .why = "the provider throttles this account"},
	{"address lost: kept", .wanted = "none", SOURCE(ABSENT), .lost_at = -DAY,
	 .confirmed = "203.0.113.5", .confirmed_at = -DAY, STAYS(PLAN_STATE_WAITING),
	 .why = "source says"},
	{"address lost, and nothing proves it", .wanted = "none", SOURCE(ABSENT),
	 .confirmed = "203.0.113.5", .confirmed_at = -DAY, .deletes = true, .on_loss_ms = 0,
	 STAYS(PLAN_STATE_WAITING),
	 .why = "no address, and nothing shows that this machine is online: kept"},
	{"address lost: deleted later", .wanted = "none", SOURCE(ABSENT), .lost_at = -SECOND,
	 .confirmed = "203.0.113.5", .confirmed_at = -DAY, .deletes = true,
	 .on_loss_ms = 60 * SECOND, WAITS(PLAN_STATE_WAITING, 59 * SECOND, 59 * SECOND),
	 .why = "source says"},
	{"address lost: deleted now", .wanted = "none", SOURCE(ABSENT), .lost_at = -60 * SECOND,
	 .confirmed = "203.0.113.5", .confirmed_at = -DAY, .deletes = true,
	 .on_loss_ms = 60 * SECOND, SENDS,
	 .why = "no address for longer than on-loss allows: delete"},
	{"address lost and deleted", .wanted = "none", SOURCE(ABSENT), .lost_at = -DAY,
	 .confirmed = "none", .confirmed_at = -HOUR, .deletes = true, .on_loss_ms = 0,
	 STAYS(PLAN_STATE_WAITING), .why = "source says"},
	{"address lost while published anew after a deletion", .wanted = "none", SOURCE(ABSENT),
	 .lost_at = -DAY, .confirmed = "none", .confirmed_at = -HOUR, .uncertain = true,
	 .deletes = true, .on_loss_ms = 0, SENDS,
	 .why = "no address for longer than on-loss allows: delete"},
	{"never published: nothing to delete", .wanted = "none", SOURCE(ABSENT), .lost_at = -DAY,
	 .deletes = true, .on_loss_ms = 0, STAYS(PLAN_STATE_WAITING), .why = "source says"},
	{"deletion fails", .wanted = "none", SOURCE(ABSENT), .lost_at = -DAY,
	 .confirmed = "203.0.113.5", .confirmed_at = -DAY, .deletes = true, .on_loss_ms = 0,
	 ENDED(RETRY), .in_row = 1, .ended_at = JUST, WAITS(PLAN_STATE_PENDING, 22500, 30 * SECOND),
	 .why = "provider said"},
};

static int64_t moment(int64_t relative)
{
	return relative == 0 ? CLOCK_NEVER : NOW + relative;
}

static void fill(const struct row *row, struct history *history)
{
	history_init(history);
	history->known = row->confirmed != NULL;
	history->uncertain = row->uncertain;
	if (row->confirmed)
		history->confirmed = addrs_of(row->confirmed);
	history->confirmed_at = moment(row->confirmed_at);
	history->sent_at = moment(row->sent_at);
	history->ended_at = moment(row->ended_at);
	history->answered = row->verdict > 0;
	if (row->verdict > 0)
		history->verdict = (enum verdict)(row->verdict - 1);
	history->wait_ms = row->wait_ms;
	history->verify.at = moment(row->verified_at);
	history->verify.others = row->others;
	history->verify.failures = row->misses;
	history->in_row = row->in_row;
	history->failures = row->in_row;
	history->unchanged = row->unchanged;
	history->why = "provider said";
}

static void decides_by_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct addrs wanted = addrs_of(row->wanted ? row->wanted : "203.0.113.5");
		struct history history;
		struct plan_input in = {
			.history = &history,
			.state = row->before,
			.wanted = &wanted,
			.source = row->not_ready ? (enum plan_source)(row->not_ready - 1)
						 : PLAN_SOURCE_READY,
			.source_why = "source says",
			.lost_at = row->lost_at ? NOW + row->lost_at : -1,
			.in_flight = row->in_flight,
			.stale = row->stale,
			.barred = row->barred,
			.forced = row->forced,
			.throttled_until = row->throttled ? NOW + row->throttled : -1,
			.hold_until = row->hold ? NOW + row->hold : CLOCK_NEVER,
			.hold_why = "hold says",
			.verifying = row->verifying,
			.stopping = row->stopping,
			.deleted_on_stop = row->goes,
			.verify = row->verify,
			.ttl = row->ttl,
			.refresh_ms = row->refresh_ms,
			.min_interval_ms = row->min_interval_ms,
			.on_loss_ms = row->deletes ? row->on_loss_ms : -1,
			.seed = (uint32_t)i,
		};
		struct plan plan;
		int64_t at;

		fill(row, &history);
		plan = plan_next(&in, NOW);
		/* What is just over is 1 ms ago. */
		at = plan.at < 0 ? -1 : plan.at - NOW;
		if (plan.step != row->step || plan.state != row->state || at < row->at_min - 1 ||
		    at > row->at_max || strcmp(plan.why, row->why) != 0)
			fail_msg("%s: step %d, %s, at %lld, \"%s\"", row->name, plan.step,
				 plan_state_name(plan.state), (long long)at, plan.why);
	}
}

static void spreads_what_failed_together(void **state)
{
	struct history history;
	int64_t least = INT64_MAX, most = 0;

	(void)state;
	history_init(&history);
	history.answered = true;
	history.verdict = VERDICT_NO_NETWORK;
	history.in_row = 6;
	for (uint32_t seed = 0; seed < 100; seed++) {
		int64_t wait = plan_backoff(&history, 0, seed);

		assert_int_equal(wait, plan_backoff(&history, 0, seed));
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	assert_in_range(least, 22500, 24000);
	assert_in_range(most, 29000, 30000);
}

static void names_every_state(void **state)
{
	static const char *const names[] = {"waiting", "pending", "sending", "confirmed", "held"};

	(void)state;
	for (int i = 0; i < PLAN_STATE_COUNT; i++)
		assert_string_equal(plan_state_name((enum plan_state)i), names[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides_by_the_table),
		cmocka_unit_test(spreads_what_failed_together),
		cmocka_unit_test(names_every_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
