/* SPDX-License-Identifier: MIT */
/* Small matters of wording: a span of time, a moment, text that is safe to show. */
#ifndef UPDATE_CTL_WORDING_H
#define UPDATE_CTL_WORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define WORDING_SPAN_MAX 64

/* "12 s", "5 min", "3 h 20 min", "4 d 2 h"; negative counts as 0. Returns out. */
const char *wording_span(int64_t seconds, char out[static WORDING_SPAN_MAX]);

/* The same for what is short: "180 ms", "1.2 s", then as wording_span. */
const char *wording_ms(int64_t ms, char out[static WORDING_SPAN_MAX]);

/* Whether a record's own name is what a person typed: case and a trailing dot do not count. */
bool wording_is_name(const char *own, const char *typed);

/* RFC 3339 text to seconds since 1970. -EINVAL: not such a text. */
int wording_moment(const char *text, int64_t *ret);

/* Prints text as one line's part whatever it holds: control characters become '?', so that nothing
 * from outside commands the terminal. */
void wording_print(FILE *to, const char *text);

#endif
