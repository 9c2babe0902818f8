/* SPDX-License-Identifier: MIT */
#include "update/ctl/status.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "update/ctl/command.h"
#include "update/ctl/health.h"
#include "update/ctl/request.h"
#include "update/ctl/wording.h"

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static const char *text_or(const json_t *object, const char *key, const char *otherwise)
{
	const char *text = text_of(object, key);

	return text ? text : otherwise;
}

/* Seconds from a moment to now (negative: it is to come); false: it is not told. */
static bool age_of(const json_t *object, const char *key, int64_t now, int64_t *ret)
{
	const char *text = text_of(object, key);
	int64_t moment;

	if (!text || wording_moment(text, &moment) < 0)
		return false;
	*ret = now - moment;
	return true;
}

/* What fits; an end that does not is shown as "...". */
static void append(char *text, size_t size, const char *more)
{
	size_t len = strlen(text), need = strlen(more);

	if (len + need + 4 < size)
		memcpy(text + len, more, need + 1);
	else if (len < 3 || strcmp(text + len - 3, "...") != 0)
		memcpy(text + len, "...", 4);
}

static void join(const json_t *list, char *text, size_t size)
{
	text[0] = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		if (i)
			append(text, size, " ");
		append(text, size, json_is_string(item) ? json_string_value(item) : "?");
	}
}

/* "old -> new" while they differ. */
static void tell_addresses(const json_t *record, char out[static STATUS_TEXT_MAX])
{
	const json_t *wanted = json_object_get(record, "wanted");
	const json_t *confirmed = json_object_get(record, "confirmed");
	char now[STATUS_TEXT_MAX / 2 - 8], then[STATUS_TEXT_MAX / 2 - 8];

	join(wanted, now, sizeof(now));
	join(confirmed, then, sizeof(then));
	if (json_equal(wanted, confirmed) || !json_array_size(confirmed))
		(void)snprintf(out, STATUS_TEXT_MAX, "%s", now);
	else
		(void)snprintf(out, STATUS_TEXT_MAX, "%s -> %s", then, *now ? now : "none");
}

static enum table_tone tone_of(const char *state)
{
	static const struct {
		const char *state;
		enum table_tone tone;
	} tones[] = {
		{"confirmed", TABLE_TONE_GOOD},  {"waiting", TABLE_TONE_WAITING},
		{"pending", TABLE_TONE_WAITING}, {"sending", TABLE_TONE_WAITING},
		{"held", TABLE_TONE_BAD},
	};

	for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); i++)
		if (!strcmp(tones[i].state, state))
			return tones[i].tone;
	return TABLE_TONE_PLAIN;
}

static void tell_when(const json_t *record, const char *state, int64_t now, char *out, size_t size)
{
	char span[WORDING_SPAN_MAX];
	int64_t age;

	out[0] = 0;
	if (!strcmp(state, "confirmed")) {
		if (age_of(record, "confirmed_at", now, &age))
			(void)snprintf(out, size, "for %s", wording_span(age, span));
	} else if (strcmp(state, "held") != 0 && age_of(record, "next", now, &age)) {
		if (age < 0)
			(void)snprintf(out, size, "next in %s", wording_span(-age, span));
		else
			(void)snprintf(out, size, "next now");
	} else if (age_of(record, "changed", now, &age)) {
		(void)snprintf(out, size, "for %s", wording_span(age, span));
	}
}

void status_read(const json_t *record, int64_t now, struct status_row *ret)
{
	*ret = (struct status_row){
		.name = text_or(record, "name", "?"),
		.type = text_or(record, "type", "?"),
		.state = text_or(record, "state", "?"),
		.source = text_or(record, "source", "?"),
		.why = text_or(record, "why", ""),
	};
	tell_addresses(record, ret->addresses);
	tell_when(record, ret->state, now, ret->when, sizeof(ret->when));
	ret->tone = tone_of(ret->state);
	ret->degraded =
		!strcmp(ret->state, "held") || json_is_true(json_object_get(record, "failing"));
	if (ret->degraded)
		ret->tone = TABLE_TONE_BAD;
}

static void print_head(const json_t *status)
{
	char span[WORDING_SPAN_MAX];
	const json_t *uptime = json_object_get(status, "uptime");

	(void)fputs("nlddnsd ", stdout);
	wording_print(stdout, text_or(status, "version", "?"));
	if (json_is_number(uptime))
		printf(", up %s", wording_span((int64_t)json_number_value(uptime), span));
	(void)fputs(json_is_false(json_object_get(status, "ready"))
			    ? ", has not read the kernel yet\n\n"
			    : "\n\n",
		    stdout);
}

static void print_table(const json_t *records, int64_t now)
{
	static const char *const heads[] = {"NAME",   "TYPE", "STATE", "ADDRESS",
					    "SOURCE", "WHEN", "WHY"};
	const size_t n = sizeof(heads) / sizeof(heads[0]);
	struct table *table = table_new(heads, n);

	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);
		struct status_row row;

		status_read(record, now, &row);
		table_add(table,
			  (const char *const[]){row.name, row.type, row.state, row.addresses,
						row.source, row.when, row.why},
			  row.tone, 2);
	}
	table_print(table, stdout, table_screen_width(stdout), 0, table_screen_colours(stdout));
	table_free(table);
}

static bool any_degraded(const json_t *records, int64_t now)
{
	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);
		struct status_row row;

		status_read(record, now, &row);
		if (row.degraded)
			return true;
	}
	return false;
}

/* What a person can do about the first record that is held. */
static void print_advice(const json_t *records)
{
	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		if (strcmp(text_or(record, "state", ""), "held") != 0)
			continue;
		(void)fputs("\nheld: the provider refused it. Correct what WHY says, then `nlddns "
			    "reload`; "
			    "if nothing was\nto be changed here, `nlddns retry ",
			    stdout);
		wording_print(stdout, text_or(record, "name", "NAME"));
		(void)fputs("`.\n", stdout);
		return;
	}
}

int status_command(const struct context *context, const char *argument)
{
	int64_t now = (int64_t)time(NULL);
	const json_t *records;
	json_t *status = NULL;
	bool degraded;
	int code;

	(void)argument;
	if (context->check)
		return health_check(context);
	code = request_ask(context, "status", &status);
	if (code)
		return code;
	records = json_object_get(status, "records");
	degraded = any_degraded(records, now);
	if (context->json) {
		request_print_json(status);
	} else {
		print_head(status);
		if (json_array_size(records)) {
			print_table(records, now);
			print_advice(records);
		} else {
			printf("No records: add one to %s, then `nlddns reload`.\n",
			       command_config(context));
		}
	}
	json_decref(status);
	return degraded ? COMMAND_EXIT_DEGRADED : COMMAND_EXIT_WELL;
}
