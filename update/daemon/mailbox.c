/* SPDX-License-Identifier: MIT */
#include "update/daemon/mailbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "update/daemon/clock.h"
#include "update/daemon/plan.h"
#include "update/daemon/queue.h"
#include "update/log.h"

/* While addresses change there often is no way out for a moment, which is not worth a word. */
#define NO_NETWORK_TOLD 4

int mailbox_new(const char *url, struct mailbox **ret)
{
	struct mailbox *mailbox = calloc(1, sizeof(*mailbox));

	if (!mailbox)
		return -ENOMEM;
	mailbox->url = strdup(url);
	if (!mailbox->url) {
		free(mailbox);
		return -ENOMEM;
	}
	letter_host(url, mailbox->host);
	TAILQ_INIT(&mailbox->letters);
	history_init(&mailbox->past);
	*ret = mailbox;
	return 0;
}

static void drop_first(struct mailbox *mailbox)
{
	struct letter *letter = TAILQ_FIRST(&mailbox->letters);

	TAILQ_REMOVE(&mailbox->letters, letter, link);
	letter_free(letter);
	mailbox->n--;
	mailbox->lost = false;
}

void mailbox_free(struct mailbox *mailbox)
{
	while (mailbox->n > 0)
		drop_first(mailbox);
	explicit_bzero(mailbox->url, strlen(mailbox->url));
	free(mailbox->url);
	free(mailbox);
}

/* Something was not delivered, and will not be: said once, until something is. */
static void say_failed(struct mailbox *mailbox, const char *why, const char *todo)
{
	const struct letter *letter = TAILQ_FIRST(&mailbox->letters);

	if (mailbox->failed)
		return;
	mailbox->failed = true;
	log_warn("notify to %s: \"%s\" of %s is given up: %s; %s", mailbox->host, letter->event,
		 letter->label, why, todo);
}

static void make_room(struct mailbox *mailbox)
{
	struct letter *first = TAILQ_FIRST(&mailbox->letters), *second;

	if (mailbox->n < MAILBOX_LETTERS_MAX)
		return;
	say_failed(mailbox, "too many wait", "see why the server does not take them");
	if (mailbox->job == 0) {
		drop_first(mailbox);
		return;
	}
	second = TAILQ_NEXT(first, link);
	TAILQ_REMOVE(&mailbox->letters, second, link);
	letter_free(second);
	mailbox->n--;
}

void mailbox_add(struct mailbox *mailbox, struct letter *letter)
{
	/* What is new came by a network that works again, perhaps. */
	history_new_way(&mailbox->past);
	make_room(mailbox);
	TAILQ_INSERT_TAIL(&mailbox->letters, letter, link);
	mailbox->n++;
}

static int64_t next_try(const struct mailbox *mailbox, int64_t now)
{
	if (!history_failed(&mailbox->past))
		return now;
	return mailbox->past.ended_at +
	       plan_backoff(&mailbox->past, 0, (uint32_t)strlen(mailbox->url));
}

/* The try has ended so. */
static void note(struct mailbox *mailbox, const struct outcome *outcome, int64_t now)
{
	const struct attempt attempt = {.started_at = mailbox->sent_at};

	history_add(&mailbox->past, &attempt, outcome, now);
	mailbox->past.why = ""; /* the outcome's, which goes */
	mailbox->job = 0;
}

static void say_trouble(struct mailbox *mailbox, const char *why)
{
	bool brief = mailbox->past.verdict == VERDICT_NO_NETWORK &&
		     mailbox->past.failures < NO_NETWORK_TOLD;

	if (!mailbox->troubled && !brief)
		log_warn("notify to %s: %s; trying again, for a day at most", mailbox->host, why);
	mailbox->troubled |= !brief;
}

void mailbox_sent(struct mailbox *mailbox, uint32_t job, int64_t now)
{
	mailbox->job = job;
	mailbox->sent_at = now;
	mailbox->overdue_at = now + MAILBOX_DEADLINE_MS + QUEUE_SLACK_MS;
}

void mailbox_hurry(struct mailbox *mailbox, int64_t now)
{
	if (mailbox->overdue_at > now + MAILBOX_HURRY_MS)
		mailbox->overdue_at = now + MAILBOX_HURRY_MS;
}

void mailbox_answered(struct mailbox *mailbox, const struct outcome *outcome, int64_t now)
{
	note(mailbox, outcome, now);
	mailbox->lost = false;
	if (provider_verdict_refused(outcome->verdict)) {
		say_failed(mailbox, outcome->why, "correct `notify`");
		history_release(&mailbox->past);
		drop_first(mailbox);
	} else if (mailbox->past.failures > 0) {
		say_trouble(mailbox, outcome->why);
	} else {
		drop_first(mailbox);
		if (mailbox->troubled || mailbox->failed)
			log_info("notify to %s: taken again", mailbox->host);
		mailbox->troubled = mailbox->failed = false;
	}
}

void mailbox_lost(struct mailbox *mailbox, int64_t now)
{
	static const struct outcome outcome = {
		.verdict = VERDICT_NO_NETWORK,
		.why = "nlddns-updater did not answer",
	};

	/* The first time may be an idle exit that crossed it, or the end of an address. */
	if (mailbox->lost)
		mailbox_answered(mailbox, &outcome, now);
	mailbox->job = 0;
	mailbox->lost = true;
}

void mailbox_drop_old(struct mailbox *mailbox, int64_t now)
{
	while (mailbox->n > 0 && mailbox->job == 0 &&
	       now >= TAILQ_FIRST(&mailbox->letters)->born + MAILBOX_AGE_MAX_MS) {
		say_failed(mailbox, "not taken for a day", "see why the server does not take it");
		drop_first(mailbox);
	}
}

int64_t mailbox_leave_at(const struct mailbox *mailbox, bool busy, int64_t now)
{
	int64_t at, patience;

	if (mailbox->n == 0 || mailbox->job != 0)
		return -1;
	at = next_try(mailbox, now);
	patience = TAILQ_FIRST(&mailbox->letters)->born + MAILBOX_PATIENCE_MS;
	if (busy && patience > at)
		at = patience;
	return clock_sooner(at, TAILQ_FIRST(&mailbox->letters)->born + MAILBOX_AGE_MAX_MS);
}
