/* SPDX-License-Identifier: MIT */
#include "update/ctl/locate.h"

#include <stdio.h>
#include <string.h>

#include "cfg/reader.h"
#include "update/ctl/command.h"

/* What the main file itself says, however broken the rest is; NULL: nothing. */
static const char *find_control(const struct reader *reader)
{
	const struct reader_pair *pair;

	for (size_t i = 0; i < reader->n_sections; i++) {
		if (strcmp(reader->sections[i].title, "nlddns") != 0)
			continue;
		pair = reader_find(&reader->sections[i], "control");
		return pair ? pair->value : NULL;
	}
	return NULL;
}

static void read_main_file(const char *config, char out[static LOCATE_CONTROL_MAX])
{
	struct reader reader = {0};
	struct faults faults = {0};
	const char *control = NULL;

	if (reader_load(&reader, config, &faults) == 0)
		control = find_control(&reader);
	if (control && strlen(control) < LOCATE_CONTROL_MAX)
		(void)snprintf(out, LOCATE_CONTROL_MAX, "%s", control);
	faults_done(&faults);
	reader_done(&reader);
}

const char *locate_control(const struct context *context, char out[static LOCATE_CONTROL_MAX])
{
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;

	(void)snprintf(out, LOCATE_CONTROL_MAX, "%s", LOCATE_CONTROL_DEFAULT);
	if (cfg_load(command_config(context), &cfg, &errors) == 0) {
		if (strlen(cfg->daemon.control) < LOCATE_CONTROL_MAX)
			(void)snprintf(out, LOCATE_CONTROL_MAX, "%s", cfg->daemon.control);
		cfg_free(cfg);
	} else {
		read_main_file(command_config(context), out);
	}
	cfg_errors_done(&errors);
	return out;
}
