/* SPDX-License-Identifier: MIT */
#include "update/ctl/locate.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cfg/environment.h"
#include "cfg/reader.h"
#include "update/ctl/command.h"

/* What the main file itself says, however broken the rest is; NULL: nothing. */
static const char *find_value(const struct reader *reader, const char *key)
{
	const struct reader_pair *pair;

	for (size_t i = 0; i < reader->n_sections; i++) {
		if (strcmp(reader->sections[i].title, "nlddns") != 0)
			continue;
		pair = reader_find(&reader->sections[i], key);
		return pair ? pair->value : NULL;
	}
	return NULL;
}

static void put(const char *path, char out[static LOCATE_CONTROL_MAX])
{
	if (path && strlen(path) < LOCATE_CONTROL_MAX)
		(void)snprintf(out, LOCATE_CONTROL_MAX, "%s", path);
}

/* What can be told of a configuration that is broken elsewhere. */
static void read_main_file(const char *config, const char *key, char out[static LOCATE_CONTROL_MAX])
{
	struct reader reader = {0};
	struct faults faults = {0};

	if (reader_load(&reader, config, &faults) == 0)
		put(find_value(&reader, key), out);
	put(environment_daemon(environ, key), out);
	faults_done(&faults);
	reader_done(&reader);
}

const char *locate_control(const struct context *context, char out[static LOCATE_CONTROL_MAX])
{
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;

	put(LOCATE_CONTROL_DEFAULT, out);
	if (cfg_load(command_config(context), &cfg, &errors) == 0)
		put(cfg->daemon.control, out);
	else
		read_main_file(command_config(context), "control", out);
	cfg_free(cfg);
	cfg_errors_done(&errors);
	return out;
}

const char *locate_state(const struct context *context, char out[static LOCATE_CONTROL_MAX])
{
	struct cfg_errors errors = {0};
	struct cfg *cfg = NULL;

	put(LOCATE_STATE_DEFAULT, out);
	if (cfg_load(command_config(context), &cfg, &errors) == 0)
		put(cfg->daemon.state_dir, out);
	else
		read_main_file(command_config(context), "state-dir", out);
	cfg_free(cfg);
	cfg_errors_done(&errors);
	return out;
}
