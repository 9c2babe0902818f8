/* SPDX-License-Identifier: MIT */
/* load FILE.ko...: loads kernel modules in the order given. The machine that runs the test need not
 * have kmod, and its own /lib/modules is of another kernel. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, "", 0) != 0 && errno != EEXIST)
		r = -errno;
	close(fd);
	return r;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int r = load(argv[i]);

		if (r < 0) {
			fprintf(stderr, "load: %s: %s\n", argv[i], strerror(-r));
			return 1;
		}
	}
	return 0;
}
