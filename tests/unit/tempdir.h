/* SPDX-License-Identifier: MIT */
/* A folder of its own for a test that needs files; setup and teardown for cmocka. */
#ifndef TESTS_UNIT_TEMPDIR_H
#define TESTS_UNIT_TEMPDIR_H

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char tempdir[] = "/tmp/nlddns-test-XXXXXX";

static inline int tempdir_setup(void **state)
{
	(void)state;
	memcpy(tempdir + sizeof(tempdir) - 7, "XXXXXX", 6);
	return mkdtemp(tempdir) ? 0 : -1;
}

static inline int tempdir_forget(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline int tempdir_teardown(void **state)
{
	(void)state;
	return nftw(tempdir, tempdir_forget, 8, FTW_DEPTH | FTW_PHYS);
}

/* The whole name of a file in the folder; valid until the fourth call from now. */
static inline const char *tempdir_path(const char *name)
{
	static char paths[4][256];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", tempdir, name);
	return path;
}

static inline void tempdir_write(const char *name, const char *bytes, size_t len, mode_t mode)
{
	int fd = open(tempdir_path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static inline void tempdir_text(const char *name, const char *text)
{
	tempdir_write(name, text, strlen(text), 0600);
}

#endif
