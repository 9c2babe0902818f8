/* SPDX-License-Identifier: MIT */
/* The words that a provider's replies may hold: those its rules and pointers look for, and some
 * that every provider might meet. */
#ifndef TESTS_FUZZ_WORDS_H
#define TESTS_FUZZ_WORDS_H

#include "providers/provider.h"
#include "tests/fuzz/input.h"

#define WORDS_MAX 400

/* The end of one of them: a line, which no request's header may have. */
#define WORDS_LINE "\nb: c"

struct words {
	char *list[WORDS_MAX]; /* owned */
	size_t n;
};

void words_collect(const struct provider *provider, struct words *ret);
void words_done(struct words *words);

/* Any of them; never NULL. */
const char *words_any(const struct words *words, struct input *input);

#endif
