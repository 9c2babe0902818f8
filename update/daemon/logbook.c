/* SPDX-License-Identifier: MIT */
#include "update/daemon/logbook.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "providers/buf.h"
#include "update/changes.h"
#include "update/daemon/clock.h"
#include "update/daemon/describe.h"
#include "update/log.h"
#include "update/utf8.h"

struct logbook {
	char *dir;
	struct buf lines; /* not written yet */
	bool failed;      /* the last time; and said */
};

struct logbook *logbook_new(const char *dir)
{
	struct logbook *logbook = calloc(1, sizeof(*logbook));

	if (!logbook)
		return NULL;
	buf_init(&logbook->lines, CHANGES_SIZE_MAX / 2);
	logbook->dir = strdup(dir);
	if (!logbook->dir) {
		free(logbook);
		return NULL;
	}
	return logbook;
}

void logbook_free(struct logbook *logbook)
{
	if (!logbook)
		return;
	buf_done(&logbook->lines);
	free(logbook->dir);
	free(logbook);
}

/* Null unless both moments are known. */
static json_t *between(int64_t from, int64_t to)
{
	return from < 0 || to < from ? json_null() : json_integer(to - from);
}

static json_t *change_json(const struct news *news)
{
	char at[CLOCK_TEXT_MAX];

	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:s?, s:o, s:o, s:o, s:o}",
			 "at", clock_stamp(clock_wall(), at), "name", news->name, "type",
			 provider_type_name(news->type), "provider", news->provider, "account",
			 utf8_json(news->account), "interface", utf8_json(news->interface), "old",
			 describe_addresses(news->before.list, news->before.n), "new",
			 describe_addresses(news->after.list, news->after.n), "attempts",
			 (json_int_t)news->attempts, "verdict", news->verdict, "settle_ms",
			 between(news->event_at, news->settled_at), "queue_ms",
			 between(news->settled_at, news->sent_at), "provider_ms",
			 between(news->sent_at, news->answered_at), "took_ms",
			 between(news->event_at, news->answered_at));
}

void logbook_tell(void *arg, const struct news *news)
{
	struct logbook *logbook = arg;
	json_t *json;
	char *text;

	if (news->kind != NEWS_CONFIRMED)
		return;
	json = change_json(news);
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	if (!text)
		return;
	if (logbook->lines.len + strlen(text) + 1 > logbook->lines.cap)
		logbook_write(logbook);
	buf_printf(&logbook->lines, "%s\n", text);
	free(text);
}

void logbook_write(struct logbook *logbook)
{
	int err;

	if (logbook->lines.len == 0)
		return;
	err = changes_append(logbook->dir, logbook->lines.text, logbook->lines.len);
	buf_done(&logbook->lines);
	buf_init(&logbook->lines, CHANGES_SIZE_MAX / 2);
	if (err < 0 && !logbook->failed)
		log_warn("%s/" CHANGES_NAME ": changes cannot be written down: %s; going on "
			 "without",
			 logbook->dir, strerror(-err));
	else if (!err && logbook->failed)
		log_info("%s/" CHANGES_NAME ": changes are written down again", logbook->dir);
	logbook->failed = err < 0;
}
