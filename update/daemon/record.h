/* SPDX-License-Identifier: MIT */
/* One name and type: what it shall be, what happened to it, and its state, which changes in one
 * place and says so in one log line. */
#ifndef UPDATE_DAEMON_RECORD_H
#define UPDATE_DAEMON_RECORD_H

#include "cfg/cfg.h"
#include "update/daemon/holddown.h"
#include "update/daemon/news.h"
#include "update/daemon/plan.h"
#include "update/daemon/tailq.h"

struct record {
	const struct cfg_record *cfg; /* borrowed, like the account */
	const struct cfg_account *account;
	struct addrs wanted; /* what its source settled on */
	int64_t wanted_at;   /* ms; since when, or CLOCK_NEVER */
	unsigned ifindex;    /* of the link that they are on; 0: none */
	const char *bind;    /* link its traffic leaves by; NULL: any; borrowed from the source */
	struct history history;
	struct attempt attempt; /* the last, or the one in flight */
	struct holddown holddown;
	struct news_memory news;
	uint32_t job; /* in flight in this job; 0: in none */
	bool touched; /* something about it has changed since it was last looked at */
	bool due;     /* waits in its account's lane, for purpose */
	enum purpose purpose;
	bool foreseen; /* what is due is written down as an attempt that may have had effect */
	TAILQ_ENTRY(record) lane;
	bool barred;         /* held with its account, as of the last look */
	bool retried;        /* by the user, and neither confirmed nor refused since */
	bool forced;         /* the user wants it sent, confirmed or not */
	bool lost_once;      /* an updater died with it; the next time counts as a failure */
	const char *new_way; /* why what failed before may work now; static; NULL: nothing does */
	int64_t event_at;    /* ms; kernel event that wanted came from; -1: none unanswered */
	int64_t settled_at;  /* ms; when its source settled after that; CLOCK_NEVER */
	int64_t reaction_ms; /* from that event to the confirmation; -1: not known */
	enum plan_state state;
	int64_t next;    /* ms; when to look again; -1: when something changes */
	const char *why; /* borrowed, never NULL: see records_keep_whys */
};

void record_init(struct record *record, const struct cfg_record *cfg,
		 const struct cfg_account *account);

/* The only way a record's state changes: "NAME TYPE: old -> new (why), next look in N s". */
void record_set(struct record *record, enum plan_state state, const char *why, int64_t next,
		int64_t now);

/* It is to be sent as soon as it can be, and why. */
void record_due(struct record *record, const char *why);

/* What is wanted is a change to publish: neither confirmed, nor the last attempt once more that had
 * its answer. Changes are what the hold-down counts and delays. */
bool record_is_change(const struct record *record);

/* An attempt leaves with job: what it publishes is remembered until record_answered. */
void record_sent(struct record *record, uint32_t job, int64_t now);

/* The attempt's end. What follows is for plan_next. */
void record_answered(struct record *record, const struct outcome *outcome, int64_t now);

/* Something outside has changed (why: static text): if the network has failed this record, or fails
 * the attempt that is in flight, that says nothing any more. Not where the provider asked for the
 * wait. True: it need wait no longer. */
bool record_new_way(struct record *record, const char *why);

/* The attempt ended without answer: given up by us, or lost with the updater (which is a failure
 * from the second time in a row on, so that a reply that kills updaters cannot do so for ever). */
void record_aborted(struct record *record);
void record_lost(struct record *record, int64_t now);

/* "home.example.org A"; returns out. */
#define RECORD_LABEL_MAX (DNS_NAME_MAX + 8)
const char *record_label(const struct record *record, char out[static RECORD_LABEL_MAX]);

/* The jitter's seed: one for all records of an account, so that what failed together, or is to be
 * refreshed together, goes together again. */
uint32_t record_seed(const struct record *record);

#endif
