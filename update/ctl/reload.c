/* SPDX-License-Identifier: MIT */
/* nlddns reload: the daemon reads its configuration again. */
#include <stdio.h>

#include "update/ctl/command.h"
#include "update/ctl/request.h"

int reload_command(const struct context *context, const char *argument)
{
	int code = request_act(context, "reload", NULL);

	(void)argument;
	if (!code && !context->json)
		printf("The configuration was read again; `nlddns status` shows its records.\n");
	return code;
}
