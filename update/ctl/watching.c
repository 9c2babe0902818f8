/* SPDX-License-Identifier: MIT */
/* nlddns watch: what the daemon does, as it does it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "update/ctl/client.h"
#include "update/ctl/command.h"
#include "update/ctl/live.h"
#include "update/ctl/locate.h"
#include "update/ctl/request.h"
#include "update/ctl/wording.h"

struct viewer {
	const struct context *context;
	int code; /* to end with, if the line says so */
};

static void print_line(const json_t *line)
{
	struct buf text;

	buf_init(&text, LIVE_LINE_MAX);
	live_tell(line, &text);
	if (text.text)
		wording_print(stdout, text.text);
	(void)putchar('\n');
	buf_done(&text);
}

/* False: that was the last one. */
static bool show(void *arg, const json_t *line)
{
	struct viewer *viewer = arg;
	const char *error = json_string_value(json_object_get(line, "error"));
	const char *kind = json_string_value(json_object_get(line, "kind"));

	if (error && !viewer->context->json) {
		(void)fputs("nlddns: ", stderr);
		wording_print(stderr, error);
		(void)fputc('\n', stderr);
	} else if (viewer->context->json) {
		request_print_json(line);
	} else {
		print_line(line);
	}
	if (error)
		viewer->code = COMMAND_EXIT_USAGE;
	else if (kind && !strcmp(kind, "dropped"))
		viewer->code = COMMAND_EXIT_DEGRADED;
	return fflush(stdout) == 0 && viewer->code == COMMAND_EXIT_WELL;
}

/* Readable once the person has seen enough. -1: not to be had. */
static int open_stop(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC);
}

int watch_command(const struct context *context, const char *argument)
{
	struct viewer viewer = {.context = context};
	struct client_reader reader = {.each = show, .arg = &viewer, .stop_fd = open_stop()};
	char path[LOCATE_CONTROL_MAX];
	int error = client_stream(locate_control(context, path), "watch", &reader);

	(void)argument;
	if (reader.stop_fd >= 0)
		close(reader.stop_fd);
	if (error == -EPIPE) {
		(void)fputs("nlddns: nlddnsd has ended.\n", stderr);
		return COMMAND_EXIT_NOT_RUNNING;
	}
	return error ? client_complain(path, error) : viewer.code;
}
