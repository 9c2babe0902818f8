/* SPDX-License-Identifier: MIT */
#include "cfg/duration.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CENTURY_MS (INT64_C(36525) * 86400 * 1000)
#define DIGITS_MAX INT64_C(1000000000000)

static const struct {
	const char *name;
	int64_t ms;
} units[] = {
	{"ms", 1},          {"s", 1000},      {"m", 60 * 1000},
	{"h", 3600 * 1000}, {"d", 86400000L}, {"w", 7 * 86400000L},
};
#define UNIT_COUNT (sizeof(units) / sizeof(units[0]))

static int64_t unit_ms(const char *name, size_t len)
{
	for (size_t i = 0; i < UNIT_COUNT; i++)
		if (strlen(units[i].name) == len && strncmp(units[i].name, name, len) == 0)
			return units[i].ms;
	return 0;
}

int duration_digits(const char **text, int64_t *ret)
{
	int64_t number = 0;
	const char *c = *text;

	if (!isdigit((unsigned char)*c))
		return -EINVAL;
	for (; isdigit((unsigned char)*c); c++) {
		number = number * 10 + (*c - '0');
		if (number > DIGITS_MAX)
			return -EINVAL;
	}
	*text = c;
	*ret = number;
	return 0;
}

int duration_parse(const char *text, int64_t *ret_ms)
{
	int64_t sum = 0, number = 0, ms;

	for (const char *c = text; *c; c += strspn(c, " \t")) {
		size_t len;

		if (duration_digits(&c, &number))
			return -EINVAL;
		if (!*c && sum == 0 && strspn(text, "0123456789") == strlen(text)) {
			ms = 1000;
		} else {
			c += strspn(c, " ");
			len = strspn(c, "mshdw");
			ms = unit_ms(c, len);
			c += len;
		}
		if (ms == 0 || number > CENTURY_MS / ms || sum + number * ms > CENTURY_MS)
			return -EINVAL;
		sum += number * ms;
	}
	if (!*text)
		return -EINVAL;
	*ret_ms = sum;
	return 0;
}

const char *duration_text(int64_t ms, char out[static DURATION_TEXT_MAX])
{
	size_t unit = UNIT_COUNT - 1;

	while (unit > 0 && (ms == 0 || ms % units[unit].ms != 0))
		unit--;
	snprintf(out, DURATION_TEXT_MAX, "%" PRId64 "%s", ms / units[unit].ms,
		 ms ? units[unit].name : "");
	return out;
}
