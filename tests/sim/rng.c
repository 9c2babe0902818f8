/* SPDX-License-Identifier: MIT */
#include "tests/sim/rng.h"

static uint64_t state[4];

static uint64_t splitmix(uint64_t *seed)
{
	uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void rng_seed(uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		state[i] = splitmix(&seed);
}

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

uint64_t rng_next(void)
{
	uint64_t result = rotate(state[1] * 5, 7) * 9;
	uint64_t t = state[1] << 17;

	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= t;
	state[3] = rotate(state[3], 45);
	return result;
}

uint32_t rng_below(uint32_t n)
{
	return (uint32_t)((rng_next() >> 32) * n >> 32);
}

bool rng_one_in(uint32_t n)
{
	return rng_below(n) == 0;
}

int64_t rng_span(int64_t low, int64_t high)
{
	int64_t top = low;
	uint32_t doublings = 0;

	while (top < high) {
		top *= 2;
		doublings++;
	}
	top = low << rng_below(doublings + 1);
	top += (int64_t)(rng_next() % (uint64_t)top);
	return top < high ? top : high;
}

const char *rng_text(const char *const *texts, uint32_t n)
{
	return texts[rng_below(n)];
}
