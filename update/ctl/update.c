/* SPDX-License-Identifier: MIT */
/* nlddns update NAME: send it again now. */
#include "update/ctl/command.h"
#include "update/ctl/follow.h"
#include "update/ctl/request.h"

int update_command(const struct context *context, const char *argument)
{
	int code = request_act(context, "update", argument);

	return code || context->json ? code : follow_record(context, argument);
}
