/* SPDX-License-Identifier: MIT */
#include "update/ctl/live.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "update/ctl/wording.h"

static const char *text_of(const json_t *line, const char *key)
{
	const char *text = json_string_value(json_object_get(line, key));

	return text ? text : "?";
}

static bool is_true(const json_t *line, const char *key)
{
	return json_is_true(json_object_get(line, key));
}

/* An array of texts; how many there were. */
static size_t tell_list(const json_t *list, const char *separator, struct buf *text)
{
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n; i++) {
		const char *item = json_string_value(json_array_get(list, i));

		buf_printf(text, "%s%s", i ? separator : "", item ? item : "?");
	}
	return n;
}

static void tell_addresses(const json_t *line, const char *key, struct buf *text)
{
	if (tell_list(json_object_get(line, key), " ", text) == 0)
		buf_text(text, "none");
}

static void tell_start(const json_t *line, struct buf *text)
{
	const json_t *records = json_object_get(line, "records");

	buf_printf(text, "nlddnsd %s, %" JSON_INTEGER_FORMAT " records; Ctrl-C ends this",
		   text_of(line, "version"), json_integer_value(records));
}

static void tell_routes(const json_t *line, bool first, struct buf *text)
{
	const json_t *routes = json_object_get(line, "routes");

	for (size_t i = 0; i < json_array_size(routes); i++) {
		const char *family = json_string_value(json_array_get(routes, i));
		bool is_ipv6 = family && strcmp(family, "ipv6") == 0;

		buf_printf(text, "%s%s routes", first && i == 0 ? "" : ", ",
			   is_ipv6 ? "IPv6" : "IPv4");
	}
}

static void tell_event(const json_t *line, struct buf *text)
{
	if (is_true(line, "all"))
		buf_text(text, "all is read anew");
	else
		tell_routes(line, tell_list(json_object_get(line, "links"), ", ", text) == 0, text);
	if (!is_true(line, "changed"))
		buf_text(text, " (nothing new in it)");
}

static void tell_source(const json_t *line, struct buf *text)
{
	const char *family = text_of(line, "family");

	buf_printf(text, "%s %s: ", text_of(line, "source"),
		   strcmp(family, "ipv6") == 0 ? "IPv6" : "IPv4");
}

static void tell_choice(const json_t *line, struct buf *text)
{
	tell_source(line, text);
	buf_text(text, text_of(line, "why"));
}

static void tell_settle(const json_t *line, struct buf *text)
{
	tell_source(line, text);
	tell_addresses(line, "addresses", text);
	buf_text(text, is_true(line, "ready") ? ", ready" : ", not ready");
}

static void tell_wait(const json_t *wait, struct buf *text)
{
	int64_t ms = json_integer_value(wait);
	char span[WORDING_SPAN_MAX];

	if (!json_is_integer(wait))
		return;
	if (ms < 1000)
		buf_printf(text, ", next look in %" PRId64 " ms", ms);
	else
		buf_printf(text, ", next look in %s", wording_span(ms / 1000, span));
}

static void tell_decision(const json_t *line, struct buf *text)
{
	const char *from = text_of(line, "from"), *to = text_of(line, "to");

	buf_printf(text, "%s: ", text_of(line, "record"));
	if (strcmp(from, to) != 0)
		buf_printf(text, "%s -> ", from);
	buf_printf(text, "%s ", to);
	tell_addresses(line, "wanted", text);
	buf_printf(text, " (%s)", text_of(line, "why"));
	tell_wait(json_object_get(line, "wait_ms"), text);
}

static void tell_request(const json_t *line, struct buf *text)
{
	const char *bind = json_string_value(json_object_get(line, "bind"));

	buf_printf(text, "job %" JSON_INTEGER_FORMAT ", %s%s%s: %s (",
		   json_integer_value(json_object_get(line, "job")), text_of(line, "provider"),
		   bind ? " by " : "", bind ? bind : "", text_of(line, "progress"));
	tell_list(json_object_get(line, "records"), ", ", text);
	buf_text(text, ")");
}

static void tell_verdict(const json_t *line, struct buf *text)
{
	buf_printf(text, "%s: %s (%s)", text_of(line, "record"), text_of(line, "verdict"),
		   text_of(line, "why"));
}

static void tell_dropped(const json_t *line, struct buf *text)
{
	buf_text(text, text_of(line, "why"));
}

static const struct {
	const char *kind;
	void (*tell)(const json_t *line, struct buf *text);
} kinds[] = {
	{"start", tell_start},     {"event", tell_event},       {"choice", tell_choice},
	{"settle", tell_settle},   {"decision", tell_decision}, {"request", tell_request},
	{"verdict", tell_verdict}, {"dropped", tell_dropped},
};
#define KINDS_COUNT (sizeof(kinds) / sizeof(kinds[0]))

/* The local time with its milliseconds. */
static void tell_time(const char *at, struct buf *text)
{
	const char *fraction = strchr(at, '.');
	char clock[16];
	struct tm tm;
	int64_t moment;
	time_t seconds;

	if (wording_moment(at, &moment) < 0) {
		buf_printf(text, "%-12s", "");
		return;
	}
	seconds = (time_t)moment;
	if (!localtime_r(&seconds, &tm) || !strftime(clock, sizeof(clock), "%H:%M:%S", &tm))
		clock[0] = '\0';
	buf_printf(text, "%-8s%-4.4s", clock, fraction && strlen(fraction) > 3 ? fraction : "");
}

static void tell_ms(const json_t *ms, struct buf *text)
{
	char number[32] = "";

	if (json_is_integer(ms))
		(void)snprintf(number, sizeof(number), "+%" PRId64 " ms",
			       (int64_t)json_integer_value(ms));
	buf_printf(text, "%10s", number);
}

void live_tell(const json_t *line, struct buf *text)
{
	const char *kind = text_of(line, "kind");

	tell_time(text_of(line, "at"), text);
	tell_ms(json_object_get(line, "ms"), text);
	buf_printf(text, "  %-8s  ", kind);
	for (size_t i = 0; i < KINDS_COUNT; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			kinds[i].tell(line, text);
}
