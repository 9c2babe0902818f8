/* SPDX-License-Identifier: MIT */
/* The notifications that wait for one URL, oldest first: each is tried until it is taken, refused,
 * or a day old. What is lost for good is said once, until something is taken again. */
#ifndef UPDATE_DAEMON_MAILBOX_H
#define UPDATE_DAEMON_MAILBOX_H

#include "update/daemon/history.h"
#include "update/daemon/letter.h"

#define MAILBOX_LETTERS_MAX 128                         /* the newest are kept */
#define MAILBOX_AGE_MAX_MS  (INT64_C(24) * 3600 * 1000) /* then one is given up */
#define MAILBOX_DEADLINE_MS 30000                       /* of one try */
#define MAILBOX_HURRY_MS    2000                        /* of one that addresses change under */
#define MAILBOX_PATIENCE_MS 10000                       /* so long one lets updates go first */

struct mailbox {
	TAILQ_ENTRY(mailbox) link;
	char *url;
	char host[LETTER_HOST_MAX]; /* what may be shown of it */
	bool plaintext;
	struct letters letters; /* the one on its way is the first */
	size_t n;
	uint32_t job;                /* that takes it there; 0: none is on its way */
	int64_t sent_at, overdue_at; /* ms; of that job */
	struct history past;
	bool lost;     /* the first left once and had no answer */
	bool troubled; /* said, and nothing was taken since */
	bool failed;   /* that some are lost for good was said, the same */
};

/* url is copied. -ENOMEM. */
int mailbox_new(const char *url, struct mailbox **ret);

/* Wipes the URL. */
void mailbox_free(struct mailbox *mailbox);

/* Takes over letter. */
void mailbox_add(struct mailbox *mailbox, struct letter *letter);

/* When the first may leave, or is too old (ms); -1: there is none, or it is on its way. busy:
 * updates are under way. */
int64_t mailbox_leave_at(const struct mailbox *mailbox, bool busy, int64_t now);

/* The job on its way has ended so. */
void mailbox_answered(struct mailbox *mailbox, const struct outcome *outcome, int64_t now);

/* The first leaves with that job. */
void mailbox_sent(struct mailbox *mailbox, uint32_t job, int64_t now);

/* Addresses change: what is on its way may have lost its connection, and is not waited for long. */
void mailbox_hurry(struct mailbox *mailbox, int64_t now);

/* It has ended without an answer: a failure from the second time on. */
void mailbox_lost(struct mailbox *mailbox, int64_t now);

/* Gives up what is too old. */
void mailbox_drop_old(struct mailbox *mailbox, int64_t now);

#endif
