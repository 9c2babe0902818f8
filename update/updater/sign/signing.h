/* SPDX-License-Identifier: MIT */
/* One request on its way to be signed: what a scheme reads of it, and where it writes. Pure. */
#ifndef UPDATE_UPDATER_SIGN_SIGNING_H
#define UPDATE_UPDATER_SIGN_SIGNING_H

#include "providers/sign.h"

#define SIGNING_TIME_MAX 40

struct signing {
	struct request *request;
	const char *words[SIGN_WORDS_MAX]; /* of its scheme; "" past the last */
	int64_t now_ms;                    /* of the wall clock, since 1970 */
	const char *nonce;                 /* hex digits that were never there before */
	const char *why;                   /* it cannot be signed, since */
};

/* Of the URL as it stands: host and port, path (at least "/"), query without the ?. */
struct span signing_host(const struct signing *signing);
struct span signing_path(const struct signing *signing);
struct span signing_query(const struct signing *signing);

struct span signing_body(const struct signing *signing);

/* The value of a header that the request has; NULL text: it has none. */
struct span signing_find(const struct signing *signing, const char *header);

/* Adds one. A value that cannot stand there is said in why. */
void signing_header(struct signing *signing, const char *header, const char *value);

/* The same, of a value that was put together, and is freed. */
void signing_header_done(struct signing *signing, const char *header, struct buf *value);

/* The moment, in UTC, as it is written in that way. */
enum signing_clock {
	SIGNING_CLOCK_ISO,   /* 2026-01-02T03:04:05Z */
	SIGNING_CLOCK_BASIC, /* 20260102T030405Z */
	SIGNING_CLOCK_DATE,  /* 2026-01-02 */
	SIGNING_CLOCK_DAY,   /* 20260102 */
	SIGNING_CLOCK_HTTP,  /* Fri, 02 Jan 2026 03:04:05 GMT */
};
void signing_time(const struct signing *signing, enum signing_clock clock,
		  char ret[static SIGNING_TIME_MAX]);

/* The moment in whole seconds since 1970. */
int64_t signing_seconds(const struct signing *signing);

/* Replaces the query of the URL, or the body. The text is freed. */
void signing_set_query(struct signing *signing, struct buf *query);
void signing_set_body(struct signing *signing, struct buf *body);

/* Adds the header Content-Type, unless there is one. */
void signing_content_type(struct signing *signing, const char *type);

/* The whole text, for functions that take a span. */
struct span signing_span(const char *text);

#endif
