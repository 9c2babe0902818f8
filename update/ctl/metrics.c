/* SPDX-License-Identifier: MIT */
/* nlddns metrics: the daemon's metrics, as it writes them to a file. */
#include <stdio.h>

#include "update/ctl/command.h"
#include "update/ctl/request.h"

int metrics_command(const struct context *context, const char *argument)
{
	json_t *answer = NULL;
	const char *text;
	int code = request_ask(context, "metrics", &answer);

	(void)argument;
	if (code)
		return code;
	text = json_string_value(json_object_get(answer, "metrics"));
	(void)fputs(text ? text : "", stdout);
	json_decref(answer);
	return COMMAND_EXIT_WELL;
}
