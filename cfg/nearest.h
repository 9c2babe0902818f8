/* SPDX-License-Identifier: MIT */
/* "did you mean": the known word nearest to a misspelt one. */
#ifndef CFG_NEAREST_H
#define CFG_NEAREST_H

#include <stddef.h>

#define NEAREST_WORD_MAX 48 /* longer words are near to nothing */
#define NEAREST_HINT_MAX 80

struct nearest {
	const char *word; /* borrowed */
	const char *best; /* of those offered and near enough; borrowed; NULL: none */
	size_t distance;
};

/* Insertions, deletions, replacements and swaps of neighbours from a to b; case does not count. */
size_t nearest_distance(const char *a, const char *b);

void nearest_init(struct nearest *nearest, const char *word);
void nearest_offer(struct nearest *nearest, const char *candidate);

/* "; did you mean `best`?" or "". Returns out. */
const char *nearest_hint(const struct nearest *nearest, char out[static NEAREST_HINT_MAX]);

#endif
