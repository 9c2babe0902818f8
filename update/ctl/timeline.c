/* SPDX-License-Identifier: MIT */
#include "update/ctl/timeline.h"

#include <string.h>
#include <time.h>

#include "update/ctl/wording.h"

#define NAME_WIDTH 26
#define TOOK_WIDTH 10
#define BAR_WIDTH  26

static const struct {
	const char *key;
	char mark;
} parts[] = {
	{"settle_ms", '.'},
	{"queue_ms", '-'},
	{"provider_ms", '#'},
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

/* -1: not known. */
static int64_t part_of(const json_t *change, size_t part)
{
	const json_t *ms = json_object_get(change, parts[part].key);

	return json_is_integer(ms) && json_integer_value(ms) >= 0 ? json_integer_value(ms) : -1;
}

int64_t timeline_took(const json_t *change)
{
	int64_t took = -1;

	for (size_t i = 0; i < PARTS; i++) {
		int64_t ms = part_of(change, i);

		if (ms >= 0)
			took = (took < 0 ? 0 : took) + ms;
	}
	return took;
}

static int64_t longest(const json_t *changes)
{
	int64_t most = 0;

	for (size_t i = 0; i < json_array_size(changes); i++) {
		int64_t took = timeline_took(json_array_get(changes, i));

		if (took > most)
			most = took;
	}
	return most;
}

/* The column where a moment of the way falls; what took time is seen. */
static int column_of(int64_t ms, int64_t scale)
{
	if (ms <= 0 || scale <= 0)
		return 0;
	return 1 + (int)((double)ms / (double)scale * (BAR_WIDTH - 1) + 0.5);
}

static void print_bar(const json_t *change, int64_t scale, FILE *to)
{
	int64_t passed = 0;
	int column = 0;

	for (size_t i = 0; i < PARTS; i++) {
		int64_t ms = part_of(change, i);

		if (ms < 0)
			continue;
		passed += ms;
		for (; column < column_of(passed, scale); column++)
			(void)fputc(parts[i].mark, to);
	}
}

static const char *text_of(const json_t *change, const char *key)
{
	const char *text = json_string_value(json_object_get(change, key));

	return text ? text : "?";
}

static void print_when(const json_t *change, FILE *to)
{
	char text[32] = "?";
	int64_t moment;
	struct tm tm;
	time_t t;

	if (wording_moment(text_of(change, "at"), &moment) == 0) {
		t = (time_t)moment;
		(void)strftime(text, sizeof(text), "%m-%d %H:%M:%S", localtime_r(&t, &tm));
	}
	(void)fprintf(to, "%-14s", text);
}

static void print_name(const json_t *change, FILE *to)
{
	char text[300];

	(void)snprintf(text, sizeof(text), "%s %s", text_of(change, "name"),
		       text_of(change, "type"));
	if (strlen(text) > NAME_WIDTH)
		memcpy(text + NAME_WIDTH - 2, "..", 3);
	wording_print(to, text);
	(void)fprintf(to, "%*s", NAME_WIDTH - (int)strlen(text), "");
}

void timeline_print(const json_t *changes, FILE *to)
{
	int64_t scale = longest(changes);
	char span[WORDING_SPAN_MAX];

	for (size_t i = 0; i < json_array_size(changes); i++) {
		const json_t *change = json_array_get(changes, i);
		int64_t took = timeline_took(change);

		print_when(change, to);
		(void)fputc(' ', to);
		print_name(change, to);
		(void)fprintf(to, "%*s ", TOOK_WIDTH, took < 0 ? "?" : wording_ms(took, span));
		print_bar(change, scale, to);
		(void)fputc('\n', to);
	}
	(void)fprintf(to,
		      ". settling  - until it was sent  # the provider; the longest bar is %s\n",
		      wording_ms(scale, span));
}
