/* SPDX-License-Identifier: MIT */
#include "update/daemon/history.h"

#include <string.h>

#include "update/daemon/clock.h"

static bool succeeded(enum verdict verdict)
{
	return verdict == VERDICT_DONE || verdict == VERDICT_UNCHANGED;
}

static void confirm(struct history *history, const struct attempt *attempt, int64_t now)
{
	if (!history->known || !addrs_equal(&history->confirmed, &attempt->addrs))
		history->changed_at = now;
	history->known = true;
	history->uncertain = false;
	history->confirmed = attempt->addrs;
	history->confirmed_at = now;
	history->confirmed_wall = 0;
	history->failures = 0;
	history->verify.others = 0;
	/* A refresh is expected to change nothing, and so is what may have been so before. */
	if (history->verdict == VERDICT_DONE)
		history->unchanged = 0;
	else if (!attempt->refresh && !attempt->unsure)
		history->unchanged++;
}

/* The provider has said no, so what it holds is what it held. */
static bool declined(enum verdict verdict)
{
	return verdict == VERDICT_THROTTLED || provider_verdict_refused(verdict);
}

void history_init(struct history *history)
{
	memset(history, 0, sizeof(*history));
	history->confirmed_at = CLOCK_NEVER;
	history->changed_at = CLOCK_NEVER;
	history->sent_at = CLOCK_NEVER;
	history->ended_at = CLOCK_NEVER;
	history->verify.at = CLOCK_NEVER;
	history->why = "";
}

bool history_holds(const struct history *history, const struct addrs *addrs)
{
	return history->known && !history->uncertain && addrs_equal(addrs, &history->confirmed);
}

bool history_unsure(const struct history *history)
{
	return !history->known || history->uncertain;
}

bool history_may_read(const struct history *history)
{
	return !history->known && !history->uncertain;
}

bool history_may_exist(const struct history *history)
{
	return history->known && (history->confirmed.n > 0 || history->uncertain);
}

void history_begin(struct history *history, struct attempt *attempt)
{
	attempt->refresh = history_holds(history, &attempt->addrs);
	attempt->unsure = history_unsure(history) && history->verify.others < HISTORY_OTHERS;
	attempt->uncertain = history->uncertain;
	if (history->known && !addrs_equal(&attempt->addrs, &history->confirmed))
		history->uncertain = true;
}

void history_add(struct history *history, const struct attempt *attempt,
		 const struct outcome *outcome, int64_t now)
{
	bool same = history->answered && history->verdict == outcome->verdict;

	history->in_row = same ? history->in_row + 1 : 1;
	history->answered = true;
	history->verdict = outcome->verdict;
	history->wait_ms = outcome->wait_ms > 0 ? outcome->wait_ms : 0;
	history->ended_at = now;
	history->aborted = 0;
	history->why = outcome->why;
	if (outcome->verdict != VERDICT_NO_NETWORK)
		history->sent_at = attempt->started_at;
	if (succeeded(outcome->verdict))
		confirm(history, attempt, now);
	else
		history->failures++;
	if (declined(outcome->verdict))
		history->uncertain = attempt->uncertain;
}

static void take_truth(struct history *history, enum truth truth)
{
	switch (truth) {
	case TRUTH_UNKNOWN:
	case TRUTH_SAME:
		history->verify.others = 0;
		break;
	case TRUTH_OTHER:
		history->verify.others++;
		break;
	}
	if (history->verify.others >= HISTORY_OTHERS)
		history->uncertain = true;
}

void history_verified(struct history *history, const struct outcome *outcome, int64_t now)
{
	struct history_verify *verify = &history->verify;

	verify->at = now;
	verify->wait_ms = outcome->wait_ms > 0 ? outcome->wait_ms : 0;
	verify->throttled = outcome->verdict == VERDICT_THROTTLED;
	if (outcome->ttl > 0)
		verify->ttl = outcome->ttl;
	if (!succeeded(outcome->verdict)) {
		verify->failures++;
		return;
	}
	verify->failures = 0;
	take_truth(history, outcome->truth);
}

void history_forsake(struct history *history)
{
	if (!history->known)
		history->uncertain = true;
}

void history_abort(struct history *history, const struct attempt *attempt)
{
	history_forsake(history);
	if (history->aborted > 0)
		history->sent_at = attempt->started_at;
	history->aborted++;
}

void history_new_way(struct history *history)
{
	if (history->answered && history->verdict == VERDICT_NO_NETWORK)
		history->answered = false;
}

void history_release(struct history *history)
{
	history->unchanged = 0;
	history->aborted = 0;
	if (history->answered && history->verdict == VERDICT_THROTTLED)
		return;
	history->failures = 0;
	if (history->answered && !succeeded(history->verdict))
		history->answered = false;
}

bool history_held(const struct history *history)
{
	return history->answered && provider_verdict_refused(history->verdict);
}

bool history_denied(const struct history *history)
{
	return history->answered && (history->verdict == VERDICT_REFUSED_AUTH ||
				     history->verdict == VERDICT_REFUSED_ABUSE);
}

bool history_failed(const struct history *history)
{
	return history->answered && !succeeded(history->verdict) && !history_held(history);
}

void history_insist(struct history *history)
{
	if (history_failed(history) && history->verdict != VERDICT_THROTTLED &&
	    history->wait_ms == 0)
		history_release(history);
}

bool history_set_clock(struct history *history, int64_t now, int64_t wall)
{
	if (history->confirmed_wall == 0 || wall < history->confirmed_wall)
		return false;
	history->confirmed_at = now - (wall - history->confirmed_wall);
	history->confirmed_wall = 0;
	return true;
}
