/* SPDX-License-Identifier: MIT */
/* What we believe of the kernel, and how it is kept true: events mark, reads follow, and whatever
 * fails is tried again while the old belief stands. */
#ifndef UPDATE_DAEMON_BELIEF_H
#define UPDATE_DAEMON_BELIEF_H

#include <stdbool.h>
#include <stdint.h>

#include "netwatch/event.h"
#include "netwatch/snapshot.h"
#include "netwatch/watch.h"

struct belief;

/* Opens the event socket; nothing is read yet. -errno. */
int belief_open(int64_t recheck_ms, struct belief **ret);
void belief_close(struct belief *belief);

/* For the event loop, which must ask again after each call here: readable means belief_drain. -1:
 * the socket is broken, and is opened anew at belief_due. */
int belief_fd(const struct belief *belief);

/* Takes what events say may have changed. */
void belief_drain(struct belief *belief, int64_t now);

/* What is to be read again, and in *ret_at since when (ms); -1: no event has said so. */
const struct dirty *belief_marks(const struct belief *belief, int64_t *ret_at);

/* Everything must be read again. */
void belief_doubt(struct belief *belief);

void belief_set_recheck(struct belief *belief, int64_t recheck_ms);

/* Reads what is marked, has expired, or is due for the slow re-read. 1: something differs. 0:
 * nothing does, or nothing was due. -errno: it could not be read; said, and tried again at
 * belief_due. */
int belief_read(struct belief *belief, const struct interest *interest, int64_t now);

/* Whether the last belief_read has read anything. Lifetimes are in the snapshot without being a
 * difference, and yet decide between addresses. */
bool belief_fresh(const struct belief *belief);

/* Whether the last belief_read had signs of an address of a link of ours coming or going. */
bool belief_omen(const struct belief *belief);

/* Since the start, a read has succeeded. */
bool belief_ready(const struct belief *belief);

/* What has been read last is what the kernel says: reading does not fail, and events come. */
bool belief_well(const struct belief *belief);

/* When belief_read has something to do without an event (ms), or -1. */
int64_t belief_due(const struct belief *belief);

const struct snapshot *belief_snapshot(const struct belief *belief);

/* Counts are since belief_open. */
void belief_stats(const struct belief *belief, struct watch_stats *ret);

#endif
