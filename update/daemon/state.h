/* SPDX-License-Identifier: MIT */
/* What must survive a restart, as text: a version line, a line a record, a checksum line. Moments
 * are wall time on disk and monotonic in memory; a wall clock that was or is wrong may cost a
 * refresh, never a burst nor a silence. */
#ifndef UPDATE_DAEMON_STATE_H
#define UPDATE_DAEMON_STATE_H

#include "update/daemon/history.h"

#define STATE_NAME        "state" /* in the state directory */
#define STATE_SIZE_MAX    2097152 /* bytes of the file */
#define STATE_ENTRIES_MAX 1024
#define STATE_ACCOUNT_MAX 256

/* A record's history under its key. */
struct state_entry {
	char name[DNS_NAME_MAX];
	enum record_type type;
	char account[STATE_ACCOUNT_MAX];
	uint64_t fingerprint;
	struct history history;
};

struct state_clock {
	int64_t now, wall; /* the same moment on both clocks */
};

/* The text of n entries in *ret (malloc; the caller frees). -EFBIG: over STATE_SIZE_MAX. */
int state_encode(const struct state_entry *entries, size_t n, struct state_clock clock, char **ret,
		 size_t *ret_len);

/* The inverse; *ret by malloc. -EBADMSG: not written by state_encode, or damaged. */
int state_decode(const char *text, size_t len, struct state_clock clock, struct state_entry **ret,
		 size_t *ret_n);

/* The same, from and to DIR/state. state_load: -ENOENT if there is none. state_save makes the
 * directory if it is missing. */
int state_load(const char *dir, struct state_clock clock, struct state_entry **ret, size_t *ret_n);
int state_save(const char *dir, struct state_clock clock, const struct state_entry *entries,
	       size_t n);

#endif
