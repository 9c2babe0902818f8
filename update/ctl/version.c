/* SPDX-License-Identifier: MIT */
/* nlddns version: ours, and the running daemon's if there is one that differs. */
#include <stdio.h>
#include <string.h>

#include "update/ctl/client.h"
#include "update/ctl/command.h"
#include "update/ctl/locate.h"
#include "update/ctl/request.h"
#include "update/ctl/wording.h"
#include "update/version.h"

static void print_text(const char *daemon)
{
	printf("nlddns %s\n", VERSION);
	if (!daemon || !strcmp(daemon, VERSION))
		return;
	(void)fputs("nlddnsd ", stdout);
	wording_print(stdout, daemon);
	(void)fputs(" is running; restart it to bring both to one version\n", stdout);
}

int version_command(const struct context *context, const char *argument)
{
	char path[LOCATE_CONTROL_MAX];
	json_t *answer = NULL, *both;
	const char *daemon = NULL;

	(void)argument;
	/* That there is no daemon, or not for us, is no failure of this command. */
	if (client_ask(locate_control(context, path), "status", CLIENT_PATIENCE_MS, &answer) == 0)
		daemon = json_string_value(json_object_get(answer, "version"));
	if (context->json) {
		both = json_pack("{s:s,s:s?}", "nlddns", VERSION, "nlddnsd", daemon);
		request_print_json(both);
		json_decref(both);
	} else {
		print_text(daemon);
	}
	json_decref(answer);
	return COMMAND_EXIT_WELL;
}
