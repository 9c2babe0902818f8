/* SPDX-License-Identifier: MIT */
#include "update/daemon/keeper.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "update/daemon/bar.h"
#include "update/daemon/clock.h"
#include "update/daemon/file.h"
#include "update/daemon/state.h"
#include "update/log.h"

#define OLD     STATE_NAME ".old" /* of file_begin */
#define BAD     STATE_NAME ".bad"
#define UNKNOWN STATE_NAME ".unknown"

static void restore(void *arg, const struct state_entry *entry)
{
	engine_restore(arg, entry);
}

static int load(const char *path, struct engine *engine)
{
	struct state_clock clock = {clock_now(), clock_wall()};
	char *text = NULL;
	size_t len;
	int err = file_read(path, STATE_SIZE_MAX, &text, &len);

	if (!err)
		err = state_read(text, len, clock, restore, engine);
	free(text);
	return err;
}

/* So that it is there for whoever can read it. */
static void set_aside(const char *dir, const char *name, const char *fault)
{
	char from[PATH_MAX], to[PATH_MAX];

	snprintf(from, sizeof(from), "%s/" STATE_NAME, dir);
	snprintf(to, sizeof(to), "%s/%s", dir, name);
	if (rename(from, to) == 0)
		log_warn("%s: %s; kept as %s, going on without it", from, fault, name);
	else
		log_warn("%s: %s; going on without it", from, fault);
}

/* The one before that of which a power cut has left a part. */
static int load_old(const char *dir, struct engine *engine)
{
	char path[PATH_MAX];
	int err;

	snprintf(path, sizeof(path), "%s/" OLD, dir);
	err = load(path, engine);
	if (!err)
		log_warn("%s/" STATE_NAME ": damaged, going on with the one before it", dir);
	return err;
}

/* Then what was placed may not be synced; it is written again, and the old one goes before it is
 * too old to be of use. */
static bool has_old(const char *dir)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/" OLD, dir);
	return access(path, F_OK) == 0;
}

void keeper_load(const char *dir, struct engine *engine)
{
	char path[PATH_MAX];
	int err;

	snprintf(path, sizeof(path), "%s/" STATE_NAME, dir);
	err = load(path, engine);
	if (err == -EBADMSG && load_old(dir, engine) == 0)
		err = 0;
	if (err == -EBADMSG || err == -EFBIG)
		set_aside(dir, BAD, "damaged");
	else if (err == -ENOTSUP)
		set_aside(dir, UNKNOWN, "of a version that this program does not know");
	else if (err < 0 && err != -ENOENT)
		log_warn("%s: %s, going on without it", path, strerror(-err));
	if (has_old(dir))
		engine->unsaved = true;
	bar_restored(engine);
}

static int put(void *arg, const char *bytes, size_t len)
{
	return file_add(arg, bytes, len);
}

/* *ret is the caller's, to commit. */
static int write_state(struct keeper *keeper, const char *dir, const struct records *records,
		       struct file **ret)
{
	struct state_clock clock = {clock_now(), clock_wall()};
	struct state_writer writer;
	struct file *file = NULL;
	char path[PATH_MAX], old[PATH_MAX];
	int err;

	snprintf(path, sizeof(path), "%s/" STATE_NAME, dir);
	snprintf(old, sizeof(old), "%s/" OLD, dir);
	err = file_begin(path, old, 0600, &file);
	if (err == -ENOENT && (mkdir(dir, 0700) == 0 || errno == EEXIST))
		err = file_begin(path, old, 0600, &file);
	if (err < 0)
		return err;
	state_begin(&writer, clock, put, file);
	for (size_t i = 0; i < records->n; i++) {
		struct state_entry entry = records_entry(&records->list[i]);

		state_add(&writer, &entry);
	}
	err = state_end(&writer);
	keeper->large = writer.len > KEEPER_LARGE;
	if (err < 0)
		file_drop(file);
	else
		*ret = file;
	return err;
}

static void note(struct keeper *keeper, const char *dir, struct engine *engine, int err)
{
	if (err < 0 && !keeper->failed)
		log_warn("%s: the state cannot be saved: %s; going on, but a restart will send "
			 "every record again",
			 dir, strerror(-err));
	else if (!err && keeper->failed)
		log_info("%s: the state is saved again", dir);
	keeper->failed = err < 0;
	engine->unsaved = keeper->failed;
	keeper->not_before = clock_now() + (keeper->failed ? KEEPER_AGAIN_MS : KEEPER_EVERY_MS);
}

/* Syncs what was placed, if anything was. */
static int settle_placed(struct keeper *keeper)
{
	struct file *file = keeper->placed;

	keeper->placed = NULL;
	return file ? file_commit(file) : 0;
}

static void save(struct keeper *keeper, const char *dir, struct engine *engine)
{
	struct file *file;
	int err = write_state(keeper, dir, engine->records, &file);

	note(keeper, dir, engine, err < 0 ? err : file_commit(file));
}

int64_t keeper_due(const struct keeper *keeper, const struct engine *engine)
{
	if (!engine->unsaved || keeper->failed)
		return -1;
	return queue_any(engine->queue) || keeper->large ? keeper->not_before : 0;
}

void keeper_save(struct keeper *keeper, const char *dir, struct engine *engine, int64_t now)
{
	int64_t due;
	int err = settle_placed(keeper);

	if (err < 0)
		note(keeper, dir, engine, err);
	due = keeper_due(keeper, engine);
	if (engine->unsaved && keeper->failed)
		due = keeper->not_before;
	if (due >= 0 && due <= now)
		save(keeper, dir, engine);
}

void keeper_place(struct keeper *keeper, const char *dir, struct engine *engine)
{
	struct file *file;
	int err = write_state(keeper, dir, engine->records, &file);

	if (!err) {
		if (keeper->placed)
			file_drop(keeper->placed);
		keeper->placed = file;
		err = file_place(file);
	}
	note(keeper, dir, engine, err);
}

void keeper_flush(struct keeper *keeper, const char *dir, struct engine *engine)
{
	int err = settle_placed(keeper);

	if (err < 0)
		note(keeper, dir, engine, err);
	if (engine->unsaved || keeper->failed)
		save(keeper, dir, engine);
}
