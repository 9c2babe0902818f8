/* SPDX-License-Identifier: MIT */
#include "update/daemon/plan.h"

#include "update/daemon/clock.h"

#define SECOND ((int64_t)1000)
#define HOUR   (3600 * SECOND)

#define NO_NETWORK_FIRST (1 * SECOND)
#define NO_NETWORK_MOST  (30 * SECOND)
#define SERVER_FIRST     (30 * SECOND)
#define SERVER_MOST      (1 * HOUR)
#define THROTTLED_FIRST  (60 * SECOND)
#define WAIT_MOST        (7 * 24 * HOUR) /* a provider cannot ask for more */

#define VERIFY_EVERY        (6 * HOUR)
#define VERIFY_MOST         (4 * 24 * HOUR)
#define VERIFY_FIRST        (60 * SECOND)  /* after a confirmation, if the TTL is not longer */
#define VERIFY_AGAIN        (300 * SECOND) /* the same after something else was found */
#define VERIFY_FAILED_FIRST (900 * SECOND)
#define VERIFY_FAILED_MOST  (24 * HOUR)

/* Between requests for the same once a provider keeps saying that nothing changed. */
#define WIDE_FIRST (30 * SECOND)

static int64_t doubled(int64_t first, unsigned times, int64_t most)
{
	while (times-- > 0 && first < most)
		first *= 2;
	return first < most ? first : most;
}

/* Up to a quarter of it, so that clients which failed together do not return together; the same for
 * the same record and try (murmur3's finaliser). */
static int64_t jitter(int64_t wait, uint32_t seed, unsigned tries)
{
	uint32_t hash = seed + tries * 0x9e3779b9u;

	hash = (hash ^ hash >> 16) * 0x85ebca6bu;
	hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
	hash ^= hash >> 16;
	return wait / 4 * (hash % 1024) / 1024;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* As long as the provider asks; one that asks for too little, again and again, is asked ever less
 * often all the same. */
static int64_t throttled(int64_t asked, int64_t min_interval_ms, unsigned tries)
{
	int64_t first = larger(min_interval_ms, THROTTLED_FIRST);

	if (asked > 0)
		return larger(asked, tries > 0 ? doubled(SECOND, tries, SERVER_MOST) : 0);
	return doubled(first, tries, larger(first, SERVER_MOST));
}

int64_t plan_verify_backoff(const struct history_verify *verify, uint32_t seed)
{
	int64_t asked = smaller(verify->wait_ms, WAIT_MOST);
	int64_t wait;

	if (verify->failures == 0)
		return 0;
	wait = doubled(VERIFY_FAILED_FIRST, verify->failures - 1, VERIFY_FAILED_MOST);
	return larger(asked, wait) + jitter(larger(asked, wait), seed, verify->failures) / 4;
}

int64_t plan_backoff(const struct history *history, int64_t min_interval_ms, uint32_t seed)
{
	unsigned tries = history->in_row > 0 ? history->in_row - 1 : 0;
	int64_t asked = smaller(history->wait_ms, WAIT_MOST);
	int64_t wait = 0;

	if (!history->answered)
		return 0;
	switch (history->verdict) {
	case VERDICT_NO_NETWORK:
		wait = doubled(NO_NETWORK_FIRST, tries, NO_NETWORK_MOST);
		return larger(asked, wait - jitter(wait, seed, tries));
	case VERDICT_RETRY:
		wait = doubled(SERVER_FIRST, tries, SERVER_MOST);
		return larger(asked + jitter(asked, seed, tries) / 4,
			      wait - jitter(wait, seed, tries));
	case VERDICT_THROTTLED:
		wait = throttled(asked, min_interval_ms, tries);
		return wait + jitter(wait, seed, tries) / 4;
	case VERDICT_DONE:
	case VERDICT_UNCHANGED:
	case VERDICT_REFUSED_AUTH:
	case VERDICT_REFUSED_NAME:
	case VERDICT_REFUSED_ABUSE:
	case VERDICT_REFUSED_CONFIG:
		break;
	}
	return 0;
}

static struct plan wait_for(enum plan_state state, int64_t at, const char *why)
{
	return (struct plan){PLAN_STEP_WAIT, state, at, why};
}

static bool is_confirmed(const struct plan_input *in)
{
	return history_holds(in->history, in->wanted);
}

/* The provider says again and again that it knows already, and is to be told just that. */
static bool is_wide(const struct plan_input *in)
{
	return in->history->unchanged >= 2 && is_confirmed(in);
}

static int64_t interval(const struct plan_input *in)
{
	int64_t wide = larger(in->min_interval_ms, WIDE_FIRST);

	if (!is_wide(in))
		return in->min_interval_ms;
	return doubled(wide, in->history->unchanged - 1, larger(wide, SERVER_MOST));
}

/* There is something to send: now, unless the past forbids. */
static struct plan send_when_due(const struct plan_input *in, const char *why, int64_t now)
{
	const struct history *past = in->history;
	const char *wait_why = why;
	int64_t due = now;

	if (past->sent_at != CLOCK_NEVER && past->sent_at + interval(in) > due) {
		due = past->sent_at + interval(in);
		wait_why = is_wide(in) ? "the provider keeps saying nothing changed"
				       : "minimum interval between requests";
	}
	if (in->hold_until > due && !in->forced) {
		due = in->hold_until;
		wait_why = in->hold_why;
	}
	if (history_failed(past)) {
		int64_t next = past->ended_at + plan_backoff(past, in->min_interval_ms, in->seed);

		if (next > due) {
			due = next;
			wait_why = past->why;
		}
	}
	if (in->throttled_until > due) {
		due = in->throttled_until;
		wait_why = past->answered && past->verdict == VERDICT_THROTTLED
				   ? past->why
				   : "the provider throttles this account";
	}
	if (due > now)
		return wait_for(PLAN_STATE_PENDING, due, wait_why);
	return (struct plan){PLAN_STEP_SEND, PLAN_STATE_SENDING, -1, why};
}

static struct plan without_address(const struct plan_input *in, int64_t now)
{
	const struct history *past = in->history;
	int64_t delete_at = in->lost_at + in->on_loss_ms;

	if (in->on_loss_ms < 0 || !history_may_exist(past))
		return wait_for(PLAN_STATE_WAITING, -1, in->source_why);
	if (in->lost_at < 0)
		return wait_for(PLAN_STATE_WAITING, -1,
				"no address, and nothing shows that this machine is online: kept");
	if (now < delete_at)
		return wait_for(PLAN_STATE_WAITING, delete_at, in->source_why);
	return send_when_due(in, "no address for longer than on-loss allows: delete", now);
}

/* CLOCK_NEVER: it need not be. */
static int64_t refresh_at(const struct plan_input *in)
{
	int64_t early = jitter(in->refresh_ms, in->seed, 0) / 4;

	if (in->refresh_ms <= 0)
		return CLOCK_NEVER;
	return in->history->confirmed_at + in->refresh_ms - early;
}

/* How long what is known may stay unverified. Where the provider says that nothing changed although
 * something else was found, finding is not worth much. */
static int64_t verify_every(const struct plan_input *in, int64_t ttl)
{
	const struct history *past = in->history;
	int64_t every = doubled(VERIFY_EVERY, past->unchanged, VERIFY_MOST);

	if (past->verify.at <= past->confirmed_at)
		return every - jitter(every, in->seed, 1);
	if (past->verify.failures > 0)
		return plan_verify_backoff(&past->verify, in->seed);
	if (past->verify.others > 0)
		return larger(ttl, VERIFY_AGAIN);
	return every - jitter(every, in->seed, 1);
}

/* CLOCK_NEVER: not at all. What others may have cached has run out by then. */
static int64_t verify_at(const struct plan_input *in)
{
	const struct history *past = in->history;
	unsigned seconds = in->ttl > past->verify.ttl ? in->ttl : past->verify.ttl;
	int64_t ttl = smaller(seconds * SECOND, WAIT_MOST);
	int64_t last = larger(past->confirmed_at, past->verify.at);
	int64_t at;

	if (!in->verify)
		return CLOCK_NEVER;
	at = larger(last + verify_every(in, ttl), past->confirmed_at + larger(ttl, VERIFY_FIRST));
	return larger(at, in->throttled_until);
}

static const char *why_confirmed(const struct plan_input *in)
{
	return history_failed(in->history) ? "as it was confirmed before" : in->history->why;
}

static struct plan on_stop(const struct plan_input *in, int64_t now)
{
	if (in->deleted_on_stop && history_may_exist(in->history))
		return send_when_due(in, "nlddnsd ends: delete", now);
	if (is_confirmed(in))
		return wait_for(PLAN_STATE_CONFIRMED, -1, why_confirmed(in));
	return wait_for(in->state == PLAN_STATE_WAITING ? PLAN_STATE_WAITING : PLAN_STATE_PENDING,
			-1, "nlddnsd ends");
}

static struct plan confirmed(const struct plan_input *in, int64_t now)
{
	int64_t refresh = refresh_at(in), verify = verify_at(in);
	struct plan plan = {PLAN_STEP_WAIT, PLAN_STATE_CONFIRMED, -1, why_confirmed(in)};

	if (in->source == PLAN_SOURCE_NO_WAY)
		return plan;
	if (refresh != CLOCK_NEVER && refresh <= now)
		return send_when_due(in, "refresh", now);
	if (verify != CLOCK_NEVER && verify <= now)
		plan.step = PLAN_STEP_VERIFY;
	else
		plan.at = clock_sooner(refresh == CLOCK_NEVER ? -1 : refresh,
				       verify == CLOCK_NEVER ? -1 : verify);
	return plan;
}

static const char *why_send(const struct plan_input *in)
{
	if (in->forced)
		return "asked for";
	if (!in->history->known || !addrs_equal(in->wanted, &in->history->confirmed))
		return in->source_why;
	if (in->history->verify.others >= HISTORY_OTHERS)
		return "the zone holds something else";
	return "the last attempt to change it had no answer";
}

static struct plan with_address(const struct plan_input *in, int64_t now)
{
	if (is_confirmed(in) && !in->forced)
		return confirmed(in, now);
	if (in->source == PLAN_SOURCE_NO_WAY)
		return wait_for(PLAN_STATE_WAITING, -1, in->source_why);
	return send_when_due(in, why_send(in), now);
}

/* Not worth a transition: what it settles on is. */
static enum plan_state while_settling(const struct plan_input *in)
{
	if (is_confirmed(in))
		return PLAN_STATE_CONFIRMED;
	return in->state == PLAN_STATE_WAITING ? PLAN_STATE_WAITING : PLAN_STATE_PENDING;
}

/* Nothing waits for a look at what is to change anyway. */
static bool is_overtaken(const struct plan_input *in)
{
	return in->stale || (in->verifying && (in->forced || !is_confirmed(in)));
}

struct plan plan_next(const struct plan_input *in, int64_t now)
{
	if (in->in_flight && is_overtaken(in))
		return (struct plan){PLAN_STEP_ABORT, PLAN_STATE_PENDING, -1,
				     "given up: the address or its way out changed"};
	if (in->in_flight && in->verifying)
		return wait_for(PLAN_STATE_CONFIRMED, -1, why_confirmed(in));
	if (in->in_flight)
		return wait_for(PLAN_STATE_SENDING, -1, "waiting for the answer");
	if (history_held(in->history))
		return wait_for(PLAN_STATE_HELD, -1, in->history->why);
	if (in->barred)
		return wait_for(PLAN_STATE_HELD, -1,
				"the provider has refused this account's credentials for 3 "
				"records: correct them; held");
	if (in->stopping)
		return on_stop(in, now);
	switch (in->source) {
	case PLAN_SOURCE_UNREAD:
		return wait_for(PLAN_STATE_WAITING, -1, "the kernel has not been read yet");
	case PLAN_SOURCE_SETTLING:
		return wait_for(while_settling(in), -1, "the address is settling");
	case PLAN_SOURCE_ABSENT:
		return without_address(in, now);
	case PLAN_SOURCE_NO_WAY:
	case PLAN_SOURCE_READY:
		break;
	}
	return with_address(in, now);
}

const char *plan_state_name(enum plan_state state)
{
	static const char *const names[] = {
		[PLAN_STATE_WAITING] = "waiting", [PLAN_STATE_PENDING] = "pending",
		[PLAN_STATE_SENDING] = "sending", [PLAN_STATE_CONFIRMED] = "confirmed",
		[PLAN_STATE_HELD] = "held",
	};

	_Static_assert(sizeof(names) / sizeof(names[0]) == PLAN_STATE_COUNT, "a name for each");
	return names[state];
}
