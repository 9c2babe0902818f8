/* SPDX-License-Identifier: MIT */
#include "update/daemon/state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "update/daemon/clock.h"

#define MAGIC        "nlddns-state "
#define VERSION_LINE MAGIC "1"
#define PIECE        16384 /* bytes put at a time */
#define FIELDS       23
#define COUNT_MAX    1000000

/* Before this a wall clock has not been set yet: 2025-01-01. */
#define WALL_SANE INT64_C(1735689600000)

#define SUM_FIRST UINT64_C(0xcbf29ce484222325)

/* FNV-1a, of one piece after another. */
static uint64_t add_sum(uint64_t hash, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint8_t)bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* 0: never. */
static int64_t to_wall(int64_t moment, struct state_clock clock)
{
	int64_t wall;

	if (moment == CLOCK_NEVER)
		return 0;
	wall = clock.wall - (clock.now - moment);
	return wall != 0 ? wall : 1;
}

/* A moment written by a clock that was not set, or that lies ahead of this one, counts as now: what
 * follows from it comes late by one interval, and not all at once. */
static int64_t from_wall(int64_t wall, struct state_clock clock)
{
	if (wall == 0)
		return CLOCK_NEVER;
	if (wall < WALL_SANE || wall > clock.wall)
		return clock.now;
	return clock.now - (clock.wall - wall);
}

/* It lies ahead of this clock, which then may not have been set yet; 0: it does not, or it was
 * written by such a clock itself. */
static int64_t ahead(int64_t wall, struct state_clock clock)
{
	return wall >= WALL_SANE && wall > clock.wall ? wall : 0;
}

/* The rest of a line, whatever it holds. */
static void encode_line(struct buf *buf, const char *text)
{
	size_t begin = buf->len;

	buf_text(buf, text);
	for (size_t i = begin; i < buf->len; i++)
		if ((uint8_t)buf->text[i] < ' ')
			buf->text[i] = ' ';
	buf_text(buf, "\n");
}

static void encode_entry(struct buf *buf, const struct state_entry *entry, struct state_clock clock)
{
	const struct history *history = &entry->history;
	const struct history_verify *verify = &history->verify;
	char addrs[ADDRS_TEXT_MAX];

	buf_printf(buf, "%s\t%s\t%s\t%016" PRIx64, entry->name, provider_type_name(entry->type),
		   entry->account, entry->fingerprint);
	buf_printf(buf, "\t%s", history->known ? addrs_text(&history->confirmed, ',', addrs) : "-");
	buf_printf(buf, "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64,
		   history->confirmed_wall ? history->confirmed_wall
					   : to_wall(history->confirmed_at, clock),
		   to_wall(history->changed_at, clock), to_wall(history->sent_at, clock),
		   to_wall(history->ended_at, clock));
	buf_printf(buf, "\t%s\t%" PRId64 "\t%u\t%u\t%u\t%u\t",
		   history->answered ? provider_verdict_name(history->verdict) : "-",
		   history->wait_ms, history->failures, history->in_row, history->unchanged,
		   history->aborted);
	buf_printf(buf, "%d\t%" PRId64 "\t%" PRId64 "\t%d\t%u\t%u\t%u\t", history->uncertain,
		   to_wall(verify->at, clock), verify->wait_ms, verify->throttled, verify->others,
		   verify->failures, verify->ttl);
	encode_line(buf, history->why);
}

static void put(struct state_writer *writer)
{
	struct buf *buf = &writer->buf;

	writer->len += buf->len;
	writer->sum = add_sum(writer->sum, buf->text, buf->len);
	if (!writer->err && buf->failed)
		writer->err = -ENOMEM;
	if (!writer->err && writer->len > STATE_SIZE_MAX)
		writer->err = -EFBIG;
	if (!writer->err)
		writer->err = writer->put(writer->arg, buf->text, buf->len);
	buf->len = 0;
}

void state_begin(struct state_writer *writer, struct state_clock clock,
		 int (*put_piece)(void *arg, const char *bytes, size_t len), void *arg)
{
	*writer = (struct state_writer){
		.clock = clock, .put = put_piece, .arg = arg, .sum = SUM_FIRST};
	buf_init(&writer->buf, PIECE + STATE_LINE_MAX);
	buf_text(&writer->buf, VERSION_LINE "\n");
}

void state_add(struct state_writer *writer, const struct state_entry *entry)
{
	encode_entry(&writer->buf, entry, writer->clock);
	if (writer->buf.len >= PIECE)
		put(writer);
}

int state_end(struct state_writer *writer)
{
	put(writer);
	buf_printf(&writer->buf, "checksum %016" PRIx64 "\n", writer->sum);
	put(writer);
	buf_done(&writer->buf);
	return writer->err;
}

/* A line being read, and what its entry borrows. */
struct line {
	char text[STATE_LINE_MAX];
	char *field[FIELDS];
	struct ipaddr addrs[WANTED_ADDRS_MAX];
};

/* Digits only, so that one text has one meaning. */
static bool parse_number(const char *text, int64_t max, int64_t *ret)
{
	char *end;
	int64_t value;

	if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
		return false;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno != 0 || value > max)
		return false;
	*ret = value;
	return true;
}

static bool parse_count(const char *text, unsigned *ret)
{
	int64_t value;

	if (!parse_number(text, COUNT_MAX, &value))
		return false;
	*ret = (unsigned)value;
	return true;
}

static bool parse_wall(const char *text, int64_t *ret)
{
	bool negative = text[0] == '-';

	/* Before 1970: a machine that starts with a clock at 0 looks back past it. */
	if (!parse_number(text + negative, INT64_MAX / 2, ret))
		return false;
	if (negative)
		*ret = 1;
	return true;
}

static bool parse_moment(const char *text, struct state_clock clock, int64_t *ret)
{
	int64_t wall;

	if (!parse_wall(text, &wall))
		return false;
	*ret = from_wall(wall, clock);
	return true;
}

static bool parse_bool(const char *text, bool *ret)
{
	int64_t value;

	if (!parse_number(text, 1, &value))
		return false;
	*ret = value;
	return true;
}

static bool parse_key(char *const field[], struct state_entry *entry)
{
	char *end;

	entry->type = RECORD_TYPE_A;
	if (strcmp(field[1], provider_type_name(RECORD_TYPE_AAAA)) == 0)
		entry->type = RECORD_TYPE_AAAA;
	else if (strcmp(field[1], provider_type_name(RECORD_TYPE_A)) != 0)
		return false;
	if (strlen(field[3]) != 16 || field[3][strspn(field[3], "0123456789abcdef")] != '\0')
		return false;
	entry->fingerprint = strtoull(field[3], &end, 16);
	entry->name = field[0];
	entry->account = field[2];
	return entry->name[0] != '\0';
}

static bool parse_verify(char *const field[], struct state_clock clock,
			 struct history_verify *verify)
{
	return parse_moment(field[0], clock, &verify->at) &&
	       parse_number(field[1], INT64_MAX / 2, &verify->wait_ms) &&
	       parse_bool(field[2], &verify->throttled) && parse_count(field[3], &verify->others) &&
	       parse_count(field[4], &verify->failures) && parse_count(field[5], &verify->ttl);
}

static bool parse_confirmed(struct line *line, struct state_clock clock, struct history *history)
{
	int64_t wall;

	history->known = strcmp(line->field[4], "-") != 0;
	if (!parse_wall(line->field[5], &wall))
		return false;
	history->confirmed_at = from_wall(wall, clock);
	history->confirmed_wall = ahead(wall, clock);
	return (!history->known ||
		addrs_parse(line->field[4], line->addrs, &history->confirmed) == 0) &&
	       history->known == (wall != 0);
}

static bool parse_history(struct line *line, struct state_clock clock, struct history *history)
{
	char *const *field = line->field;

	history_init(history);
	history->why = field[FIELDS - 1];
	history->answered = strcmp(field[9], "-") != 0;
	return parse_confirmed(line, clock, history) &&
	       parse_moment(field[6], clock, &history->changed_at) &&
	       parse_moment(field[7], clock, &history->sent_at) &&
	       parse_moment(field[8], clock, &history->ended_at) &&
	       (!history->answered || provider_verdict_parse(field[9], &history->verdict) == 0) &&
	       parse_number(field[10], INT64_MAX / 2, &history->wait_ms) &&
	       parse_count(field[11], &history->failures) &&
	       parse_count(field[12], &history->in_row) &&
	       parse_count(field[13], &history->unchanged) &&
	       parse_count(field[14], &history->aborted) &&
	       parse_bool(field[15], &history->uncertain) &&
	       parse_verify(field + 16, clock, &history->verify);
}

/* *at: the line's begin, moved to that of the next. */
static bool parse_entry(const char **at, struct state_clock clock, struct line *line,
			struct state_entry *entry)
{
	size_t len = strcspn(*at, "\n"), n = 0;

	if (len >= sizeof(line->text))
		return false;
	memcpy(line->text, *at, len);
	line->text[len] = '\0';
	*at += len + 1;
	for (char *rest = line->text; rest; n++) {
		if (n == FIELDS)
			return false;
		line->field[n] = strsep(&rest, "\t");
	}
	memset(entry, 0, sizeof(*entry));
	return n == FIELDS && parse_key(line->field, entry) &&
	       parse_history(line, clock, &entry->history);
}

/* The text without its last line, if that line holds its checksum; -1: it does not. */
static ssize_t check(const char *text, size_t len)
{
	const char *last;
	char expected[32];
	size_t body;

	if (len == 0 || text[len - 1] != '\n' || memchr(text, '\0', len))
		return -1;
	last = memrchr(text, '\n', len - 1);
	if (!last)
		return -1;
	body = (size_t)(last + 1 - text);
	snprintf(expected, sizeof(expected), "checksum %016" PRIx64 "\n",
		 add_sum(SUM_FIRST, text, body));
	if (len - body != strlen(expected) || memcmp(text + body, expected, len - body) != 0)
		return -1;
	return (ssize_t)body;
}

/* take may be NULL. */
static int read_body(const char *text, const char *end, struct state_clock clock,
		     void (*take)(void *arg, const struct state_entry *entry), void *arg)
{
	struct state_entry entry;
	struct line line;
	size_t n = 0;

	for (const char *at = text; at < end;) {
		if (n++ == STATE_ENTRIES_MAX || !parse_entry(&at, clock, &line, &entry))
			return -EBADMSG;
		if (take)
			take(arg, &entry);
	}
	return 0;
}

int state_read(const char *text, size_t len, struct state_clock clock,
	       void (*take)(void *arg, const struct state_entry *entry), void *arg)
{
	static const size_t first = sizeof(VERSION_LINE "\n") - 1;
	ssize_t body = check(text, len);
	int err;

	if (body < 0)
		return -EBADMSG;
	if (strncmp(text, VERSION_LINE "\n", first) != 0)
		return strncmp(text, MAGIC, strlen(MAGIC)) == 0 ? -ENOTSUP : -EBADMSG;
	err = read_body(text + first, text + body, clock, NULL, NULL);
	return err < 0 ? err : read_body(text + first, text + body, clock, take, arg);
}
