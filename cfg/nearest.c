/* SPDX-License-Identifier: MIT */
#include "cfg/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t nearest_distance(const char *a, const char *b)
{
	size_t row[3][NEAREST_WORD_MAX + 1]; /* optimal string alignment, three rows at a time */
	size_t la = strlen(a), lb = strlen(b);

	if (la > NEAREST_WORD_MAX || lb > NEAREST_WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t cost = same(a[i - 1], b[j - 1]) ? 0 : 1;

			now[j] = least(least(up[j], now[j - 1]) + 1, up[j - 1] + cost);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				now[j] = least(now[j], up2[j - 2] + 1);
		}
	}
	return row[la % 3][lb];
}

void nearest_init(struct nearest *nearest, const char *word)
{
	size_t len = strlen(word);

	*nearest = (struct nearest){.word = word, .distance = len < 6 ? 2 : len / 3 + 1};
	if (len < 3)
		nearest->distance = 1;
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
	size_t distance = nearest_distance(nearest->word, candidate);

	if (distance >= nearest->distance)
		return;
	nearest->best = candidate;
	nearest->distance = distance;
}

const char *nearest_hint(const struct nearest *nearest, char out[static NEAREST_HINT_MAX])
{
	out[0] = '\0';
	if (nearest->best)
		snprintf(out, NEAREST_HINT_MAX, "; did you mean `%s`?", nearest->best);
	return out;
}
