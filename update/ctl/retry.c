/* SPDX-License-Identifier: MIT */
/* nlddns retry NAME: release what the provider refused. */
#include "update/ctl/command.h"
#include "update/ctl/follow.h"
#include "update/ctl/request.h"

int retry_command(const struct context *context, const char *argument)
{
	int code = request_act(context, "retry", argument);

	return code || context->json ? code : follow_record(context, argument);
}
