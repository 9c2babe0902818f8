/* SPDX-License-Identifier: MIT */
#include "update/daemon/failback.h"

#include <stdio.h>
#include <string.h>

#include "netwatch/standing.h"
#include "update/daemon/clock.h"

void failback_init(struct failback *failback, int64_t hold_ms)
{
	*failback = (struct failback){.hold_ms = hold_ms, .since = -1};
}

/* -1: there is no such link, or the rule does not ask for it. */
static int place_of(const struct failback_question *q, const char *name)
{
	const struct question question = {q->snapshot, q->rule, q->published};

	for (size_t i = 0; i < q->snapshot->n_links; i++)
		if (strcmp(q->snapshot->links[i].name, name) == 0)
			return standing_place(&question, &q->snapshot->links[i]);
	return -1;
}

static bool is_return(const struct failback_question *q, const struct choice *first)
{
	if (q->rule->combine != RULE_COMBINE_FIRST || !first->ready || q->last->n == 0)
		return false;
	if (q->published && strcmp(first->interface, q->published->interface) == 0)
		return false;
	return place_of(q, first->interface) < place_of(q, q->last->interface);
}

/* What would be chosen if the rule named no link but the last. */
static void stay(const struct failback_question *q, struct choice *ret)
{
	const char *only[] = {q->last->interface};
	struct rule rule = *q->rule;

	rule.interfaces = only;
	rule.n_interfaces = 1;
	choose(q->snapshot, &rule, q->published, ret);
}

static void tell(const struct failback *failback, struct choice *stayed)
{
	char was[CHOICE_WHY_MAX], span[CLOCK_TEXT_MAX];

	memcpy(was, stayed->why, sizeof(was));
	snprintf(stayed->why, sizeof(stayed->why), "%.80s; back to %s once it has been ready %s",
		 was, failback->back.interface, clock_span(failback->hold_ms, span));
}

int64_t failback_due(const struct failback *failback)
{
	return failback->since < 0 ? -1 : failback->since + failback->hold_ms;
}

bool failback_tick(struct failback *failback, int64_t now, struct choice *ret)
{
	if (failback->since < 0 || now < failback_due(failback))
		return false;
	failback->since = -1;
	*ret = failback->back;
	return true;
}

void failback_choose(struct failback *failback, const struct failback_question *q, int64_t now,
		     struct choice *ret)
{
	struct choice first, stayed;
	bool same;

	choose(q->snapshot, q->rule, q->published, &first);
	stayed.ready = false;
	if (failback->hold_ms > 0 && is_return(q, &first))
		stay(q, &stayed);
	same = strcmp(failback->back.interface, first.interface) == 0;
	if (!stayed.ready)
		failback->since = -1;
	else if (failback->since < 0 || !same)
		failback->since = now;
	failback->back = first;
	if (!stayed.ready || failback_tick(failback, now, ret)) {
		*ret = first;
		return;
	}
	tell(failback, &stayed);
	*ret = stayed;
}
