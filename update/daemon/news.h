/* SPDX-License-Identifier: MIT */
/* What is worth telling about a record, each thing once: to the hooks, the notifications, the
 * history of changes, the metrics. Pure; it needs no timer of its own, and nobody it tells may keep
 * it waiting. */
#ifndef UPDATE_DAEMON_NEWS_H
#define UPDATE_DAEMON_NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfg/cfg.h"
#include "update/daemon/addrs.h"

struct record;
struct source;

enum news_kind {
	NEWS_CHANGED,   /* what is wanted became something else than what is confirmed */
	NEWS_CONFIRMED, /* the provider has confirmed a change, or what it was not sure to hold;
			 * never a refresh */
	NEWS_FAILING,   /* an address has been unconfirmed for failing-after */
	NEWS_RECOVERED, /* all is well again after failing or held */
	NEWS_HELD,      /* refused; waits for the user */
};
#define NEWS_COUNT (NEWS_HELD + 1)

/* Borrowed for the call: whoever needs it later copies it. Moments are ms; -1: unknown, or not
 * yet. */
struct news {
	enum news_kind kind;
	const char *name; /* of the record */
	enum record_type type;
	const char *account, *provider, *source;
	const char *interface; /* that the source's address is on; "": none */
	struct addrs before;   /* confirmed up to now; none: nothing, or not known */
	struct addrs after;    /* confirmed now, or still to be; none: no record */
	int64_t event_at;      /* the kernel event that began it */
	int64_t settled_at;    /* when the source settled after it */
	int64_t sent_at;     /* the last attempt; with NEWS_CONFIRMED the one that was confirmed */
	int64_t answered_at; /* its answer */
	int64_t reaction_ms; /* NEWS_CONFIRMED: from event_at to answered_at */
	unsigned attempts;   /* that it has taken so far */
	const char *verdict; /* of the last answer: "done", ...; NULL: none yet */
	const char *why;     /* in plain words; never NULL */
	const struct cfg_told *told; /* who wants to know */
};

/* What is remembered of a record, to tell each thing once. */
struct news_memory {
	int64_t pending_since; /* ms; since when it has an unconfirmed address; -1: it has not */
	bool changed;          /* NEWS_CHANGED told of what is wanted */
	bool failing, held;    /* told, and still so */
	bool trouble;          /* either told, and not NEWS_RECOVERED since */
};

struct news_listener {
	void (*tell)(void *arg, const struct news *news);
	void *arg;
};

/* Those who listen, in the order they are told. */
#define NEWS_LISTENERS_MAX 8
struct news_desk {
	struct news_listener list[NEWS_LISTENERS_MAX];
	size_t n;
};

/* One more; past NEWS_LISTENERS_MAX it is a mistake of the program. */
void news_listen(struct news_desk *desk, struct news_listener listener);

void news_init(struct news_memory *memory);

/* After a restart or a change of its configuration: a hold told before is not told again, and its
 * end is. */
void news_remember(struct record *record, bool was_held);

/* The record wants something else than before. */
void news_wanted(struct record *record);

/* After each plan of the record, whose addresses are those of source. desk may be NULL, also
 * below. */
void news_look(const struct news_desk *desk, struct record *record, const struct source *source,
	       int64_t now);

/* What an answer makes forgotten, taken before record_answered. */
struct news_before {
	struct addrs confirmed;
	int64_t event_at;
	unsigned attempts; /* the one that is answered included */
};
struct news_before news_before(const struct record *record);

/* After record_answered. */
void news_answered(const struct news_desk *desk, struct record *record, const struct source *source,
		   const struct news_before *before, int64_t now);

/* When NEWS_FAILING is due (ms): news_look must be called then. -1: when something changes. */
int64_t news_due(const struct record *record);

/* "changed", "confirmed", ... */
const char *news_name(enum news_kind kind);

#endif
