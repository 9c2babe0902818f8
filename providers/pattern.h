/* SPDX-License-Identifier: MIT */
/* Whether a text is what a pattern of a rule says: upper and lower case the same, placeholders
 * filled in, addresses compared as such, * for any text. */
#ifndef PROVIDERS_PATTERN_H
#define PROVIDERS_PATTERN_H

#include "providers/scope.h"

/* NULL: fine; else what is wrong with the pattern, static. */
const char *pattern_check(struct span pattern);

/* The whole text. */
bool pattern_matches(struct span pattern, const struct scope *scope, struct span text);

#endif
