/* SPDX-License-Identifier: MIT */
#include "update/ctl/wording.h"

#include <errno.h>
#include <string.h>
#include <time.h>

const char *wording_span(int64_t seconds, char out[static WORDING_SPAN_MAX])
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
	size_t u = 0;
	int64_t s = seconds < 0 ? 0 : seconds, rest;

	while (u < 3 && s < units[u].seconds)
		u++;
	rest = u < 2 ? s % units[u].seconds / units[u + 1].seconds : 0;
	if (rest)
		(void)snprintf(out, WORDING_SPAN_MAX, "%lld %s %lld %s",
			       (long long)(s / units[u].seconds), units[u].name, (long long)rest,
			       units[u + 1].name);
	else
		(void)snprintf(out, WORDING_SPAN_MAX, "%lld %s", (long long)(s / units[u].seconds),
			       units[u].name);
	return out;
}

const char *wording_ms(int64_t ms, char out[static WORDING_SPAN_MAX])
{
	if (ms < 1000)
		(void)snprintf(out, WORDING_SPAN_MAX, "%d ms", (int)(ms < 0 ? 0 : ms));
	else if (ms < 60000)
		(void)snprintf(out, WORDING_SPAN_MAX, "%d.%d s", (int)(ms / 1000),
			       (int)(ms % 1000 / 100));
	else
		wording_span(ms / 1000, out);
	return out;
}

bool wording_is_name(const char *own, const char *typed)
{
	size_t len = strlen(own);

	return len && !strncasecmp(own, typed, len) &&
	       (!typed[len] || (typed[len] == '.' && !typed[len + 1]));
}

/* "Z", "+02:00" to seconds east. */
static int read_offset(const char *text, int64_t *ret)
{
	struct tm tm = {0};
	const char *end;

	if (!strcmp(text, "Z")) {
		*ret = 0;
		return 0;
	}
	if (*text != '+' && *text != '-')
		return -EINVAL;
	end = strptime(text + 1, "%H:%M", &tm);
	if (!end || *end)
		return -EINVAL;
	*ret = (*text == '-' ? -1 : 1) * (tm.tm_hour * 3600 + tm.tm_min * 60);
	return 0;
}

int wording_moment(const char *text, int64_t *ret)
{
	struct tm tm = {0};
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int64_t east;

	if (!end)
		return -EINVAL;
	if (*end == '.')
		end += 1 + strspn(end + 1, "0123456789");
	if (read_offset(end, &east) < 0)
		return -EINVAL;
	*ret = timegm(&tm) - east;
	return 0;
}

void wording_print(FILE *to, const char *text)
{
	for (; *text; text++)
		(void)fputc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, to);
}
