/* SPDX-License-Identifier: MIT */
/* The words dyndns2 servers answer with, and what each means for a record. */
#ifndef PROVIDERS_WORDS_H
#define PROVIDERS_WORDS_H

#include "providers/span.h"

#define WORDS_DETAIL_MAX 40

enum word {
	WORD_GOOD,
	WORD_NOCHG,
	WORD_BADAUTH,
	WORD_BADSYS,
	WORD_NOTFQDN,
	WORD_NOHOST,
	WORD_YOURS,
	WORD_DONATOR,
	WORD_ACTIVE,
	WORD_ABUSE,
	WORD_NUMHOST,
	WORD_BADAGENT,
	WORD_DNSERR,
	WORD_911,
	WORD_SERVERERROR,
	WORD_INTERVAL,
	WORD_BADREQUEST,
	WORD_FATAL,
	WORD_WAIT, /* wN{s|m|h} */
	/* not words of the server, but what its reply comes to */
	WORD_MISSING,
	WORD_EMPTY,
	WORD_FOREIGN,
	WORD_OTHER_ADDRESS,
	WORD_IGNORED,
	WORD_REDIRECT,
	WORD_NOT_FOUND,
	WORD_NOT_TAKEN,
	WORD_TOO_OFTEN,
	WORD_FAILED,
	/* nor a reply at all */
	WORD_BAD_WANTED,
	WORD_NOT_ASKED,
	WORD_TOO_LONG,
	WORD_NOT_IN_ZONE,
	WORD_NO_TYPE,
	WORD_UNFIT,
	WORD_ALONE,
};
#define WORD_COUNT (WORD_ALONE + 1)

/* One answer about one record. */
struct answer {
	enum word word;
	int32_t wait_s;
	char detail[WORDS_DETAIL_MAX]; /* printable, for a person; may be empty */
};

/* Reads the word that begins a line of a reply; WORD_FOREIGN if none does. */
void words_read(struct span line, struct answer *ret);

/* Takes that word off a line, and the "[200 OK]" some servers put before it. */
struct span words_take(struct span *rest);

/* What a HTTP status (not 2xx) means by itself. */
void words_read_status(int status, int64_t retry_after_ms, struct answer *ret);

/* An answer that has no words from the server. */
struct answer words_make(enum word word);

/* DONE or UNCHANGED. */
bool words_confirm(enum word word);

/* About the account or the server, not about one name: asking for others is of no use. */
bool words_end_all(enum word word);

/* credentials: the settings of a service that the person does not write requests for; NULL: url,
 * username and password are the person's. */
void words_say(const struct answer *answer, const struct wanted *wanted, const char *credentials,
	       struct outcome *ret);

#endif
