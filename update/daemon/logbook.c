/* SPDX-License-Identifier: MIT */
#include "update/daemon/logbook.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "providers/buf.h"
#include "update/changes.h"
#include "update/daemon/clock.h"
#include "update/log.h"
#include "update/utf8.h"

#define PIECE     4096 /* bytes that do not wait for more */
#define LINE_ROOM 2048 /* more than a line takes */

struct logbook {
	char *dir;
	struct buf lines;   /* not written yet */
	int64_t written_at; /* ms; the last time in a turn */
	bool failed;        /* the last time; and said */
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

/* Within quotes it is JSON as it is. */
static bool is_plain(const char *text)
{
	while (*text >= ' ' && *text <= '~' && *text != '"' && *text != '\\')
		text++;
	return *text == '\0';
}

static void add_text(struct buf *to, const char *text)
{
	json_t *json;
	char *quoted;

	if (is_plain(text)) {
		buf_text(to, "\"");
		buf_text(to, text);
		buf_text(to, "\"");
		return;
	}
	json = utf8_json(text);
	quoted = json ? json_dumps(json, JSON_ENCODE_ANY) : NULL;

	buf_text(to, quoted ? quoted : "\"\"");
	free(quoted);
	json_decref(json);
}

static void add_addresses(struct buf *to, const char *key, const struct addrs *addrs)
{
	char text[ADDR_TEXT_MAX];

	buf_printf(to, ",\"%s\":[", key);
	for (size_t i = 0; i < addrs->n; i++)
		buf_printf(to, "%s\"%s\"", i > 0 ? "," : "", addr_text(&addrs->list[i], text));
	buf_text(to, "]");
}

/* Null unless both moments are known. */
static void add_span(struct buf *to, const char *key, int64_t from, int64_t until)
{
	if (from < 0 || until < from)
		buf_printf(to, ",\"%s\":null", key);
	else
		buf_printf(to, ",\"%s\":%" PRId64, key, until - from);
}

/* By hand, since there may be thousands at a time. */
static void add_line(struct buf *to, const struct news *news)
{
	const char *quote = news->verdict ? "\"" : "";
	char at[CLOCK_TEXT_MAX];

	buf_printf(to, "{\"at\":\"%s\",\"name\":\"%s\",\"type\":\"%s\",\"provider\":",
		   clock_stamp(clock_wall(), at), news->name, provider_type_name(news->type));
	add_text(to, news->provider);
	buf_text(to, ",\"account\":");
	add_text(to, news->account);
	buf_text(to, ",\"interface\":");
	add_text(to, news->interface);
	add_addresses(to, "old", &news->before);
	add_addresses(to, "new", &news->after);
	buf_printf(to, ",\"attempts\":%u,\"verdict\":%s%s%s", news->attempts, quote,
		   news->verdict ? news->verdict : "null", quote);
	add_span(to, "settle_ms", news->event_at, news->settled_at);
	add_span(to, "queue_ms", news->settled_at, news->sent_at);
	add_span(to, "provider_ms", news->sent_at, news->answered_at);
	add_span(to, "took_ms", news->event_at, news->answered_at);
	buf_text(to, "}\n");
}

void logbook_tell(void *arg, const struct news *news)
{
	struct logbook *logbook = arg;

	if (news->kind != NEWS_CONFIRMED)
		return;
	if (logbook->lines.len + LINE_ROOM > logbook->lines.cap)
		logbook_write(logbook);
	add_line(&logbook->lines, news);
}

int64_t logbook_due(const struct logbook *logbook)
{
	return logbook->lines.len > 0 ? logbook->written_at + LOGBOOK_EVERY_MS : -1;
}

void logbook_turn(struct logbook *logbook, bool more, int64_t now)
{
	if (logbook->lines.len == 0 ||
	    (more && logbook->lines.len < PIECE && now < logbook_due(logbook)))
		return;
	logbook_write(logbook);
	logbook->written_at = now;
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
