/* SPDX-License-Identifier: MIT */
/* What is remembered of a record's attempts: what its provider last confirmed, how the last attempt
 * ended, and how often in a row. A plain value, and what survives a restart. Pure. */
#ifndef UPDATE_DAEMON_HISTORY_H
#define UPDATE_DAEMON_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "update/daemon/addrs.h"

/* What verifying has come to. */
struct history_verify {
	int64_t at;        /* ms; the end of the last, or CLOCK_NEVER */
	int64_t wait_ms;   /* what the provider asked for then; 0: nothing */
	bool throttled;    /* it asked for the whole account */
	unsigned others;   /* in a row that found something else */
	unsigned failures; /* in a row */
	unsigned ttl;      /* seconds; of what was found last; 0: not known */
};

struct history {
	bool known;     /* the provider has confirmed something; else nothing is known */
	bool uncertain; /* an attempt to change that had no answer, and may have had effect */
	struct addrs confirmed; /* none and known: confirmed that there is no record */
	int64_t confirmed_at;   /* ms, or CLOCK_NEVER, like all moments here */
	int64_t confirmed_wall; /* the same by a wall clock that this one has not caught up with
				 * since the start; 0: confirmed_at is right */
	int64_t changed_at;     /* when confirmed last became something else */
	int64_t sent_at;        /* start of the last attempt that reached the provider */
	bool answered;          /* the last attempt ended with the verdict below */
	enum verdict verdict;
	int64_t ended_at;
	int64_t wait_ms;    /* what the provider asked for; 0: the usual */
	unsigned failures;  /* in a row, of any kind */
	unsigned in_row;    /* of this verdict in a row */
	unsigned unchanged; /* times in a row that something sent as new was none to the provider */
	unsigned aborted;   /* attempts in a row given up on our side */
	struct history_verify verify;
	const char *why; /* of the verdict; borrowed from the outcome: see records_keep_whys */
};

/* So often in a row something else must have been found before it is believed. */
#define HISTORY_OTHERS 2

/* An attempt, from its start on. */
struct attempt {
	enum purpose purpose;
	struct addrs addrs; /* what it publishes; none: deletes the record */
	unsigned ifindex;   /* of the link that the addresses are on; 0: none */
	int64_t started_at;
	/* By history_begin: */
	bool refresh;   /* what is confirmed already, once more */
	bool unsure;    /* what the provider holds was not known */
	bool uncertain; /* as the history was before it */
};

void history_init(struct history *history);

/* The provider has confirmed just this, and nothing since may have changed it. */
bool history_holds(const struct history *history, const struct addrs *addrs);

/* What the provider holds has to be found out, or told again. */
bool history_unsure(const struct history *history);

/* Nothing is known of what the provider holds, and nothing of ours may be on its way there: what
 * is read now is so. Otherwise an answer read could be older than an update under way. */
bool history_may_read(const struct history *history);

/* The record may be there, as far as we know: what was never confirmed is not ours to delete. */
bool history_may_exist(const struct history *history);

/* An attempt leaves, with its addrs and started_at: fills in the rest. Until its answer comes the
 * provider may hold the one or the other, even if we do not live to hear it. */
void history_begin(struct history *history, struct attempt *attempt);

/* The provider, or the transport, has spoken. */
void history_add(struct history *history, const struct attempt *attempt,
		 const struct outcome *outcome, int64_t now);

/* The same of an attempt to verify; none of it counts for or against updates, but that what was
 * confirmed no longer is once something else was found HISTORY_OTHERS times. */
void history_verified(struct history *history, const struct outcome *outcome, int64_t now);

/* The attempt is left without an answer: it may yet have effect. */
void history_forsake(struct history *history);

/* The attempt was given up before its answer: the first in a row is free, the next count as sent,
 * lest a flapping link outwit the minimum interval. */
void history_abort(struct history *history, const struct attempt *attempt);

/* The way out is a new one: a failure of the old way says nothing about it. */
void history_new_way(struct history *history);

/* The wall clock has been set. True: confirmed_at could be made right. */
bool history_set_clock(struct history *history, int64_t now, int64_t wall);

/* The user wants it now: forgets a wait of our own making, not one the provider asked for. */
void history_insist(struct history *history);

/* The user says try again: forgets the hold and the waits, but for that of a provider that
 * throttles us, and not what is confirmed. */
void history_release(struct history *history);

/* Refused: no request until the user acts. */
bool history_held(const struct history *history);

/* Refused for the account's sake, not just for the name's: its credentials, or it is blocked. */
bool history_denied(const struct history *history);

/* The last attempt failed in a way that passes. */
bool history_failed(const struct history *history);

#endif
