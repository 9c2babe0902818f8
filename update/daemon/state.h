/* SPDX-License-Identifier: MIT */
/* What must survive a restart, as text: a version line, a line a record, a checksum line. Moments
 * are wall time on disk and monotonic in memory; a wall clock that was or is wrong may cost a
 * refresh, never a burst nor a silence. */
#ifndef UPDATE_DAEMON_STATE_H
#define UPDATE_DAEMON_STATE_H

#include "providers/buf.h"
#include "update/daemon/history.h"

#define STATE_NAME        "state" /* in the state directory */
#define STATE_SIZE_MAX    8388608 /* bytes of the file */
#define STATE_ENTRIES_MAX 16384
#define STATE_LINE_MAX    2048

/* A record's history under its key. Borrowed. */
struct state_entry {
	const char *name;
	enum record_type type;
	const char *account;
	uint64_t fingerprint;
	struct history history;
};

struct state_clock {
	int64_t now, wall; /* the same moment on both clocks */
};

/* Writes entry by entry; put gets the text piece by piece, and returns 0 or -errno. */
struct state_writer {
	struct state_clock clock;
	int (*put)(void *arg, const char *bytes, size_t len);
	void *arg;
	struct buf buf;
	size_t len; /* so far */
	uint64_t sum;
	int err;
};
void state_begin(struct state_writer *writer, struct state_clock clock,
		 int (*put)(void *arg, const char *bytes, size_t len), void *arg);
void state_add(struct state_writer *writer, const struct state_entry *entry);

/* -EFBIG: over STATE_SIZE_MAX. -ENOMEM, or what put said. */
int state_end(struct state_writer *writer);

/* Gives every entry of the text to take, or, on failure, none. -EBADMSG: not written by the above,
 * or damaged. -ENOTSUP: whole, but of another version. */
int state_read(const char *text, size_t len, struct state_clock clock,
	       void (*take)(void *arg, const struct state_entry *entry), void *arg);

#endif
