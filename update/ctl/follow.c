/* SPDX-License-Identifier: MIT */
#include "update/ctl/follow.h"

#include <jansson.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "update/ctl/command.h"
#include "update/ctl/request.h"
#include "update/ctl/status.h"
#include "update/ctl/wording.h"

#define LOOK_EVERY_MS     100
#define PROGRESS_AFTER_MS 1000

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* Whether a record of the daemon's status is still under way. */
static bool is_busy(const json_t *record)
{
	const char *state = text_of(record, "state");

	/* Pending without a moment, or due at once: the daemon is just about to send. */
	if (!strcmp(state, "pending"))
		return !*text_of(record, "next");
	return !strcmp(state, "sending");
}

/* Whether a record's last attempt failed, or it is held. */
static bool has_failed(const json_t *record)
{
	const json_t *failures = json_object_get(record, "failures");

	return !strcmp(text_of(record, "state"), "held") || json_integer_value(failures) > 0;
}

static void print_record(const json_t *record)
{
	struct status_row row;

	status_read(record, (int64_t)time(NULL), &row);
	wording_print(stdout, row.name);
	(void)putchar(' ');
	wording_print(stdout, row.type);
	(void)fputs(": ", stdout);
	wording_print(stdout, row.state);
	(void)putchar(' ');
	wording_print(stdout, row.addresses);
	if (strcmp(row.state, "confirmed") != 0 && *row.when)
		printf(", %s", row.when);
	if (*row.why) {
		(void)fputs(" (", stdout);
		wording_print(stdout, row.why);
		(void)fputs(")", stdout);
	}
	(void)putchar('\n');
}

/* The exit code if all have come to an end or must (last); -1: not yet. */
static int look(const json_t *status, const char *name, bool last)
{
	const json_t *records = json_object_get(status, "records");
	int code = COMMAND_EXIT_WELL;

	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		if (wording_is_name(text_of(record, "name"), name) && is_busy(record) && !last)
			return -1;
	}
	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		if (!wording_is_name(text_of(record, "name"), name))
			continue;
		print_record(record);
		if (has_failed(record) || is_busy(record))
			code = COMMAND_EXIT_DEGRADED;
	}
	return code;
}

int follow_record(const struct context *context, const char *name)
{
	int waited = 0, code = -1;

	while (code < 0) {
		json_t *status = NULL;

		(void)poll(NULL, 0, LOOK_EVERY_MS);
		waited += LOOK_EVERY_MS;
		code = request_ask(context, "status", &status);
		if (code)
			return code;
		code = look(status, name, waited >= FOLLOW_PATIENCE_MS);
		json_decref(status);
		if (code < 0 && waited == PROGRESS_AFTER_MS && isatty(STDERR_FILENO))
			(void)fputs("waiting for the provider's answer ...\n", stderr);
	}
	if (waited >= FOLLOW_PATIENCE_MS)
		(void)fputs("Still under way; `nlddns status` shows what comes of it.\n", stderr);
	return code;
}
