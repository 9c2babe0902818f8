/* SPDX-License-Identifier: MIT */
#include "update/ctl/request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "update/ctl/client.h"
#include "update/ctl/command.h"
#include "update/ctl/locate.h"
#include "update/ctl/wording.h"

#define LINE_MAX_BYTES 512
#define NAME_MAX_BYTES 256

/* With --check the whole command takes less than a second. */
#define CHECK_PATIENCE_MS 800

/* The daemon's own words go out as they are: they say what to do. */
static void print_lines(const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *text = json_array_get(list, i);

		if (!json_is_string(text))
			continue;
		wording_print(stderr, json_string_value(text));
		(void)fputc('\n', stderr);
	}
}

static void print_refusal(const json_t *answer, const char *error)
{
	print_lines(json_object_get(answer, "errors"));
	(void)fputs("nlddns: ", stderr);
	wording_print(stderr, error);
	(void)fputc('\n', stderr);
}

static int complain(const struct context *context, const char *path, int error)
{
	if (access(command_config(context), R_OK) < 0 && errno == EACCES)
		(void)fprintf(stderr,
			      "nlddns: %s cannot be read by this user, so nlddnsd was looked for "
			      "where it usually is; use sudo if it is elsewhere.\n",
			      command_config(context));
	return client_complain(path, error);
}

/* Takes over answer. */
static int examine(const struct context *context, json_t *answer, json_t **ret)
{
	const char *text = json_string_value(json_object_get(answer, "error"));

	if (!text) {
		*ret = answer;
		return COMMAND_EXIT_WELL;
	}
	if (context->json)
		request_print_json(answer);
	print_refusal(answer, text);
	json_decref(answer);
	return COMMAND_EXIT_USAGE;
}

int request_try(const struct context *context, const char *line, json_t **ret)
{
	int patience = context->check ? CHECK_PATIENCE_MS : CLIENT_PATIENCE_MS;
	char path[LOCATE_CONTROL_MAX];
	json_t *answer = NULL;
	int error = client_ask(locate_control(context, path), line, patience, &answer);

	if (error == -ENOENT || error == -ECONNREFUSED)
		return -ENOENT;
	if (error)
		return complain(context, path, error);
	return examine(context, answer, ret);
}

int request_ask(const struct context *context, const char *line, json_t **ret)
{
	char path[LOCATE_CONTROL_MAX];
	int code = request_try(context, line, ret);

	if (code == -ENOENT)
		return complain(context, locate_control(context, path), code);
	return code;
}

int request_act(const struct context *context, const char *verb, const char *name)
{
	char line[LINE_MAX_BYTES];
	json_t *answer = NULL;
	int code;

	if (name && (!*name || strlen(name) > NAME_MAX_BYTES || strpbrk(name, " \t\r\n"))) {
		(void)fprintf(stderr,
			      "nlddns: `%.256s` is no record name; `nlddns status` lists them.\n",
			      name);
		return COMMAND_EXIT_USAGE;
	}
	(void)snprintf(line, sizeof(line), "%s%s%s", verb, name ? " " : "", name ? name : "");
	code = request_ask(context, line, &answer);
	if (code)
		return code;
	print_lines(json_object_get(answer, "warnings"));
	if (context->json)
		request_print_json(answer);
	json_decref(answer);
	return COMMAND_EXIT_WELL;
}

void request_print_json(const json_t *value)
{
	(void)json_dumpf(value, stdout, JSON_COMPACT);
	(void)putchar('\n');
}
