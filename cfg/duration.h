/* SPDX-License-Identifier: MIT */
/* Times as people write them. */
#ifndef CFG_DURATION_H
#define CFG_DURATION_H

#include <stdint.h>

#define DURATION_TEXT_MAX 32

/* "50ms", "1h 30m", units ms s m h d w; a bare number is seconds. -EINVAL: no duration, or over a
 * hundred years. */
int duration_parse(const char *text, int64_t *ret_ms);

/* In the largest unit that divides it; returns out. */
const char *duration_text(int64_t ms, char out[static DURATION_TEXT_MAX]);

/* Reads the decimal digits at *text and moves behind them. -EINVAL: there are none, or they make a
 * number beyond 10^12. */
int duration_digits(const char **text, int64_t *ret);

#endif
