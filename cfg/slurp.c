/* SPDX-License-Identifier: MIT */
#include "cfg/slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_SIZE 4096

/* realloc would leave a copy behind. */
static int grow(struct slurp *slurp, size_t size, size_t new_size)
{
	char *bytes = malloc(new_size);

	if (!bytes)
		return -ENOMEM;
	if (size > 0) {
		memcpy(bytes, slurp->bytes, slurp->len);
		explicit_bzero(slurp->bytes, size);
		free(slurp->bytes);
	}
	slurp->bytes = bytes;
	return 0;
}

static int read_all(int fd, size_t cap, struct slurp *slurp)
{
	size_t size = 0;

	for (;;) {
		ssize_t got;

		/* Room for the NUL is always kept. */
		if (slurp->len + 1 >= size) {
			size_t new_size = size ? size * 2 : FIRST_SIZE;
			int error = grow(slurp, size, new_size);

			if (error)
				return error;
			size = new_size;
		}
		got = read(fd, slurp->bytes + slurp->len, size - slurp->len - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		slurp->len += (size_t)got;
		slurp->bytes[slurp->len] = '\0';
		if (slurp->len > cap)
			return -EFBIG;
		if (got == 0)
			return 0;
	}
}

static int check_kind(int fd, struct slurp *slurp)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -ENXIO;
	slurp->mode = st.st_mode & 07777;
	slurp->owner = st.st_uid;
	return 0;
}

static int load(const char *path, size_t begin, size_t cap, struct slurp *slurp)
{
	int error;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -errno;
	error = check_kind(fd, slurp);
	if (!error && lseek(fd, (off_t)begin, SEEK_SET) < 0)
		error = -errno;
	if (!error)
		error = read_all(fd, cap, slurp);
	close(fd);
	return error;
}

int slurp_file(const char *path, size_t cap, struct slurp *ret)
{
	struct slurp slurp = {0};
	int error = load(path, 0, cap, &slurp);

	if (error)
		slurp_done(&slurp);
	else
		*ret = slurp;
	return error;
}

int slurp_part(const char *path, size_t begin, size_t len, struct slurp *ret)
{
	struct slurp slurp = {0};
	int error = load(path, begin, len, &slurp);

	if (error == -EFBIG && slurp.bytes) {
		slurp.len = len;
		slurp.bytes[len] = '\0';
		error = 0;
	}
	if (error)
		slurp_done(&slurp);
	else
		*ret = slurp;
	return error;
}

const char *slurp_why(int error)
{
	switch (error) {
	case -EACCES:
		return "this user may not read it; chgrp it to the user's group and chmod 640";
	case -EFBIG:
		return "is too large";
	case -EISDIR:
		return "is a directory, not a file";
	case -ENXIO:
		return "is not a regular file";
	}
	return strerror(-error);
}

void slurp_done(struct slurp *slurp)
{
	if (slurp->bytes)
		explicit_bzero(slurp->bytes, slurp->len);
	free(slurp->bytes);
	*slurp = (struct slurp){0};
}
