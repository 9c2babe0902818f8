/* SPDX-License-Identifier: MIT */
/* nlddns once --dry-run: the requests that would be made for a name. */
#include <stdio.h>
#include <string.h>

#include "update/ctl/command.h"
#include "update/ctl/kernel.h"
#include "update/ctl/preview.h"

static int show_all(const struct cfg *cfg, const char *name)
{
	struct snapshot snapshot = {0};
	int code = COMMAND_EXIT_WELL;
	bool found = false;

	/* Without the kernel's word there is just no address. */
	(void)kernel_read(&snapshot);
	for (size_t i = 0; i < cfg->n_records; i++) {
		const struct cfg_record *record = &cfg->records[i];

		if (strcasecmp(record->name, name) != 0)
			continue;
		found = true;
		if (!preview_is_repeated(cfg, record, &snapshot) &&
		    !preview_print(cfg, record, &snapshot))
			code = COMMAND_EXIT_USAGE;
	}
	if (!found) {
		(void)fprintf(stderr,
			      "nlddns: there is no record `%s`; `nlddns check` lists them.\n",
			      name);
		code = COMMAND_EXIT_USAGE;
	}
	kernel_free(&snapshot);
	return code;
}

int once_command(const struct context *context, const char *argument)
{
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;
	int code = COMMAND_EXIT_USAGE;

	if (!context->dry_run) {
		(void)fprintf(stderr,
			      "nlddns once: needs --dry-run; to send, use `nlddns update %s`.\n",
			      argument);
		return COMMAND_EXIT_USAGE;
	}
	if (cfg_load(command_config(context), &cfg, &errors) < 0)
		cfg_errors_print(&errors, stderr);
	else
		code = show_all(cfg, argument);
	cfg_errors_done(&errors);
	cfg_free(cfg);
	return code;
}
