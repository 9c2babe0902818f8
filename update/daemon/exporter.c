/* SPDX-License-Identifier: MIT */
#include "update/daemon/exporter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "update/log.h"

static struct exporter_mark mark_of(const struct metrics *metrics)
{
	return (struct exporter_mark){
		.moves = metrics->tally->moves,
		.messages = metrics->events.messages,
		.overruns = metrics->events.overruns,
		.starts = metrics->updater.starts,
		.crashes = metrics->updater.crashes,
	};
}

static bool is_written(const struct exporter *exporter, const struct metrics *metrics)
{
	struct exporter_mark a = exporter->written, b = mark_of(metrics);

	return exporter->begun && a.moves == b.moves && a.messages == b.messages &&
	       a.overruns == b.overruns && a.starts == b.starts && a.crashes == b.crashes;
}

int64_t exporter_due(const struct exporter *exporter, const struct metrics *metrics)
{
	int64_t now = metrics->clock.now, next = exporter->written_at + EXPORTER_EVERY_MS;

	if (is_written(exporter, metrics))
		return -1;
	return exporter->begun && next > now ? next : now;
}

static int fill(int fd, const struct metrics *metrics)
{
	FILE *file = fdopen(fd, "w");
	int err = 0;

	if (!file) {
		err = -errno;
		close(fd);
		return err;
	}
	/* Whatever our umask is: it is for others to read. */
	if (fchmod(fd, 0644) < 0)
		err = -errno;
	errno = 0;
	metrics_write(metrics, file);
	if (!err && ferror(file))
		err = errno ? -errno : -EIO;
	if (fclose(file) == EOF && !err)
		err = -errno;
	return err;
}

static int replace(const char *path, const struct metrics *metrics)
{
	char new[PATH_MAX];
	int fd, err;

	if (snprintf(new, sizeof(new), "%s.new", path) >= (int)sizeof(new))
		return -ENAMETOOLONG;
	if (unlink(new) < 0 && errno != ENOENT)
		return -errno;
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	err = fill(fd, metrics);
	if (!err && rename(new, path) < 0)
		err = -errno;
	if (err < 0)
		unlink(new);
	return err;
}

void exporter_write(struct exporter *exporter, const char *path, const struct metrics *metrics,
		    bool last)
{
	int64_t due = exporter_due(exporter, metrics);
	int err;

	if (due < 0 || (!last && due > metrics->clock.now))
		return;
	err = replace(path, metrics);
	if (err < 0 && !exporter->failed)
		log_warn("%s: the metrics cannot be written: %s; let this user write in its "
			 "folder, or correct metrics-file",
			 path, strerror(-err));
	else if (!err && exporter->failed)
		log_info("%s: the metrics are written again", path);
	exporter->failed = err < 0;
	/* Also when it failed: the next change is the next try. */
	exporter->begun = true;
	exporter->written = mark_of(metrics);
	exporter->written_at = metrics->clock.now;
}
