/* SPDX-License-Identifier: MIT */
#include "update/daemon/belief.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "netwatch/event.h"
#include "netwatch/query.h"
#include "netwatch/survey.h"
#include "update/daemon/clock.h"
#include "update/log.h"

#define RCVBUF          (1 << 20)
#define RETRY_FIRST_MS  1000
#define RETRY_MOST_MS   30000
#define REOPEN_EVERY_MS 1000

/* What has just been read is not read again before. */
#define EXPIRY_EVERY_MS 1000

struct belief {
	struct watch *watch; /* NULL: broken, opened anew at reopen_at */
	struct query *query; /* NULL until needed, or after it failed */
	struct snapshot snapshot;
	struct dirty marks;
	int64_t marked_at; /* ms; the first event of these marks; -1: none */
	bool ready, omen, fresh;
	int64_t recheck_ms;
	int64_t read_at;         /* ms; the last whole read */
	int64_t retry_at;        /* ms; -1: the last read succeeded */
	int64_t retry_ms;        /* the wait before it */
	int64_t opened_at;       /* ms; CLOCK_NEVER: never anew */
	int64_t reopen_at;       /* ms; -1: the watch is open */
	struct watch_stats past; /* counts of the watches before this one */
};

int belief_open(int64_t recheck_ms, struct belief **ret)
{
	struct belief *belief = calloc(1, sizeof(*belief));
	int err;

	if (!belief)
		return -ENOMEM;
	err = watch_open(RCVBUF, &belief->watch);
	if (err < 0) {
		free(belief);
		return err;
	}
	belief->recheck_ms = recheck_ms;
	belief->marked_at = -1;
	belief->retry_at = -1;
	belief->reopen_at = -1;
	belief->opened_at = CLOCK_NEVER;
	dirty_add_all(&belief->marks);
	*ret = belief;
	return 0;
}

void belief_close(struct belief *belief)
{
	if (!belief)
		return;
	if (belief->watch)
		watch_close(belief->watch);
	if (belief->query)
		query_close(belief->query);
	snapshot_done(&belief->snapshot);
	free(belief);
}

int belief_fd(const struct belief *belief)
{
	return belief->watch ? watch_fd(belief->watch) : -1;
}

void belief_stats(const struct belief *belief, struct watch_stats *ret)
{
	struct watch_stats stats = {0};

	if (belief->watch)
		watch_stats(belief->watch, &stats);
	stats.messages += belief->past.messages;
	stats.foreign += belief->past.foreign;
	stats.malformed += belief->past.malformed;
	stats.overruns += belief->past.overruns;
	stats.drops += belief->past.drops;
	*ret = stats;
}

/* The fresh socket is there before the old one goes, so that no event falls between. */
static void reopen(struct belief *belief, int64_t now)
{
	struct watch *fresh = NULL;
	int err;

	belief_doubt(belief);
	if (belief->opened_at != CLOCK_NEVER && now < belief->opened_at + REOPEN_EVERY_MS) {
		belief->reopen_at = belief->opened_at + REOPEN_EVERY_MS;
	} else {
		err = watch_open(RCVBUF, &fresh);
		belief->opened_at = now;
		belief->reopen_at = fresh ? -1 : now + REOPEN_EVERY_MS;
		log_warn("kernel events were lost: %s", fresh ? "listening anew" : strerror(-err));
	}
	belief_stats(belief, &belief->past);
	if (belief->watch)
		watch_close(belief->watch);
	belief->watch = fresh;
}

void belief_drain(struct belief *belief, int64_t now)
{
	if (belief->watch && watch_read(belief->watch, &belief->marks) < 0)
		reopen(belief, now);
	if (belief->marked_at < 0 && dirty_any(&belief->marks))
		belief->marked_at = now;
}

const struct dirty *belief_marks(const struct belief *belief, int64_t *ret_at)
{
	*ret_at = belief->marked_at;
	return &belief->marks;
}

void belief_doubt(struct belief *belief)
{
	dirty_add_all(&belief->marks);
}

void belief_set_recheck(struct belief *belief, int64_t recheck_ms)
{
	belief->recheck_ms = recheck_ms;
}

/* Foreign links come and go without a meaning to us. */
static bool marks_ours(const struct belief *belief)
{
	if (!belief->marks.omen)
		return false;
	for (size_t i = 0; i < belief->marks.n_links; i++)
		if (snapshot_link(&belief->snapshot, belief->marks.links[i]))
			return true;
	return belief->marks.all;
}

static int64_t timed_read(const struct belief *belief)
{
	int64_t expiry = snapshot_expiry(&belief->snapshot);
	int64_t earliest = belief->read_at + EXPIRY_EVERY_MS;

	if (!belief->ready)
		return -1;
	if (expiry >= 0 && expiry < earliest)
		expiry = earliest;
	return clock_sooner(expiry, belief->read_at + belief->recheck_ms);
}

static int read_marked(struct belief *belief, const struct interest *interest, int64_t now)
{
	int err = 0;

	if (!belief->query)
		err = query_open(&belief->query);
	if (err < 0)
		return err;
	return survey_read(&belief->snapshot, belief->query, interest, &belief->marks, now);
}

/* What is too much, and what to do about it. */
static const char *words(int err)
{
	return err == -E2BIG ? "more links match, or more addresses are on one, than are followed; "
			       "name fewer in `interface`:"
			     : strerror(-err);
}

static void failed(struct belief *belief, int err, int64_t now)
{
	char span[CLOCK_TEXT_MAX];

	belief->retry_ms = belief->retry_at < 0 ? RETRY_FIRST_MS : belief->retry_ms * 2;
	if (belief->retry_ms > RETRY_MOST_MS)
		belief->retry_ms = RETRY_MOST_MS;
	belief->retry_at = now + belief->retry_ms;
	log_warn("the kernel cannot be read: %s %s, retrying in %s", words(err),
		 belief->query ? query_error(belief->query) : "",
		 clock_span(belief->retry_ms, span));
	if (belief->query)
		query_close(belief->query);
	belief->query = NULL;
	belief_doubt(belief);
}

int belief_read(struct belief *belief, const struct interest *interest, int64_t now)
{
	int64_t timed = timed_read(belief);
	int err;

	belief->omen = false;
	belief->fresh = false;
	if (belief->reopen_at >= 0 && now >= belief->reopen_at)
		reopen(belief, now);
	if (timed >= 0 && now >= timed)
		belief_doubt(belief);
	if (!dirty_any(&belief->marks) || now < belief->retry_at)
		return 0;
	belief->omen = marks_ours(belief);
	err = read_marked(belief, interest, now);
	if (err < 0) {
		failed(belief, err, now);
		return err;
	}
	belief->omen |= marks_ours(belief);
	if (belief->marks.all)
		belief->read_at = now;
	memset(&belief->marks, 0, sizeof(belief->marks));
	belief->marked_at = -1;
	belief->retry_at = -1;
	belief->ready = true;
	belief->fresh = true;
	return err;
}

bool belief_fresh(const struct belief *belief)
{
	return belief->fresh;
}

bool belief_omen(const struct belief *belief)
{
	return belief->omen;
}

bool belief_ready(const struct belief *belief)
{
	return belief->ready;
}

bool belief_well(const struct belief *belief)
{
	return belief->ready && belief->retry_at < 0 && belief->watch != NULL;
}

int64_t belief_due(const struct belief *belief)
{
	if (belief->retry_at >= 0)
		return clock_sooner(belief->retry_at, belief->reopen_at);
	return clock_sooner(timed_read(belief), belief->reopen_at);
}

const struct snapshot *belief_snapshot(const struct belief *belief)
{
	return &belief->snapshot;
}
