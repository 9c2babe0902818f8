/* SPDX-License-Identifier: MIT */
/* What is remembered of a record's attempts: what its provider last confirmed, how the last attempt
 * ended, and how often in a row. A plain value, and what survives a restart. Pure. */
#ifndef UPDATE_DAEMON_HISTORY_H
#define UPDATE_DAEMON_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "update/daemon/addrs.h"

struct history {
	bool known;             /* the provider has confirmed something; else nothing is known */
	struct addrs confirmed; /* none and known: confirmed that there is no record */
	int64_t confirmed_at;   /* ms, or CLOCK_NEVER, like all moments here */
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
	char why[OUTCOME_WHY_MAX]; /* of the verdict */
};

/* An attempt, from its start on. */
struct attempt {
	struct addrs addrs; /* what it publishes; none: deletes the record */
	int64_t started_at;
	bool refresh; /* what is confirmed already, once more */
};

void history_init(struct history *history);

/* The provider, or the transport, has spoken. */
void history_add(struct history *history, const struct attempt *attempt,
		 const struct outcome *outcome, int64_t now);

/* The attempt was given up before its answer: the first in a row is free, the next count as sent,
 * lest a flapping link outwit the minimum interval. */
void history_abort(struct history *history, const struct attempt *attempt);

/* The way out is a new one: a failure of the old way says nothing about it. */
void history_new_way(struct history *history);

/* The user wants it now: forgets a wait of our own making, not one the provider asked for. */
void history_insist(struct history *history);

/* The user says try again: forgets the hold and the waits, but for that of a provider that
 * throttles us, and not what is confirmed. */
void history_release(struct history *history);

/* Refused: no request until the user acts. */
bool history_held(const struct history *history);

/* The last attempt failed in a way that passes. */
bool history_failed(const struct history *history);

#endif
