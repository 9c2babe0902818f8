/* SPDX-License-Identifier: MIT */
#include "cfg/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HEAD         "[service "
#define HEAD_LEN     (sizeof(HEAD) - 1)
#define NAME_MAX_LEN 255

/* A file while it is gone through. */
struct scan {
	bundle_taker *take;
	void *user;
	size_t at;               /* of the line, in the file */
	int line;                /* its number */
	bool inside;             /* what comes next is not a line's beginning */
	struct reader_part part; /* the last that began */
	char name[NAME_MAX_LEN + 1];
	size_t name_len; /* 0: none began */
};

static int end_part(struct scan *scan)
{
	scan->part.len = scan->at - scan->part.begin;
	return scan->name_len ? scan->take(scan->user, scan->name, scan->name_len, &scan->part) : 0;
}

static int begin_part(struct scan *scan, const char *name, size_t len)
{
	int status = end_part(scan);

	scan->part.begin = scan->at;
	scan->part.line = scan->line;
	scan->name_len = len;
	memcpy(scan->name, name, len);
	scan->name[len] = '\0';
	return status;
}

/* A line, or a piece of one that is too long to say anything. */
static int take_line(struct scan *scan, const char *line, size_t len)
{
	const char *end = len > HEAD_LEN ? memchr(line, ']', len) : NULL;
	bool ends = line[len - 1] == '\n';
	int status = 0;

	if (!scan->inside && end && memcmp(line, HEAD, HEAD_LEN) == 0 &&
	    (size_t)(end - line) - HEAD_LEN <= NAME_MAX_LEN)
		status = begin_part(scan, line + HEAD_LEN, (size_t)(end - line) - HEAD_LEN);
	scan->at += len;
	scan->line += ends ? 1 : 0;
	scan->inside = !ends;
	return status;
}

static int go_through(int fd, struct scan *scan)
{
	char bytes[4096];
	size_t held = 0, at;
	const char *newline;
	int status = 0;
	ssize_t got;

	while ((got = read(fd, bytes + held, sizeof(bytes) - held)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		held += (size_t)got;
		if (scan->at + held > READER_FILE_MAX)
			return -EFBIG;
		for (at = 0; !status && (newline = memchr(bytes + at, '\n', held - at));
		     at = (size_t)(newline - bytes) + 1)
			status = take_line(scan, bytes + at, (size_t)(newline - bytes) + 1 - at);
		if (!status && at == 0 && held == sizeof(bytes)) {
			status = take_line(scan, bytes, held);
			at = held;
		}
		if (status)
			return status;
		held -= at;
		memmove(bytes, bytes + at, held);
	}
	if (held > 0)
		status = take_line(scan, bytes, held);
	return status ? status : end_part(scan);
}

int bundle_each(const char *path, bundle_taker *take, void *user)
{
	struct scan scan = {.take = take, .user = user, .line = 1};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int status;

	if (fd < 0)
		return -errno;
	status = go_through(fd, &scan);
	close(fd);
	return status;
}
