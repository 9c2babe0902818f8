/* SPDX-License-Identifier: MIT */
#include "update/daemon/ending.h"

#include "update/daemon/dispatch.h"
#include "update/log.h"

static bool is_to_go(const struct record *record)
{
	const struct history *history = &record->history;

	return record->cfg->on_stop == CFG_STOP_DELETE && !history_held(history) &&
	       history_may_exist(history);
}

bool ending_begin(struct engine *engine, int64_t now)
{
	size_t n = 0;

	for (size_t i = 0; i < engine->records->n; i++)
		n += is_to_go(&engine->records->list[i]);
	if (n == 0)
		return false;
	log_info("records to delete before the end (on-stop): %zu", n);
	dispatch_cancel_all(engine);
	engine->stopping = true;
	for (size_t i = 0; i < engine->records->n; i++)
		records_touch(engine->records, &engine->records->list[i]);
	engine_review(engine, now);
	return true;
}

bool ending_busy(const struct engine *engine, int64_t until)
{
	int64_t due = records_due(engine->records);

	return queue_any(engine->queue) || queue_waits(engine->queue) ||
	       engine->records->n_touched > 0 || (due >= 0 && due < until);
}
