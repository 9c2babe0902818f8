/* SPDX-License-Identifier: MIT */
#include "netwatch/settle.h"

static void stop_waiting(struct settle *settle)
{
	settle->first = settle->last = -1;
}

void settle_init(struct settle *settle, int64_t quiet_ms, int64_t max_ms)
{
	*settle = (struct settle){.quiet_ms = quiet_ms, .max_ms = max_ms};
	stop_waiting(settle);
}

bool settle_feed(struct settle *settle, const struct choice *choice, int64_t now)
{
	bool changed = !choice_equal(choice, &settle->seen);

	settle->seen = *choice;
	if (choice_equal(choice, &settle->settled)) {
		settle->settled = *choice;
		stop_waiting(settle);
		return false;
	}
	if (changed)
		settle->last = now;
	if (settle->first < 0)
		settle->first = settle->last = now;
	return settle_tick(settle, now);
}

int64_t settle_due(const struct settle *settle)
{
	int64_t quiet = settle->last + settle->quiet_ms, max = settle->first + settle->max_ms;

	if (settle->first < 0)
		return -1;
	return quiet < max ? quiet : max;
}

bool settle_tick(struct settle *settle, int64_t now)
{
	if (settle->first < 0 || now < settle_due(settle))
		return false;
	settle->settled = settle->seen;
	stop_waiting(settle);
	return true;
}
