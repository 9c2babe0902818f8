/* SPDX-License-Identifier: MIT */
#include "update/daemon/trust.h"

void trust_learn(struct trust *trust, const struct history *history)
{
	trust->proven |= history->known;
	trust->refused += history_denied(history);
	if (trust->refused >= TRUST_REFUSALS)
		trust->held = true;
	if (trust->proven)
		trust->held = false;
}

void trust_forgive(struct trust *trust, const struct history *history)
{
	if (history_denied(history) && trust->refused > 0)
		trust->refused--;
}

unsigned trust_parallel(const struct trust *trust, unsigned allowed)
{
	unsigned left = trust->refused < TRUST_REFUSALS ? TRUST_REFUSALS - trust->refused : 1;

	if (trust->held)
		left = 1;
	return trust->proven || allowed < left ? allowed : left;
}
