/* SPDX-License-Identifier: MIT */
#include "tests/sim/disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "providers/buf.h"
#include "tests/sim/life.h"
#include "tests/sim/oracle.h"
#include "tests/sim/report.h"
#include "tests/sim/rng.h"
#include "tests/sim/vtime.h"
#include "update/daemon/file.h"

#define SIZE_MAX_HERE 16384
#define STATE         "/state/state"

struct stored {
	char bytes[SIZE_MAX_HERE];
	size_t len; /* 0: it is not there */
};

static struct stored state, before;
static int64_t full_until, failed_at;

void disk_reset(void)
{
	state.len = before.len = 0;
	full_until = failed_at = NEVER;
}

void disk_fill_until(int64_t at)
{
	full_until = at;
}

int64_t disk_failed_at(void)
{
	return failed_at;
}

void disk_harm(enum disk_harm harm)
{
	if (state.len == 0)
		return;
	report_say("disk: harm %d", (int)harm);
	switch (harm) {
	case DISK_LOST:
		state.len = 0;
		oracle_forget();
		break;
	case DISK_CUT:
		state.len = rng_below((uint32_t)state.len);
		oracle_forget();
		break;
	case DISK_FLIPPED:
		state.bytes[rng_below((uint32_t)state.len)] ^= (char)(1 << rng_below(7));
		oracle_forget();
		break;
	case DISK_OLD:
		state = before;
		oracle_remember_older();
		break;
	}
	report_add(REPORT_STATE_LOST);
}

int file_read(const char *path, size_t cap, char **ret, size_t *ret_len)
{
	char *bytes;

	if (strcmp(path, STATE) != 0 || state.len == 0)
		return -ENOENT;
	if (state.len > cap)
		return -EFBIG;
	bytes = malloc(state.len + 1);
	if (!bytes)
		return -ENOMEM;
	memcpy(bytes, state.bytes, state.len);
	bytes[state.len] = '\0';
	*ret = bytes;
	*ret_len = state.len;
	return 0;
}

/* What is on the disk is the old or the new, whole. */
static int keep(const char *path, const char *bytes, size_t len)
{
	if (strcmp(path, STATE) != 0)
		return -EACCES;
	if (life_effect("the state is written") || vtime_now() < full_until) {
		failed_at = vtime_now() > full_until ? vtime_now() : full_until;
		return -ENOSPC;
	}
	if (len > sizeof(state.bytes)) {
		report_broken("the state of %d records takes %zu bytes", SCENE_RECORDS, len);
		return -EFBIG;
	}
	before = state;
	memcpy(state.bytes, bytes, len);
	state.len = len;
	report_say("disk: the state is\n%.*s", (int)len, bytes);
	oracle_saved();
	return 0;
}

int file_replace(const char *path, const char *bytes, size_t len, mode_t mode)
{
	(void)mode;
	return keep(path, bytes, len);
}

struct file {
	struct buf buf;
	char path[64];
	bool placed;
};

int file_begin(const char *path, const char *old, mode_t mode, struct file **ret)
{
	struct file *file = calloc(1, sizeof(*file));

	(void)old;
	(void)mode;
	if (!file)
		return -ENOMEM;
	buf_init(&file->buf, 1 << 20);
	snprintf(file->path, sizeof(file->path), "%s", path);
	*ret = file;
	return 0;
}

int file_add(struct file *file, const char *bytes, size_t len)
{
	buf_add(&file->buf, bytes, len);
	return file->buf.failed ? -ENOMEM : 0;
}

int file_place(struct file *file)
{
	int err = file->placed ? 0 : keep(file->path, file->buf.text, file->buf.len);

	file->placed = err == 0;
	return err;
}

int file_commit(struct file *file)
{
	int err = file_place(file);

	file_drop(file);
	return err;
}

void file_drop(struct file *file)
{
	buf_done(&file->buf);
	free(file);
}
