/* SPDX-License-Identifier: MIT */
/* The one source of chance: xoshiro256** (Blackman, Vigna 2018), seeded by splitmix64. */
#ifndef TESTS_SIM_RNG_H
#define TESTS_SIM_RNG_H

#include <stdbool.h>
#include <stdint.h>

void rng_seed(uint64_t seed);
uint64_t rng_next(void);

/* 0 to n - 1. */
uint32_t rng_below(uint32_t n);
bool rng_one_in(uint32_t n);

/* low to high, both may come; small ones as often as large ones. low > 0. */
int64_t rng_span(int64_t low, int64_t high);

/* One of the texts. */
const char *rng_text(const char *const *texts, uint32_t n);

#endif
