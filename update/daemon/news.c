/* SPDX-License-Identifier: MIT */
#include "update/daemon/news.h"

#include <assert.h>

#include "update/daemon/clock.h"
#include "update/daemon/record.h"
#include "update/daemon/sources.h"

/* Who is told of what; before: as it was until the answer that is looked at. */
struct report {
	const struct news_desk *desk;
	struct record *record;
	const struct source *source;
	const struct news_before *before;
};

void news_listen(struct news_desk *desk, struct news_listener listener)
{
	assert(desk->n < NEWS_LISTENERS_MAX);
	desk->list[desk->n++] = listener;
}

void news_init(struct news_memory *memory)
{
	*memory = (struct news_memory){.pending_since = -1};
}

static bool is_held(const struct record *record)
{
	return record->barred || history_held(&record->history);
}

void news_remember(struct record *record, bool was_held)
{
	record->news.held = is_held(record);
	record->news.trouble |= was_held;
}

void news_wanted(struct record *record)
{
	record->news.changed = false;
}

static int64_t past(int64_t moment)
{
	return moment == CLOCK_NEVER ? -1 : moment;
}

static struct news compose(const struct report *report, enum news_kind kind)
{
	const struct record *record = report->record;
	const struct history *history = &record->history;
	bool answered = kind == NEWS_CONFIRMED || kind == NEWS_RECOVERED ||
			(kind == NEWS_HELD && !record->barred);

	return (struct news){
		.kind = kind,
		.name = record->cfg->name,
		.type = record->cfg->type,
		.account = record->account->name,
		.provider = record->account->provider->name,
		.source = report->source->cfg->name,
		.interface = report->source->settle.settled.interface,
		.before = report->before->confirmed,
		.after = record->wanted,
		.event_at = report->before->event_at,
		.settled_at = past(record->settled_at),
		.sent_at = past(history->sent_at),
		.answered_at = past(history->ended_at),
		.reaction_ms = -1,
		.attempts = report->before->attempts,
		.verdict = history->answered ? provider_verdict_name(history->verdict) : NULL,
		.told = &record->cfg->told,
		.why = answered && history->answered ? history->why : record->why,
	};
}

static void publish(const struct report *report, const struct news *news)
{
	for (size_t i = 0; report->desk && i < report->desk->n; i++)
		report->desk->list[i].tell(report->desk->list[i].arg, news);
}

static void tell(const struct report *report, enum news_kind kind)
{
	struct news news = compose(report, kind);

	publish(report, &news);
}

static void follow_pending(struct record *record, int64_t now)
{
	struct news_memory *memory = &record->news;
	bool confirmed = history_holds(&record->history, &record->wanted);
	bool released = memory->held && !is_held(record);

	if (confirmed)
		memory->changed = false;
	if (confirmed || record->wanted.n == 0)
		memory->pending_since = -1;
	else if (memory->pending_since < 0 || released)
		memory->pending_since = now;
	if (released)
		memory->held = false;
}

/* Nothing is wanted: that is a change only once it is to be published. */
static bool is_to_change(const struct record *record)
{
	const struct history *history = &record->history;
	bool same = history->known && addrs_equal(&record->wanted, &history->confirmed);
	bool deleting = record->due || record->job != 0;

	return !same && (record->wanted.n > 0 || deleting);
}

static bool is_well(const struct record *record)
{
	const struct history *history = &record->history;
	bool answered = history->answered && history->failures == 0;

	if (!history_holds(history, &record->wanted) || record->wanted.n == 0 || is_held(record))
		return false;
	/* What was held and released has yet to be answered; another address may be the old one. */
	return answered || record->news.failing;
}

static void look(const struct report *report, int64_t now)
{
	struct record *record = report->record;
	struct news_memory *memory = &record->news;
	int64_t due;

	follow_pending(record, now);
	if (!memory->changed && is_to_change(record)) {
		memory->changed = true;
		tell(report, NEWS_CHANGED);
	}
	if (!memory->held && is_held(record)) {
		memory->held = memory->trouble = true;
		memory->failing = false;
		tell(report, NEWS_HELD);
	}
	due = news_due(record);
	if (due >= 0 && now >= due) {
		memory->failing = memory->trouble = true;
		tell(report, NEWS_FAILING);
	}
	if (memory->trouble && is_well(record)) {
		memory->failing = memory->trouble = false;
		tell(report, NEWS_RECOVERED);
	}
}

struct news_before news_before(const struct record *record)
{
	const struct history *history = &record->history;
	struct news_before before = {
		.event_at = record->event_at,
		.attempts = history->failures + history->aborted + (record->job != 0),
	};

	if (history->known)
		before.confirmed = history->confirmed;
	return before;
}

void news_look(const struct news_desk *desk, struct record *record, const struct source *source,
	       int64_t now)
{
	struct news_before before = news_before(record);
	struct report report = {desk, record, source, &before};

	look(&report, now);
}

static void tell_confirmed(const struct report *report, int64_t now)
{
	const struct record *record = report->record;
	struct news news = compose(report, NEWS_CONFIRMED);

	news.after = record->history.confirmed;
	news.sent_at = record->attempt.started_at;
	news.answered_at = now;
	if (news.event_at >= 0)
		news.reaction_ms = now - news.event_at;
	publish(report, &news);
}

void news_answered(const struct news_desk *desk, struct record *record, const struct source *source,
		   const struct news_before *before, int64_t now)
{
	struct report report = {desk, record, source, before};

	if (record->history.failures == 0 && !record->attempt.refresh)
		tell_confirmed(&report, now);
	look(&report, now);
}

int64_t news_due(const struct record *record)
{
	const struct news_memory *memory = &record->news;

	if (memory->pending_since < 0 || memory->failing || memory->held ||
	    record->cfg->failing_after_ms <= 0)
		return -1;
	return memory->pending_since + record->cfg->failing_after_ms;
}

const char *news_name(enum news_kind kind)
{
	static const char *const names[] = {
		[NEWS_CHANGED] = "changed", [NEWS_CONFIRMED] = "confirmed",
		[NEWS_FAILING] = "failing", [NEWS_RECOVERED] = "recovered",
		[NEWS_HELD] = "held",
	};

	_Static_assert(sizeof(names) / sizeof(names[0]) == NEWS_COUNT, "a name for each");
	return names[kind];
}
