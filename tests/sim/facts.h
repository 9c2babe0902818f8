/* SPDX-License-Identifier: MIT */
/* What the daemon has been told, so that it must know it; and what of that has reached the disk.
 * Kept by looking at what goes in and out, not by asking it. */
#ifndef TESTS_SIM_FACTS_H
#define TESTS_SIM_FACTS_H

#include "tests/sim/courier.h"

/* Moments are the world's. */
struct fact {
	bool present; /* configured */
	uint64_t identity;
	bool known;
	struct content confirmed;
	int64_t confirmed_at;
	int64_t confirmed_wall; /* as read from a disk that is ahead of the wall clock; NEVER */
	bool doubtful;          /* something else may have arrived since */
	bool misled;            /* by a state file older than what was done */
	int64_t floor_from;
	unsigned aborted; /* in a row */
	bool failed, held, throttled;
	bool retried;         /* by the user, and neither confirmed nor refused since */
	enum verdict verdict; /* the last */
	int64_t begun_at, ended_at, asked_ms; /* of that attempt */
	int64_t late_from; /* by a wall clock that was wrong at a restart, all was just then */
	unsigned in_row;
	bool forced;
	unsigned others;               /* in a row: somebody else's content was found */
	int64_t look_at, look_wait_ms; /* a look was throttled */
	struct content sent;           /* last */
	int64_t sent_at;
	int64_t changes[8]; /* newest first */
};

void facts_reset(void);
struct fact *facts_of(size_t record);

/* The account is held, three of its records having been refused for its credentials before any was
 * confirmed, and the user has not retried this one. */
bool facts_barred(size_t record);

/* The record is held, for itself or with its account; what is under way goes on. */
bool facts_held(size_t record);

/* Jobs of the account that may be under way while nothing shows that its credentials work. */
size_t facts_most_jobs(size_t account);

/* Until when the account is throttled. */
int64_t facts_throttled(size_t account);

/* Until when it may believe so, at most. */
int64_t facts_throttled_late(size_t account);

/* Answers that have not reached the disk since then; NEVER: all have. */
int64_t facts_unsaved_since(void);

void facts_send(const struct courier_job *job);
void facts_answer(const struct courier_job *job);
void facts_abort(const struct courier_job *job);
void facts_lose(const struct courier_job *job);
void facts_user(size_t record, bool retry);

/* What was configured otherwise is forgotten. */
void facts_follow(const struct scene *scene);

/* What was read from the disk can be told by the wall clock now, if it is. */
void facts_set_wall(void);

/* Nobody has ever set it. */
bool facts_wall_is_true(void);

void facts_save(void);

/* What was saved last, or before that, or nothing, is what a daemon that starts knows. */
void facts_start(const struct scene *scene);

/* The daemon has been killed: what it was about to do may have been done. */
void facts_kill(void);
void facts_forget(void);
void facts_remember_older(void);

/* Since about then something has changed that may have made another way to the internet. */
bool facts_new_way(size_t record, int64_t since);

/* The usual wait after a failure. */
int64_t facts_backoff(const struct fact *fact);

/* A minimum interval to keep with an account that throttles without saying for how long. */
int64_t facts_cooldown(const struct fact *fact, int64_t min_interval_ms);

#endif
