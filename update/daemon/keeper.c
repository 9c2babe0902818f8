/* SPDX-License-Identifier: MIT */
#include "update/daemon/keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "update/daemon/clock.h"
#include "update/daemon/state.h"
#include "update/log.h"

void keeper_load(const char *dir, struct engine *engine)
{
	struct state_clock clock = {clock_now(), clock_wall()};
	struct state_entry *entries = NULL;
	size_t n = 0;
	int err = state_load(dir, clock, &entries, &n);

	if (err == -EBADMSG)
		log_warn("%s/" STATE_NAME ": damaged or of another version, ignoring it", dir);
	else if (err < 0 && err != -ENOENT)
		log_warn("%s/" STATE_NAME ": %s, going on without it", dir, strerror(-err));
	engine_restore(engine, entries, n);
	free(entries);
}

void keeper_save(struct keeper *keeper, const char *dir, struct engine *engine)
{
	struct state_clock clock = {clock_now(), clock_wall()};
	struct state_entry *entries = NULL;
	int err;

	if (!engine->unsaved)
		return;
	engine->unsaved = false;
	err = records_export(engine->records, &entries);
	if (!err)
		err = state_save(dir, clock, entries, engine->records->n);
	free(entries);
	if (err < 0 && !keeper->failed)
		log_warn("%s: the state cannot be saved: %s; going on, but a restart will send "
			 "every record again",
			 dir, strerror(-err));
	else if (!err && keeper->failed)
		log_info("%s: the state is saved again", dir);
	keeper->failed = err < 0;
}
