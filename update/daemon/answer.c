/* SPDX-License-Identifier: MIT */
#include "update/daemon/answer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "update/daemon/clock.h"
#include "update/daemon/daemon.h"
#include "update/daemon/describe.h"
#include "update/log.h"

static json_t *update_record(struct record *record)
{
	if (history_held(&record->history))
		return json_string("held: correct what was refused, then retry it");
	history_insist(&record->history);
	record->forced = true;
	return NULL;
}

static json_t *retry_record(struct record *record)
{
	history_release(&record->history);
	record->forced = true;
	return NULL;
}

/* Lets act have every record of that name; a text from it is an objection. */
static json_t *for_records(struct daemon *daemon, const struct verb *verb,
			   json_t *(*act)(struct record *record))
{
	struct records *records = daemon->engine->records;
	json_t *objection = NULL;
	size_t n = 0;

	for (size_t i = 0; i < records->n && !objection; i++) {
		if (strcmp(records->list[i].cfg->name, verb->name) != 0)
			continue;
		objection = act(&records->list[i]);
		n++;
	}
	daemon->look = true;
	if (objection)
		return json_pack("{s:o}", "error", objection);
	if (n == 0)
		return json_pack("{s:s}", "error",
				 "no record of that name; `nlddns status` lists them");
	return json_pack("{s:b, s:I}", "ok", 1, "records", (json_int_t)n);
}

static json_t *errors_json(const struct cfg_errors *errors)
{
	json_t *list = json_array();
	char line[512];

	for (size_t i = 0; i < errors->n; i++) {
		const struct cfg_error *error = &errors->list[i];

		snprintf(line, sizeof(line), "%s:%d: %s%s", error->file, error->line,
			 error->warning ? "warning: " : "", error->text);
		json_array_append_new(list, json_string(line));
	}
	return list;
}

static json_t *reload(struct daemon *daemon)
{
	struct cfg_errors errors = {.n = 0};
	int err = daemon_reload(daemon, &errors);
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

void answer_verb(void *arg, const struct verb *verb, json_t **ret)
{
	struct daemon *daemon = arg;
	struct describe_clock clock = {clock_now(), clock_wall(), daemon->started_at};

	switch (verb->kind) {
	case VERB_STATUS:
		*ret = describe_status(daemon->engine, belief_ready(daemon->belief), clock);
		break;
	case VERB_SNAPSHOT:
		*ret = describe_snapshot(daemon->engine, daemon->belief);
		break;
	case VERB_WATCH: /* control calls answer_watch */
		break;
	case VERB_UPDATE:
		*ret = for_records(daemon, verb, update_record);
		break;
	case VERB_RETRY:
		daemon->engine->unsaved = true;
		*ret = for_records(daemon, verb, retry_record);
		break;
	case VERB_RELOAD:
		*ret = reload(daemon);
		break;
	}
}

void answer_watch(void *arg, int fd)
{
	static const char full[] = "{\"error\":\"too many watch already; end one of them\"}\n";
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
