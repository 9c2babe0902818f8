/* SPDX-License-Identifier: MIT */
#include "update/daemon/record.h"

#include <stdio.h>
#include <string.h>

#include "update/daemon/clock.h"
#include "update/log.h"

#define WHY_MAX 192

void record_init(struct record *record, const struct cfg_record *cfg,
		 const struct cfg_account *account)
{
	memset(record, 0, sizeof(*record));
	record->cfg = cfg;
	record->account = account;
	history_init(&record->history);
	holddown_init(&record->holddown);
	news_init(&record->news);
	record->wanted_at = CLOCK_NEVER;
	record->event_at = -1;
	record->settled_at = CLOCK_NEVER;
	record->reaction_ms = -1;
	record->next = -1;
	record->why = "starting";
}

const char *record_label(const struct record *record, char out[static RECORD_LABEL_MAX])
{
	snprintf(out, RECORD_LABEL_MAX, "%s %s", record->cfg->name,
		 provider_type_name(record->cfg->type));
	return out;
}

uint32_t record_seed(const struct record *record)
{
	uint64_t print = record->account->fingerprint;

	return (uint32_t)(print ^ print >> 32);
}

/* What a transition is worth: someone must act, we go on regardless, or all is well. */
static void say(const struct record *record, enum plan_state state, const char *line)
{
	bool failing = record->history.failures > 0;
	/* What was refused before the start was told then, and of an account one line tells. */
	bool told = state == PLAN_STATE_HELD && record->state != PLAN_STATE_SENDING;

	if (record->barred || (state == PLAN_STATE_SENDING && failing))
		log_debug("%s", line);
	else if (told || (state == PLAN_STATE_PENDING && failing))
		log_warn("%s", line);
	else if (state == PLAN_STATE_HELD)
		log_error("%s", line);
	else
		log_info("%s", line);
}

static void say_transition(const struct record *record, enum plan_state state, const char *why,
			   int64_t wait)
{
	char label[RECORD_LABEL_MAX], addrs[ADDRS_TEXT_MAX], span[CLOCK_TEXT_MAX];
	char line[RECORD_LABEL_MAX + ADDRS_TEXT_MAX + WHY_MAX + 128];
	const struct addrs *shown =
		record->job != 0 ? &record->attempt.addrs : &record->history.confirmed;
	bool show = state == PLAN_STATE_SENDING || state == PLAN_STATE_CONFIRMED;

	snprintf(line, sizeof(line), "%s: %s -> %s%s%s (%s)%s%s", record_label(record, label),
		 plan_state_name(record->state), plan_state_name(state), show ? " " : "",
		 show ? addrs_text(shown, ' ', addrs) : "", why, wait >= 0 ? ", next look in " : "",
		 wait >= 0 ? clock_span(wait, span) : "");
	say(record, state, line);
}

void record_set(struct record *record, enum plan_state state, const char *why, int64_t next,
		int64_t now)
{
	if (state != record->state)
		say_transition(record, state, why, next >= 0 ? next - now : -1);
	record->state = state;
	record->next = next;
	record->why = why;
}

void record_due(struct record *record, const char *why)
{
	record->why = why;
}

bool record_is_change(const struct record *record)
{
	bool again = addrs_equal(&record->wanted, &record->attempt.addrs) &&
		     record->history.aborted == 0;

	return !history_holds(&record->history, &record->wanted) && !again;
}

/* What never leaves this machine spares nobody by waiting. */
static int64_t longest_hold(const struct record *record)
{
	return record->account->provider->caps & PROVIDER_LOCAL ? 0 : record->cfg->hold_down_ms;
}

static void begin(struct record *record, int64_t now)
{
	if (record_is_change(record))
		holddown_add(&record->holddown, longest_hold(record), now);
	record->attempt.addrs = record->wanted;
	record->attempt.started_at = now;
	history_begin(&record->history, &record->attempt);
	record->foreseen = false;
	record->forced = false;
	record->new_way = NULL;
}

void record_sent(struct record *record, uint32_t job, int64_t now)
{
	record->job = job;
	record->attempt.purpose = record->purpose;
	record->attempt.ifindex = record->ifindex;
	if (record->purpose == PURPOSE_UPDATE)
		begin(record, now);
}

/* The network's fault, not a wait that the provider asked for. */
static bool is_unreached(const struct history *history)
{
	return history->answered && history->verdict == VERDICT_NO_NETWORK && history->wait_ms == 0;
}

bool record_new_way(struct record *record, const char *why)
{
	bool in_flight = record->job != 0 && record->attempt.purpose == PURPOSE_UPDATE;

	if (!in_flight && !is_unreached(&record->history))
		return false;
	record->new_way = why;
	if (!in_flight)
		history_new_way(&record->history);
	return !in_flight;
}

static void updated(struct record *record, const struct outcome *outcome, int64_t now)
{
	char label[RECORD_LABEL_MAX];
	struct history *history = &record->history;
	unsigned unchanged = history->unchanged;

	history_add(history, &record->attempt, outcome, now);
	if (record->new_way && is_unreached(history))
		history_new_way(history);
	else
		record->new_way = NULL;
	record->lost_once = false;
	if (history->failures == 0 || history_held(history))
		record->retried = false;
	if (history->failures == 0 && record->event_at >= 0) {
		record->reaction_ms = now - record->event_at;
		record->event_at = -1;
	}
	if (history->unchanged > unchanged && history->unchanged >= 2)
		log_warn("%s: the provider says again that nothing changed; sending the same less "
			 "often",
			 record_label(record, label));
}

static void verified(struct record *record, const struct outcome *outcome, int64_t now)
{
	const struct history_verify *verify = &record->history.verify;
	unsigned others = verify->others;
	char label[RECORD_LABEL_MAX];

	history_verified(&record->history, outcome, now);
	record_label(record, label);
	if (verify->failures == 1)
		log_warn("%s: cannot be verified: %s", label, outcome->why);
	else if (verify->others > others && verify->others < HISTORY_OTHERS)
		log_info("%s: the zone holds something else (%s); looking again", label,
			 outcome->why);
	else if (verify->others > others)
		log_warn("%s: the zone holds something else (%s); sending it again", label,
			 outcome->why);
}

void record_answered(struct record *record, const struct outcome *outcome, int64_t now)
{
	switch (record->attempt.purpose) {
	case PURPOSE_UPDATE:
		updated(record, outcome, now);
		break;
	case PURPOSE_VERIFY:
		verified(record, outcome, now);
		break;
	}
	record->job = 0;
}

void record_aborted(struct record *record)
{
	record->job = 0;
	if (record->attempt.purpose == PURPOSE_VERIFY)
		return;
	history_abort(&record->history, &record->attempt);
	record->new_way = NULL;
}

void record_lost(struct record *record, int64_t now)
{
	static const struct outcome lost = {
		.verdict = VERDICT_NO_NETWORK,
		.why = "nlddns-updater did not answer",
	};

	record->job = 0;
	if (record->attempt.purpose == PURPOSE_VERIFY) {
		verified(record, &lost, now);
		return;
	}
	history_forsake(&record->history);
	if (record->lost_once)
		history_add(&record->history, &record->attempt, &lost, now);
	record->lost_once = true;
	record->new_way = NULL;
}
