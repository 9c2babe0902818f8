/* SPDX-License-Identifier: MIT */
#include "update/daemon/holddown.h"

#include <stdio.h>
#include <string.h>

#include "update/daemon/clock.h"

#define WINDOW_MS 60000
#define QUIET_MS  120000 /* for one step back */

static const int64_t waits[] = {0, 1000, 5000, 15000, 60000};
#define LEVEL_MAX (sizeof(waits) / sizeof(waits[0]) - 1)

void holddown_init(struct holddown *holddown)
{
	memset(holddown, 0, sizeof(*holddown));
	for (unsigned i = 0; i < HOLDDOWN_FREE; i++)
		holddown->changes[i] = CLOCK_NEVER;
	holddown->until = CLOCK_NEVER;
}

static unsigned decayed(const struct holddown *holddown, int64_t now)
{
	int64_t steps;

	if (holddown->changes[0] == CLOCK_NEVER)
		return 0;
	steps = (now - holddown->changes[0]) / QUIET_MS;
	return steps < holddown->level ? holddown->level - (unsigned)steps : 0;
}

void holddown_add(struct holddown *holddown, int64_t most_ms, int64_t now)
{
	int64_t *changes = holddown->changes, wait;
	char span[CLOCK_TEXT_MAX];

	holddown->level = decayed(holddown, now);
	memmove(&changes[1], &changes[0], (HOLDDOWN_FREE - 1) * sizeof(changes[0]));
	changes[0] = now;
	if (changes[HOLDDOWN_FREE - 1] > now - WINDOW_MS && holddown->level < LEVEL_MAX)
		holddown->level++;
	wait = waits[holddown->level] < most_ms ? waits[holddown->level] : most_ms;
	holddown->until = now + wait;
	snprintf(holddown->why, sizeof(holddown->why), "changes too often: waits %s",
		 clock_span(wait, span));
}
