/* SPDX-License-Identifier: MIT */
/* nlddns history: what has changed, when, and how long it took. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "providers/buf.h"
#include "update/changes.h"
#include "update/ctl/command.h"
#include "update/ctl/locate.h"
#include "update/ctl/request.h"
#include "update/ctl/table.h"
#include "update/ctl/timeline.h"
#include "update/ctl/wording.h"

#define TEXT_MAX 512

/* Without the daemon its files are read. Returns an exit code; on COMMAND_EXIT_WELL *ret is the
 * caller's. */
static int read_files(const struct context *context, json_t **ret)
{
	char dir[LOCATE_CONTROL_MAX];
	int error = changes_read(locate_state(context, dir), ret);

	if (!error)
		return COMMAND_EXIT_WELL;
	(void)fprintf(stderr,
		      "nlddns: nlddnsd is not running, and %s/" CHANGES_NAME " cannot be read: "
		      "%s.\n%s",
		      dir, strerror(-error),
		      error == -EACCES ? "Use sudo, or start nlddnsd, which tells the group "
					 "nlddns.\n"
				       : "");
	return error == -EACCES ? COMMAND_EXIT_USAGE : COMMAND_EXIT_NOT_RUNNING;
}

static int obtain(const struct context *context, json_t **ret)
{
	json_t *answer = NULL;
	int code = request_try(context, "history", &answer);

	if (code == -ENOENT)
		return read_files(context, ret);
	if (code == COMMAND_EXIT_WELL)
		*ret = json_incref(json_object_get(answer, "changes"));
	json_decref(answer);
	return code;
}

/* Those of name (NULL: any), of them the last count (0: all). */
static json_t *choose(const json_t *changes, const char *name, size_t count)
{
	json_t *chosen = json_array();
	size_t n;

	for (size_t i = 0; i < json_array_size(changes); i++) {
		json_t *change = json_array_get(changes, i);
		const char *own = json_string_value(json_object_get(change, "name"));

		if (!name || (own && wording_is_name(own, name)))
			(void)json_array_append(chosen, change);
	}
	n = json_array_size(chosen);
	for (size_t surplus = count && n > count ? n - count : 0; surplus > 0; surplus--)
		(void)json_array_remove(chosen, 0);
	return chosen;
}

static const char *text_of(const json_t *change, const char *key)
{
	const char *text = json_string_value(json_object_get(change, key));

	return text ? text : "?";
}

static void tell_addresses(const json_t *list, struct buf *text)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *item = json_string_value(json_array_get(list, i));

		buf_printf(text, "%s%s", i ? " " : "", item ? item : "?");
	}
	if (json_array_size(list) == 0)
		buf_text(text, "none");
}

static const char *tell_when(const json_t *change, char *out, size_t size)
{
	int64_t moment;
	struct tm tm;
	time_t t;

	if (wording_moment(text_of(change, "at"), &moment) < 0)
		return "?";
	t = (time_t)moment;
	return strftime(out, size, "%Y-%m-%d %H:%M:%S", localtime_r(&t, &tm)) ? out : "?";
}

static void add_row(struct table *table, const json_t *change)
{
	char when[32], span[WORDING_SPAN_MAX];
	int64_t took = timeline_took(change);
	struct buf what;

	buf_init(&what, TEXT_MAX);
	tell_addresses(json_object_get(change, "old"), &what);
	buf_text(&what, " -> ");
	tell_addresses(json_object_get(change, "new"), &what);
	table_add(table,
		  (const char *const[]){tell_when(change, when, sizeof(when)),
					text_of(change, "name"), text_of(change, "type"), what.text,
					took < 0 ? NULL : wording_ms(took, span)},
		  TABLE_TONE_PLAIN, 0);
	buf_done(&what);
}

static void print_table(const json_t *changes)
{
	static const char *const heads[] = {"WHEN", "NAME", "TYPE", "CHANGE", "TOOK"};
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));

	for (size_t i = 0; i < json_array_size(changes); i++)
		add_row(table, json_array_get(changes, i));
	table_print(table, stdout, table_screen_width(stdout), 0, table_screen_colours(stdout));
	table_free(table);
}

int history_command(const struct context *context, const char *argument)
{
	json_t *all = NULL, *changes;
	int code = obtain(context, &all);

	if (code)
		return code;
	changes = choose(all, argument, context->count);
	if (context->json)
		request_print_json(changes);
	else if (json_array_size(changes) == 0)
		(void)puts("No change has been written down yet.");
	else if (context->timeline)
		timeline_print(changes, stdout);
	else
		print_table(changes);
	json_decref(changes);
	json_decref(all);
	return COMMAND_EXIT_WELL;
}
