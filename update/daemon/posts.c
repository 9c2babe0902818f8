/* SPDX-License-Identifier: MIT */
#include "update/daemon/posts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "providers/all.h"
#include "update/daemon/clock.h"
#include "update/daemon/mailbox.h"
#include "update/daemon/queue.h"
#include "update/log.h"

#define SOCKET_RETRY_MS 50

_Static_assert(QUEUE_JOBS_MAX + POSTS_RUNNING_MAX <= WIRE_JOBS_MAX,
	       "no update is turned away for a notification");

TAILQ_HEAD(mailboxes, mailbox);

struct posts {
	struct mailboxes mailboxes;
	uint32_t last_id;
	int64_t not_before; /* ms; the updater takes nothing */
};

struct posts *posts_new(void)
{
	struct posts *posts = calloc(1, sizeof(*posts));

	if (posts)
		TAILQ_INIT(&posts->mailboxes);
	return posts;
}

static void forget(struct posts *posts, struct mailbox *mailbox)
{
	TAILQ_REMOVE(&posts->mailboxes, mailbox, link);
	mailbox_free(mailbox);
}

void posts_free(struct posts *posts)
{
	struct mailbox *mailbox;

	if (!posts)
		return;
	while ((mailbox = TAILQ_FIRST(&posts->mailboxes)) != NULL)
		forget(posts, mailbox);
	free(posts);
}

/* The one of that URL, made if need be; NULL: no memory. */
static struct mailbox *open_mailbox(struct posts *posts, const char *url)
{
	struct mailbox *mailbox;

	for (mailbox = TAILQ_FIRST(&posts->mailboxes); mailbox; mailbox = TAILQ_NEXT(mailbox, link))
		if (strcmp(mailbox->url, url) == 0)
			return mailbox;
	if (mailbox_new(url, &mailbox) < 0)
		return NULL;
	TAILQ_INSERT_TAIL(&posts->mailboxes, mailbox, link);
	return mailbox;
}

static void hurry_all(struct posts *posts)
{
	struct mailbox *mailbox;

	for (mailbox = TAILQ_FIRST(&posts->mailboxes); mailbox; mailbox = TAILQ_NEXT(mailbox, link))
		mailbox_hurry(mailbox, clock_now());
}

void posts_tell(void *arg, const struct news *news)
{
	if (news->kind == NEWS_CHANGED)
		hurry_all(arg);
	for (size_t i = 0; i < news->told->n_notify; i++) {
		struct mailbox *mailbox = open_mailbox(arg, news->told->notify[i]);
		struct letter *letter = letter_new(news, clock_now(), clock_wall());

		if (!mailbox || !letter) {
			log_error("%s: out of memory for a notification", news->name);
			letter_free(letter);
			continue;
		}
		mailbox->plaintext = news->told->plaintext;
		mailbox_add(mailbox, letter);
	}
}

static bool is_told(const struct cfg *cfg, const char *url)
{
	for (size_t i = 0; i < cfg->n_records; i++)
		for (size_t j = 0; j < cfg->records[i].told.n_notify; j++)
			if (strcmp(cfg->records[i].told.notify[j], url) == 0)
				return true;
	return false;
}

void posts_follow(struct posts *posts, const struct cfg *cfg)
{
	struct mailbox *mailbox, *next;

	for (mailbox = TAILQ_FIRST(&posts->mailboxes); mailbox; mailbox = next) {
		next = TAILQ_NEXT(mailbox, link);
		if (!is_told(cfg, mailbox->url))
			forget(posts, mailbox);
	}
}

static uint32_t next_id(struct posts *posts)
{
	bool fits = posts->last_id >= QUEUE_IDS_END && posts->last_id < UINT32_MAX;

	posts->last_id = fits ? posts->last_id + 1 : QUEUE_IDS_END;
	return posts->last_id;
}

/* The first of the mailbox. -EAGAIN: the updater takes nothing now. */
static int hand_over(struct posts *posts, struct mailbox *mailbox, struct updater *updater,
		     int64_t now)
{
	const struct letter *letter = TAILQ_FIRST(&mailbox->letters);
	const struct value values[] = {
		{"url", mailbox->url},
		{"message", letter->text},
		{"allow-plaintext", mailbox->plaintext ? "yes" : "no"},
	};
	const struct wanted wanted = {.name = letter->name, .type = letter->type};
	const struct wire_job wire = {
		.id = next_id(posts),
		.deadline_ms = MAILBOX_DEADLINE_MS,
		.job = {.provider = &webhook_provider,
			.values = values,
			.n_values = sizeof(values) / sizeof(values[0]),
			.wanted = &wanted,
			.n_wanted = 1},
	};

	mailbox_sent(mailbox, wire.id, now);
	return updater_send(updater, &wire, now);
}

static void send_first(struct posts *posts, struct mailbox *mailbox, struct updater *updater,
		       int64_t now)
{
	struct outcome failure = {.verdict = VERDICT_RETRY};
	int err = hand_over(posts, mailbox, updater, now);

	if (err == -EAGAIN) {
		mailbox->job = 0;
		posts->not_before = updater_due(updater, now);
		if (posts->not_before < 0)
			posts->not_before = now + SOCKET_RETRY_MS;
		return;
	}
	if (err < 0) {
		snprintf(failure.why, sizeof(failure.why),
			 "the job cannot be handed to nlddns-updater: %s", strerror(-err));
		mailbox_answered(mailbox, &failure, now);
	}
	/* Its turn comes again when the others have had theirs. */
	TAILQ_REMOVE(&posts->mailboxes, mailbox, link);
	TAILQ_INSERT_TAIL(&posts->mailboxes, mailbox, link);
}

static void end_overdue(struct mailbox *mailbox, struct updater *updater, int64_t now)
{
	if (mailbox->job == 0 || now < mailbox->overdue_at)
		return;
	updater_cancel(updater, mailbox->job);
	mailbox_lost(mailbox, now);
}

static bool is_full(const struct posts *posts)
{
	const struct mailbox *mailbox;
	size_t n = 0;

	for (mailbox = TAILQ_FIRST(&posts->mailboxes); mailbox; mailbox = TAILQ_NEXT(mailbox, link))
		n += mailbox->job != 0;
	return n >= POSTS_RUNNING_MAX;
}

void posts_work(struct posts *posts, struct updater *updater, bool busy, int64_t now)
{
	struct mailbox *mailbox, *next;

	for (mailbox = TAILQ_FIRST(&posts->mailboxes); mailbox && updater; mailbox = next) {
		int64_t at;

		next = TAILQ_NEXT(mailbox, link);
		end_overdue(mailbox, updater, now);
		mailbox_drop_old(mailbox, now);
		at = mailbox_leave_at(mailbox, busy, now);
		if (at >= 0 && at <= now && now >= posts->not_before && !is_full(posts))
			send_first(posts, mailbox, updater, now);
	}
}

int64_t posts_due(const struct posts *posts, bool busy, int64_t now)
{
	bool full = is_full(posts);
	const struct mailbox *mailbox;
	int64_t due = -1;

	for (mailbox = TAILQ_FIRST(&posts->mailboxes); mailbox;
	     mailbox = TAILQ_NEXT(mailbox, link)) {
		int64_t at = mailbox_leave_at(mailbox, busy, now);

		if (mailbox->job != 0)
			at = mailbox->overdue_at;
		else if (full)
			at = -1; /* an answer comes first */
		else if (at >= 0 && at < posts->not_before)
			at = posts->not_before;
		due = clock_sooner(due, at);
	}
	return due;
}

bool posts_result(struct posts *posts, uint32_t id, const struct outcome *outcome, int64_t now)
{
	struct mailbox *mailbox;

	if (id < QUEUE_IDS_END)
		return false;
	for (mailbox = TAILQ_FIRST(&posts->mailboxes); mailbox;
	     mailbox = TAILQ_NEXT(mailbox, link)) {
		if (mailbox->job == id) {
			mailbox_answered(mailbox, outcome, now);
			break;
		}
	}
	return true;
}

void posts_lost(struct posts *posts, int64_t now)
{
	struct mailbox *mailbox;

	for (mailbox = TAILQ_FIRST(&posts->mailboxes); mailbox; mailbox = TAILQ_NEXT(mailbox, link))
		if (mailbox->job != 0)
			mailbox_lost(mailbox, now);
}
