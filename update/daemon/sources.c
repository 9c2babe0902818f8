/* SPDX-License-Identifier: MIT */
#include "update/daemon/sources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "update/daemon/clock.h"
#include "update/daemon/proof.h"
#include "update/rule.h"

_Static_assert(CHOICE_MAX <= WANTED_ADDRS_MAX, "a choice fits a record");

static int init(struct source *source, const struct cfg_source *cfg, enum record_type type)
{
	source->cfg = cfg;
	source->type = type;
	source->event_at = -1;
	source->lost_at = -1;
	source->proven_at = -1;
	failback_init(&source->failback, cfg->failback_ms);
	settle_init(&source->settle, cfg->settle_ms, cfg->settle_max_ms);
	return rule_make(cfg, type, &source->rule);
}

/* What the rules look at, so that the snapshot keeps those links and no others. */
static int collect_interest(struct sources *sources, const struct cfg *cfg)
{
	size_t n = 0;

	for (size_t i = 0; i < cfg->n_sources; i++)
		n += cfg->sources[i].n_interfaces;
	sources->patterns = calloc(n + 1, sizeof(*sources->patterns));
	if (!sources->patterns)
		return -ENOMEM;
	n = 0;
	for (size_t i = 0; i < cfg->n_sources; i++) {
		const struct cfg_source *source = &cfg->sources[i];

		for (size_t j = 0; j < source->n_interfaces; j++)
			sources->patterns[n++] = source->interfaces[j];
		sources->interest.routed |= source->n_interfaces == 0;
	}
	sources->interest.patterns = sources->patterns;
	sources->interest.n_patterns = n;
	return 0;
}

int sources_new(const struct cfg *cfg, struct sources **ret)
{
	struct sources *sources = calloc(1, sizeof(*sources));
	int err = -ENOMEM;

	if (!sources)
		return err;
	sources->list = calloc(cfg->n_sources * RECORD_TYPE_COUNT + 1, sizeof(*sources->list));
	if (!sources->list)
		goto out;
	sources->n = cfg->n_sources * RECORD_TYPE_COUNT;
	for (size_t i = 0; i < sources->n; i++) {
		err = init(&sources->list[i], &cfg->sources[i / RECORD_TYPE_COUNT],
			   (enum record_type)(i % RECORD_TYPE_COUNT));
		if (err < 0)
			goto out;
	}
	for (size_t i = 0; i < cfg->n_records; i++) {
		struct source *source = sources_of(sources, &cfg->records[i]);

		source->used = true;
		source->proves |= cfg->records[i].on_loss_ms >= 0;
		/* What proves it may be on any link. */
		sources->interest.routed |= source->proves;
	}
	err = collect_interest(sources, cfg);
out:
	if (err < 0)
		sources_free(sources);
	else
		*ret = sources;
	return err;
}

void sources_free(struct sources *sources)
{
	if (!sources)
		return;
	free(sources->patterns);
	free(sources->list);
	free(sources);
}

struct source *sources_of(const struct sources *sources, const struct cfg_record *record)
{
	return &sources->list[record->source * RECORD_TYPE_COUNT + record->type];
}

void source_remember(struct source *source, const struct addrs *addrs)
{
	if (source->published.n > 0)
		return;
	for (size_t i = 0; i < addrs->n && i < CHOICE_MAX; i++)
		source->published.addrs[i] = addrs->list[i];
	source->published.n = addrs->n;
}

static bool same_texts(char *const *a, size_t n_a, char *const *b, size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

static bool same_host(const struct cfg_host *a, const struct cfg_host *b)
{
	return a->prefix_max == b->prefix_max && a->prefix_len == b->prefix_len &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static bool same_match(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_rule(const struct cfg_source *a, const struct cfg_source *b)
{
	return same_texts(a->interfaces, a->n_interfaces, b->interfaces, b->n_interfaces) &&
	       same_texts(a->allow, a->n_allow, b->allow, b->n_allow) &&
	       same_match(a->match, b->match) && same_host(&a->host, &b->host) &&
	       a->select == b->select && a->ready == b->ready && a->combine == b->combine;
}

static void adopt(struct source *source, const struct source *old)
{
	source->now = old->now;
	source->published = old->published;
	source->failback.since = old->failback.since;
	source->failback.back = old->failback.back;
}

void sources_adopt(struct sources *sources, const struct sources *old)
{
	for (size_t i = 0; i < sources->n; i++) {
		struct source *source = &sources->list[i];

		for (size_t j = 0; source->used && j < old->n; j++) {
			const struct source *other = &old->list[j];

			if (!other->read || source->type != other->type ||
			    !same_rule(source->cfg, other->cfg))
				continue;
			adopt(source, other);
			break;
		}
	}
}

static void settled(struct source *source, int64_t now)
{
	source->changed = true;
	source->touched = true;
	if (source->settle.settled.n > 0) {
		source->published = source->settle.settled;
		source->lost_at = -1;
	} else {
		source->lost_at = now;
	}
}

/* What is settled starts as none, so that a first reading of none is no change to it; to records
 * that took over an address it is. */
static bool is_lost_unsaid(const struct source *source)
{
	return !source_settling(source) && source->settle.settled.n == 0 && source->lost_at < 0;
}

/* True: something happened. */
static bool take(struct source *source, const struct choice *choice, int64_t now)
{
	bool was_settling = source_settling(source);
	bool same = source->read && choice_equal(choice, &source->now);
	bool same_why = strcmp(choice->why, source->now.why) == 0, any;

	source->back |= source->read && !source->now.ready && choice->ready;
	source->now = *choice;
	source->read = true;
	if (!same) {
		source->event_at = now;
		source->moved = true;
	}
	if (settle_feed(&source->settle, choice, now) || is_lost_unsaid(source))
		settled(source, now);
	any = !same || !same_why || source->changed || was_settling != source_settling(source);
	source->touched |= any;
	return any;
}

/* The same. */
static bool prove(struct source *source, const struct snapshot *snapshot, int64_t now)
{
	bool proven = source->proves &&
		      proof_of_life(snapshot, &source->rule, source->published.interface);

	if (proven == (source->proven_at >= 0))
		return false;
	source->proven_at = proven ? now : -1;
	source->touched = true;
	return true;
}

static bool feed(struct source *source, const struct snapshot *snapshot, int64_t now)
{
	const struct failback_question question = {
		.snapshot = snapshot,
		.rule = &source->rule,
		.published = source->published.n > 0 ? &source->published : NULL,
		.last = &source->now,
	};
	struct choice choice;
	bool any;

	failback_choose(&source->failback, &question, now, &choice);
	any = take(source, &choice, now);
	return prove(source, snapshot, now) || any;
}

bool sources_feed(struct sources *sources, const struct snapshot *snapshot, int64_t now)
{
	bool any = false;

	for (size_t i = 0; i < sources->n; i++)
		if (sources->list[i].used)
			any |= feed(&sources->list[i], snapshot, now);
	return any;
}

bool sources_tick(struct sources *sources, int64_t now)
{
	bool any = false;

	for (size_t i = 0; i < sources->n; i++) {
		struct source *source = &sources->list[i];
		struct choice back;

		if (source->used && failback_tick(&source->failback, now, &back))
			any |= take(source, &back, now);
		if (source->used && settle_tick(&source->settle, now)) {
			settled(source, now);
			any = true;
		}
	}
	return any;
}

int64_t sources_due(const struct sources *sources)
{
	int64_t due = -1;

	for (size_t i = 0; i < sources->n; i++) {
		const struct source *source = &sources->list[i];

		if (!source->used)
			continue;
		due = clock_sooner(due, settle_due(&source->settle));
		due = clock_sooner(due, failback_due(&source->failback));
	}
	return due;
}

bool source_settling(const struct source *source)
{
	return settle_due(&source->settle) >= 0;
}

bool sources_settling(const struct sources *sources)
{
	for (size_t i = 0; i < sources->n; i++)
		if (sources->list[i].used && source_settling(&sources->list[i]))
			return true;
	return false;
}

int64_t source_lost(const struct source *source)
{
	if (source->lost_at < 0 || source->proven_at < 0)
		return -1;
	return source->lost_at > source->proven_at ? source->lost_at : source->proven_at;
}

bool source_still(const struct source *source, const struct addrs *addrs, size_t max)
{
	struct addrs now = source_addrs(&source->now, max);

	return addrs_equal(&now, addrs) && (source->now.ready || addrs->n == 0);
}

struct addrs source_addrs(const struct choice *choice, size_t max)
{
	return (struct addrs){choice->addrs, choice->n < max ? choice->n : max};
}
