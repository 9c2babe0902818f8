/* SPDX-License-Identifier: MIT */
/* Notifications on their way: they go through nlddns-updater like updates, but behind them, a few
 * at a time, those for one URL in order. */
#ifndef UPDATE_DAEMON_POSTS_H
#define UPDATE_DAEMON_POSTS_H

#include "update/daemon/news.h"
#include "update/daemon/updater.h"

#define POSTS_RUNNING_MAX 2 /* in all */

struct posts;

/* NULL: no memory. */
struct posts *posts_new(void);

/* Wipes; what waits is forgotten. NULL is fine. */
void posts_free(struct posts *posts);

/* A news_listener's tell; arg is the struct posts. */
void posts_tell(void *arg, const struct news *news);

/* Another configuration: forgets what waits for URLs that are not in it. */
void posts_follow(struct posts *posts, const struct cfg *cfg);

/* Sends what may be sent. updater may be NULL: nothing. busy: updates are under way. */
void posts_work(struct posts *posts, struct updater *updater, bool busy, int64_t now);

/* When to work again without an event (ms), or -1. */
int64_t posts_due(const struct posts *posts, bool busy, int64_t now);

/* The updater's answer. False: to no job of ours. */
bool posts_result(struct posts *posts, uint32_t id, const struct outcome *outcome, int64_t now);

/* The updater has ended: what it owed is to be sent again. */
void posts_lost(struct posts *posts, int64_t now);

#endif
