/* SPDX-License-Identifier: MIT */
#include "update/daemon/resolver.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUIET_MS   50   /* after the last event */
#define PATIENT_MS 1000 /* after the first, however many follow */
#define LINKS_MAX  8    /* symbolic links that lead to one another */
#define SPOTS_MAX  32   /* what is watched at a time */

/* Of a folder only which names it has: others write to their files in it all day. */
#define FOLDER_EVENTS                                                                          \
	(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | \
	 IN_ONLYDIR)

/* Of the file itself, since a bind mount has its folder elsewhere. */
#define FILE_EVENTS (IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)

/* Watch descriptors of inotify. */
struct spots {
	int list[SPOTS_MAX];
	size_t n;
};

/* What tells a file from another or from itself before it was written to. Its bytes do not: those
 * of a local resolver's stub never change, but it is written anew when the servers behind it do. */
struct identity {
	int error; /* with which it cannot be had */
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec written, changed;
};

struct resolver {
	int fd;
	char *path;
	struct spots spots;
	struct identity seen;
	int64_t first_at, last_at; /* ms; of the events not looked at yet; -1: none */
};

static bool has(const struct spots *spots, int spot)
{
	for (size_t i = 0; i < spots->n; i++)
		if (spots->list[i] == spot)
			return true;
	return false;
}

static int watch(const struct resolver *resolver, const char *path, uint32_t events,
		 struct spots *spots)
{
	int spot = inotify_add_watch(resolver->fd, path, events);

	if (spot < 0)
		return -errno;
	if (!has(spots, spot) && spots->n < SPOTS_MAX)
		spots->list[spots->n++] = spot;
	return 0;
}

/* The folder that holds path or, if there is none, the nearest above it that exists. That one is
 * watched before the one below is seen to be missing: its making cannot go by unnoticed. */
static void watch_folder(const struct resolver *resolver, char *path, struct spots *spots)
{
	char *slash = strrchr(path, '/');
	int err;

	if (!slash)
		return;
	if (slash == path) {
		watch(resolver, "/", FOLDER_EVENTS, spots);
		return;
	}
	*slash = '\0';
	err = watch(resolver, path, FOLDER_EVENTS, spots);
	if (err == -ENOENT || err == -ENOTDIR) {
		watch_folder(resolver, path, spots);
		watch(resolver, path, FOLDER_EVENTS, spots);
	}
	*slash = '/';
}

/* path becomes what it points to. False: it points nowhere. */
static bool follow(char path[static PATH_MAX])
{
	char target[PATH_MAX], *slash = strrchr(path, '/');
	ssize_t len = readlink(path, target, sizeof(target) - 1);
	size_t kept = slash ? (size_t)(slash + 1 - path) : 0;

	if (len <= 0)
		return false;
	target[len] = '\0';
	if (target[0] == '/')
		kept = 0;
	return snprintf(path + kept, PATH_MAX - kept, "%s", target) < (int)(PATH_MAX - kept);
}

static void watch_all(struct resolver *resolver)
{
	struct spots spots = {.n = 0}, old = resolver->spots;
	char path[PATH_MAX];
	int links = 0;

	snprintf(path, sizeof(path), "%s", resolver->path);
	do
		watch_folder(resolver, path, &spots);
	while (links++ < LINKS_MAX && follow(path));
	watch(resolver, resolver->path, FILE_EVENTS, &spots);
	resolver->spots = spots;
	for (size_t i = 0; i < old.n; i++)
		if (!has(&spots, old.list[i]))
			inotify_rm_watch(resolver->fd, old.list[i]);
}

static struct identity identify(const char *path)
{
	struct identity identity;
	struct stat st;

	memset(&identity, 0, sizeof(identity));
	if (stat(path, &st) < 0) {
		identity.error = errno;
		return identity;
	}
	identity.dev = st.st_dev;
	identity.ino = st.st_ino;
	identity.size = st.st_size;
	identity.written = st.st_mtim;
	identity.changed = st.st_ctim;
	return identity;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same(const struct identity *a, const struct identity *b)
{
	return a->error == b->error && a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       same_time(a->written, b->written) && same_time(a->changed, b->changed);
}

int resolver_open(const char *path, struct resolver **ret)
{
	struct resolver *resolver = calloc(1, sizeof(*resolver));
	int err = -ENOMEM;

	if (!resolver)
		return err;
	resolver->fd = -1;
	resolver->first_at = -1;
	resolver->path = strdup(path);
	if (!resolver->path)
		goto out;
	resolver->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (resolver->fd < 0) {
		err = -errno;
		goto out;
	}
	watch_all(resolver);
	resolver->seen = identify(path);
	*ret = resolver;
	resolver = NULL;
	err = 0;
out:
	resolver_close(resolver);
	return err;
}

void resolver_close(struct resolver *resolver)
{
	if (!resolver)
		return;
	if (resolver->fd >= 0)
		close(resolver->fd);
	free(resolver->path);
	free(resolver);
}

int resolver_fd(const struct resolver *resolver)
{
	return resolver->fd;
}

/* Not what is left of a watch that was given up; -1: events were lost. */
static bool concerns(const struct resolver *resolver, const struct inotify_event *event)
{
	return event->wd < 0 || has(&resolver->spots, event->wd);
}

void resolver_drain(struct resolver *resolver, int64_t now)
{
	char bytes[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	ssize_t len = read(resolver->fd, bytes, sizeof(bytes));

	for (const char *at = bytes; len > 0 && at < bytes + len;
	     at += sizeof(*event) + event->len) {
		event = (const struct inotify_event *)(const void *)at;
		if (!concerns(resolver, event))
			continue;
		resolver->last_at = now;
		if (resolver->first_at < 0)
			resolver->first_at = now;
	}
}

int64_t resolver_due(const struct resolver *resolver)
{
	int64_t quiet = resolver->last_at + QUIET_MS, patient = resolver->first_at + PATIENT_MS;

	if (resolver->first_at < 0)
		return -1;
	return quiet < patient ? quiet : patient;
}

bool resolver_tick(struct resolver *resolver, int64_t now)
{
	int64_t due = resolver_due(resolver);
	struct identity found;

	if (due < 0 || now < due)
		return false;
	resolver->first_at = -1;
	/* First: what is written after the look is an event. */
	watch_all(resolver);
	found = identify(resolver->path);
	if (found.error || same(&found, &resolver->seen))
		return false;
	resolver->seen = found;
	return true;
}
