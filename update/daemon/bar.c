/* SPDX-License-Identifier: MIT */
#include "update/daemon/bar.h"

#include "update/log.h"

bool bar_holds(const struct engine *engine, const struct record *record)
{
	return queue_trust(engine->queue, record->cfg->account)->held && record->job == 0 &&
	       !record->retried && !history_held(&record->history);
}

static void follow(struct engine *engine, struct record *record)
{
	bool holds = bar_holds(engine, record);

	if (holds == record->barred)
		return;
	if (holds && record->due)
		queue_remove(engine->queue, record);
	records_touch(engine->records, record);
}

void bar_turn(struct engine *engine, size_t account)
{
	const char *name = engine->cfg->accounts[account].name;

	if (queue_trust(engine->queue, account)->held)
		log_error("account %s: the provider has refused its credentials for %d records; "
			  "all of them are held: correct the credentials, or `nlddns retry` one "
			  "name",
			  name, TRUST_REFUSALS);
	else
		log_info("account %s: its credentials work; it is held no longer", name);
	for (size_t i = 0; i < engine->records->n; i++)
		if (engine->records->list[i].cfg->account == account)
			follow(engine, &engine->records->list[i]);
}

void bar_restored(struct engine *engine)
{
	for (size_t i = 0; i < engine->cfg->n_accounts; i++)
		if (queue_trust(engine->queue, i)->held)
			log_warn("account %s: still held, since the provider refused its "
				 "credentials: correct them, or `nlddns retry` one name",
				 engine->cfg->accounts[i].name);
	for (size_t i = 0; i < engine->records->n; i++) {
		struct record *record = &engine->records->list[i];

		record->barred = bar_holds(engine, record);
		if (record->barred)
			news_remember(record, true);
	}
}

void bar_retry(struct engine *engine, struct record *record)
{
	trust_forgive(queue_trust(engine->queue, record->cfg->account), &record->history);
	history_release(&record->history);
	record->retried = true;
}
