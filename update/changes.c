/* SPDX-License-Identifier: MIT */
#include "update/changes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfg/slurp.h"

static int path_in(const char *dir, const char *name, char path[static PATH_MAX])
{
	return snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int open_file(const char *dir, const char *path)
{
	static const int flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = open(path, flags, 0600);

	if (fd < 0 && errno == ENOENT && (mkdir(dir, 0700) == 0 || errno == EEXIST))
		fd = open(path, flags, 0600);
	if (fd < 0)
		return -errno;
	return fd;
}

/* For len bytes more: the file as it is, or a new one in the place of one that is full. */
static int open_for(const char *dir, size_t len, struct stat *ret_st)
{
	char path[PATH_MAX], old[PATH_MAX];
	int err = path_in(dir, CHANGES_NAME, path), fd;

	if (!err)
		err = path_in(dir, CHANGES_OLD_NAME, old);
	if (err < 0)
		return err;
	fd = open_file(dir, path);
	if (fd < 0)
		return fd;
	if (fstat(fd, ret_st) < 0)
		err = -errno;
	else if (!S_ISREG(ret_st->st_mode))
		err = -EINVAL;
	/* One more for the newline behind a torn line. */
	if (err < 0 || (size_t)ret_st->st_size + len + 1 <= CHANGES_SIZE_MAX ||
	    ret_st->st_size == 0)
		goto out;
	err = rename(path, old) < 0 ? -errno : 0;
	close(fd);
	fd = err < 0 ? -1 : open_file(dir, path);
	if (fd >= 0 && fstat(fd, ret_st) < 0)
		err = -errno;
out:
	if (err < 0 && fd >= 0)
		close(fd);
	return err < 0 ? err : fd;
}

static bool is_torn(int fd, const struct stat *st)
{
	char last = '\n';

	return st->st_size > 0 && pread(fd, &last, 1, st->st_size - 1) == 1 && last != '\n';
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

int changes_append(const char *dir, const char *lines, size_t len)
{
	struct stat st;
	int fd, err = 0;

	if (len > CHANGES_SIZE_MAX)
		return -EFBIG;
	fd = open_for(dir, len, &st);
	if (fd < 0)
		return fd;
	if (is_torn(fd, &st))
		err = write_all(fd, "\n", 1);
	if (!err)
		err = write_all(fd, lines, len);
	if (close(fd) < 0 && !err)
		err = -errno;
	return err;
}

static int add_lines(json_t *list, const char *text, size_t len)
{
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) : len;
		json_t *change = json_loadb(text, line, 0, NULL);
		int err = 0;

		if (json_is_object(change))
			err = json_array_append(list, change);
		json_decref(change);
		if (err < 0)
			return -ENOMEM;
		line += end ? 1 : 0;
		text += line;
		len -= line;
	}
	return 0;
}

static int add_file(json_t *list, const char *dir, const char *name)
{
	struct slurp slurp = {0};
	char path[PATH_MAX];
	int err = path_in(dir, name, path);

	if (!err)
		err = slurp_file(path, CHANGES_SIZE_MAX, &slurp);
	if (!err)
		err = add_lines(list, slurp.bytes, slurp.len);
	slurp_done(&slurp);
	return err == -ENOENT ? 0 : err;
}

int changes_read(const char *dir, json_t **ret)
{
	json_t *list = json_array();
	int err = list ? add_file(list, dir, CHANGES_OLD_NAME) : -ENOMEM;

	if (!err)
		err = add_file(list, dir, CHANGES_NAME);
	if (err < 0)
		json_decref(list);
	else
		*ret = list;
	return err;
}
