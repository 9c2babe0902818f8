/* SPDX-License-Identifier: MIT */
/* The notifications that wait for one URL, oldest first: each is tried until it is taken, refused,
 * or a day old. What is lost for good is said once, until something is taken again. */
#ifndef UPDATE_DAEMON_MAILBOX_H
#define UPDATE_DAEMON_MAILBOX_H

#include "update/daemon/history.h"
#include "update/daemon/letter.h"

#define MAILBOX_LETTERS_MAX 16                          /* the newest are kept */
#define MAILBOX_AGE_MAX_MS  (INT64_C(24) * 3600 * 1000) /* then one is given up */
#define MAILBOX_PATIENCE_MS 10000                       /* so long one lets updates go first */

struct mailbox {
	TAILQ_ENTRY(mailbox) link;
	char *url;
	char host[LETTER_HOST_MAX]; /* what may be shown of it */
	bool plaintext;
	struct letters letters; /* the one on its way is the first */
	size_t n;
	uint32_t job;    /* that takes it there; 0: none is on its way */
	int64_t sent_at; /* ms; that job */
	struct history past;
	bool lost;     /* an updater died with the first */
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

/* It has ended without an answer: a failure from the second time on. */
void mailbox_lost(struct mailbox *mailbox, int64_t now);

/* Gives up what is too old. */
void mailbox_drop_old(struct mailbox *mailbox, int64_t now);

#endif
