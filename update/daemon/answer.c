/* SPDX-License-Identifier: MIT */
#include "update/daemon/answer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "update/changes.h"
#include "update/daemon/bar.h"
#include "update/daemon/clock.h"
#include "update/daemon/daemon.h"
#include "update/daemon/describe.h"
#include "update/daemon/reload.h"
#include "update/log.h"
#include "update/utf8.h"

static void act_on(struct engine *engine, struct record *record, enum verb_kind kind)
{
	if (kind == VERB_RETRY)
		bar_retry(engine, record);
	else
		history_insist(&record->history);
	record->forced = true;
	records_touch(engine->records, record);
}

static json_t *objection(const char *text)
{
	return json_pack("{s:s}", "error", text);
}

/* Of those that are meant, the longest wait that a provider has asked for (ms); -1: none. */
static int64_t find_throttle(const struct engine *engine, const char *name, int64_t now)
{
	int64_t until = -1;

	for (size_t i = 0; i < engine->records->n; i++) {
		const struct record *record = &engine->records->list[i];
		int64_t at = queue_throttled(engine->queue, record->cfg->account, now);

		if (strcmp(record->cfg->name, name) == 0 && at > until)
			until = at;
	}
	return until;
}

static json_t *report(const struct engine *engine, const char *name, size_t n, int64_t now)
{
	json_t *json = json_pack("{s:b, s:I}", "ok", 1, "records", (json_int_t)n);
	int64_t until = find_throttle(engine, name, now);
	char span[CLOCK_TEXT_MAX], line[DNS_NAME_MAX + CLOCK_TEXT_MAX + 64];

	if (until < 0)
		return json;
	snprintf(line, sizeof(line),
		 "%s: the provider throttles this account; sent in %s at the earliest", name,
		 clock_span(until - now, span));
	json_object_set_new(json, "warnings", json_pack("[s]", line));
	return json;
}

static bool is_held(const struct engine *engine, const struct record *record)
{
	return history_held(&record->history) || bar_holds(engine, record);
}

/* All of that name, or none: each is asked before the first is touched. */
static json_t *for_records(struct daemon *daemon, const struct verb *verb, int64_t now)
{
	struct records *records = daemon->engine->records;
	size_t n = 0;

	for (size_t i = 0; i < records->n; i++) {
		const struct record *record = &records->list[i];

		if (strcmp(record->cfg->name, verb->name) != 0)
			continue;
		if (verb->kind == VERB_UPDATE && is_held(daemon->engine, record))
			return objection("held: correct what was refused, then retry it");
		n++;
	}
	if (n == 0)
		return objection("no record of that name; `nlddns status` lists them");
	for (size_t i = 0; i < records->n; i++)
		if (strcmp(records->list[i].cfg->name, verb->name) == 0)
			act_on(daemon->engine, &records->list[i], verb->kind);
	daemon->look = true;
	return report(daemon->engine, verb->name, n, now);
}

static json_t *errors_json(const struct cfg_errors *errors)
{
	json_t *list = json_array();
	char line[512];

	for (size_t i = 0; i < errors->n; i++) {
		const struct cfg_error *error = &errors->list[i];

		snprintf(line, sizeof(line), "%s:%d: %s%s", error->file, error->line,
			 error->warning ? "warning: " : "", error->text);
		json_array_append_new(list, utf8_json(line));
	}
	return list;
}

static json_t *reload(struct daemon *daemon)
{
	struct cfg_errors errors = {.n = 0};
	int err = reload_daemon(daemon, &errors);
	json_t *list = errors_json(&errors), *answer;

	if (err < 0)
		answer = json_pack("{s:s, s:o}", "error",
				   "the old configuration stays: correct the new one, then reload",
				   "errors", list);
	else
		answer = json_pack("{s:b, s:I, s:o}", "ok", 1, "records",
				   (json_int_t)daemon->engine->records->n, "warnings", list);
	cfg_errors_done(&errors);
	return answer;
}

static json_t *history(const struct daemon *daemon)
{
	const char *dir = daemon->cfg->daemon.state_dir;
	char line[512];
	json_t *changes = NULL;
	int err;

	if (daemon->logbook)
		logbook_write(daemon->logbook);
	err = changes_read(dir, &changes);

	if (!err)
		return json_pack("{s:o}", "changes", changes);
	snprintf(line, sizeof(line), "%s/" CHANGES_NAME " cannot be read: %s", dir, strerror(-err));
	return json_pack("{s:o}", "error", utf8_json(line));
}

static json_t *metrics(const struct daemon *daemon, int64_t now)
{
	struct metrics metrics = daemon_metrics(daemon, now);
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);
	json_t *json = NULL;

	if (!to)
		return NULL;
	metrics_write(&metrics, to);
	if (fclose(to) == 0)
		json = json_pack("{s:s%}", "metrics", text, len);
	free(text);
	return json;
}

void answer_part(void *arg, size_t *cursor, struct buf *out)
{
	const struct daemon *daemon = arg;
	struct describe_clock clock = {clock_now(), clock_wall(), daemon->started_at};

	describe_status(daemon->engine, belief_ready(daemon->belief), clock, cursor, out);
}

void answer_verb(void *arg, const struct verb *verb, json_t **ret)
{
	struct daemon *daemon = arg;
	struct describe_clock clock = {clock_now(), clock_wall(), daemon->started_at};

	switch (verb->kind) {
	case VERB_STATUS: /* control calls answer_part */
	case VERB_WATCH:  /* and answer_watch */
		break;
	case VERB_SNAPSHOT:
		*ret = describe_snapshot(daemon->engine, daemon->belief);
		break;
	case VERB_HISTORY:
		*ret = history(daemon);
		break;
	case VERB_METRICS:
		*ret = metrics(daemon, clock.now);
		break;
	case VERB_UPDATE:
		*ret = for_records(daemon, verb, clock.now);
		break;
	case VERB_RETRY:
		daemon->engine->unsaved = true;
		*ret = for_records(daemon, verb, clock.now);
		break;
	case VERB_RELOAD:
		*ret = reload(daemon);
		break;
	}
}

void answer_watch(void *arg, int fd)
{
	static const char full[] = "{\"error\":\"too many watchers; end one of them\"}\n";
	struct daemon *daemon = arg;
	struct engine *engine = daemon->engine;
	size_t len = 0;
	char *greeting = trace_greeting(engine->sources, engine->records, clock_now(), &len);
	int err = -ENOMEM;

	if (greeting)
		err = watchers_add(daemon->trace.watchers, fd, greeting, len);
	free(greeting);
	if (err == -EBUSY)
		(void)send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (err < 0)
		close(fd);
}
