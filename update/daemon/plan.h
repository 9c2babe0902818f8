/* SPDX-License-Identifier: MIT */
/* The whole policy of one record: what is wanted, what is confirmed and what happened, to what to
 * do now or when to look again, and why. No I/O, no clock, no globals. */
#ifndef UPDATE_DAEMON_PLAN_H
#define UPDATE_DAEMON_PLAN_H

#include "update/daemon/history.h"

enum plan_state {
	PLAN_STATE_WAITING,   /* for the source: no address, or no way out */
	PLAN_STATE_PENDING,   /* to be sent, but not yet */
	PLAN_STATE_SENDING,   /* an attempt is in flight */
	PLAN_STATE_CONFIRMED, /* the provider has confirmed what is wanted */
	PLAN_STATE_HELD,      /* refused; waits for the user */
};
#define PLAN_STATE_COUNT (PLAN_STATE_HELD + 1)

enum plan_step { PLAN_STEP_WAIT, PLAN_STEP_SEND, PLAN_STEP_VERIFY, PLAN_STEP_ABORT };

/* Why a source gives no answer yet. */
enum plan_source {
	PLAN_SOURCE_UNREAD,   /* the kernel has not been read */
	PLAN_SOURCE_SETTLING, /* the choice is changing */
	PLAN_SOURCE_ABSENT,   /* settled: nothing to publish */
	PLAN_SOURCE_NO_WAY,   /* settled: an address, and no way out */
	PLAN_SOURCE_READY,
};

struct plan_input {
	const struct history *history;
	enum plan_state state;      /* the one it is in */
	const struct addrs *wanted; /* settled; for a source that is absent: none */
	enum plan_source source;
	const char *source_why;
	int64_t lost_at;         /* ms; since when the source is absent and the machine is online
				    all the same; -1: it is not so */
	bool in_flight, stale;   /* an attempt is; and is no longer what should be sent */
	bool verifying;          /* what is in flight only looks */
	bool barred;             /* held with its account */
	bool forced;             /* the user wants it sent, confirmed or not */
	int64_t throttled_until; /* ms; the account's; -1: it is not */
	int64_t refresh_ms;      /* 0: never */
	int64_t min_interval_ms;
	bool verify;          /* look now and then whether it still holds */
	unsigned ttl;         /* seconds; the record's own; 0: not known */
	int64_t hold_until;   /* ms; a change that comes too often waits so long; -1: it does not */
	const char *hold_why; /* of that */
	int64_t on_loss_ms;   /* delete after; -1: keep */
	bool stopping;        /* the daemon ends, which the source has no say in */
	bool deleted_on_stop; /* by then */
	uint32_t seed;        /* of the jitter; any number that differs between records */
};

struct plan {
	enum plan_step step;
	enum plan_state state; /* that follows */
	int64_t at;            /* when to look again (ms, after now); -1: when something changes */
	const char *why;       /* never NULL; static or borrowed from the input */
};

struct plan plan_next(const struct plan_input *in, int64_t now);

/* How long after a failed attempt the next may be made (ms). */
int64_t plan_backoff(const struct history *history, int64_t min_interval_ms, uint32_t seed);

/* How long after a failed attempt to verify the next may be made (ms). */
int64_t plan_verify_backoff(const struct history_verify *verify, uint32_t seed);

/* "waiting", "pending", ... */
const char *plan_state_name(enum plan_state state);

#endif
