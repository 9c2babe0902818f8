/* SPDX-License-Identifier: MIT */
/* A notification: news as JSON, and what is to be known of it while it waits. */
#ifndef UPDATE_DAEMON_LETTER_H
#define UPDATE_DAEMON_LETTER_H

#include "update/daemon/news.h"
#include "update/daemon/tailq.h"

/* "https://host:port" */
#define LETTER_HOST_MAX 280

struct letter {
	TAILQ_ENTRY(letter) link;
	char name[DNS_NAME_MAX]; /* of the record */
	enum record_type type;
	char label[DNS_NAME_MAX + 8]; /* both */
	const char *event;            /* its news_name */
	int64_t born;                 /* ms */
	char *text;                   /* {"event", "name", "type", "provider", "interface", "old",
				       * "new" (addresses), "latency_ms", "verdict" (null where
				       * unknown), "why", "at" (RFC 3339)} */
};

TAILQ_HEAD(letters, letter);

/* Of news that happened now, which is wall on the other clock. NULL: no memory. */
struct letter *letter_new(const struct news *news, int64_t now, int64_t wall);
void letter_free(struct letter *letter);

/* What may be shown of a URL: scheme, host and port. */
void letter_host(const char *url, char out[static LETTER_HOST_MAX]);

#endif
