/* SPDX-License-Identifier: MIT */
#include "update/daemon/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
	char *target, *new;
	char *old; /* where the target is until what is placed is synced; or NULL */
	int fd;    /* of new; -1: there is none */
	bool placed;
};

/* Until the end or size bytes. */
static ssize_t read_up_to(int fd, char *bytes, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, bytes + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static int write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int sync_file(int fd)
{
	int r;

	do
		r = fsync(fd);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

int file_read(const char *path, size_t cap, char **ret, size_t *ret_len)
{
	/* O_NONBLOCK: a FIFO in its place must not hang us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *bytes = NULL;
	struct stat st;
	ssize_t len;
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		err = -errno;
	else if (!S_ISREG(st.st_mode))
		err = -EINVAL;
	else if (st.st_size > (off_t)cap)
		err = -EFBIG;
	if (err < 0)
		goto out;
	/* One byte more tells a file that grew meanwhile. */
	bytes = malloc((size_t)st.st_size + 2);
	if (!bytes) {
		err = -ENOMEM;
		goto out;
	}
	len = read_up_to(fd, bytes, (size_t)st.st_size + 1);
	if (len < 0 || len > st.st_size) {
		err = len < 0 ? (int)len : -EAGAIN;
		goto out;
	}
	bytes[len] = '\0';
	*ret = bytes;
	*ret_len = (size_t)len;
	bytes = NULL;
out:
	free(bytes);
	close(fd);
	return err;
}

/* A new file like the old one. */
static int create_like(const char *path, const struct stat *old, mode_t mode)
{
	int fd, err = 0;

	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	if (old && (old->st_uid != geteuid() || old->st_gid != getegid()) &&
	    fchown(fd, old->st_uid, old->st_gid) < 0)
		err = -errno;
	/* After fchown, which clears set-id bits. */
	if (!err && fchmod(fd, old ? old->st_mode & 07777 : mode) < 0)
		err = -errno;
	if (err < 0) {
		close(fd);
		unlink(path);
		return err;
	}
	return fd;
}

static int sync_directory(const char *path)
{
	char copy[PATH_MAX];
	int fd, err = 0;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* EINVAL: a file system without it has nothing to sync. */
	err = sync_file(fd);
	if (err == -EINVAL)
		err = 0;
	close(fd);
	return err;
}

/* The file behind path, through symbolic links, or path itself. NULL: errno says why. */
static char *find_target(const char *path)
{
	char *target = realpath(path, NULL);

	return target || errno != ENOENT ? target : strdup(path);
}

/* Fills in all but the paths. */
static int create_new(struct file *file, mode_t mode)
{
	struct stat st;
	bool old = stat(file->target, &st) == 0;
	int fd;

	if (!old && errno != ENOENT)
		return -errno;
	fd = create_like(file->new, old ? &st : NULL, mode);
	if (fd < 0)
		return fd;
	file->fd = fd;
	return 0;
}

static char *with_suffix(const char *path, const char *suffix)
{
	char *name;

	return asprintf(&name, "%s%s", path, suffix) < 0 ? NULL : name;
}

int file_begin(const char *path, const char *old, mode_t mode, struct file **ret)
{
	struct file *file = calloc(1, sizeof(*file));
	int err;

	if (!file)
		return -ENOMEM;
	file->fd = -1;
	file->target = find_target(path);
	if (!file->target) {
		err = -errno;
		file_drop(file);
		return err;
	}
	file->old = old ? strdup(old) : NULL;
	file->new = !old || file->old ? with_suffix(file->target, ".new") : NULL;
	err = file->new ? create_new(file, mode) : -ENOMEM;
	if (err < 0)
		file_drop(file);
	else
		*ret = file;
	return err;
}

int file_add(struct file *file, const char *bytes, size_t len)
{
	return write_all(file->fd, bytes, len);
}

static int put_over(struct file *file)
{
	if (rename(file->new, file->target) < 0)
		return -errno;
	file->placed = true;
	return 0;
}

int file_place(struct file *file)
{
	int err = 0;

	/* One that is there already is one that was synced, which the target is not. Without hard
	 * links it takes a little longer. */
	if (!file->old || (link(file->target, file->old) < 0 && errno != EEXIST && errno != ENOENT))
		err = sync_file(file->fd);
	return err < 0 ? err : put_over(file);
}

int file_commit(struct file *file)
{
	int err = sync_file(file->fd);

	if (!err && !file->placed)
		err = put_over(file);
	if (!err)
		err = sync_directory(file->target);
	if (!err && file->old)
		(void)unlink(file->old);
	file_drop(file);
	return err;
}

void file_drop(struct file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	if (file->fd >= 0 && !file->placed)
		unlink(file->new);
	free(file->target);
	free(file->new);
	free(file->old);
	free(file);
}

int file_replace(const char *path, const char *bytes, size_t len, mode_t mode)
{
	struct file *file = NULL;
	int err = file_begin(path, NULL, mode, &file);

	if (!file)
		return err;
	err = file_add(file, bytes, len);
	if (!err)
		return file_commit(file);
	file_drop(file);
	return err;
}
