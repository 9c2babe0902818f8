/* SPDX-License-Identifier: MIT */
/* A network namespace of the test's own, and `ip` to change it. */
#ifndef TESTS_UNIT_NETNS_H
#define TESTS_UNIT_NETNS_H

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Writes a line to a file of /proc. 0: written. */
static inline int netns_write(const char *path, const char *value)
{
	FILE *file = fopen(path, "we");
	int failed = !file || fputs(value, file) < 0;

	if (file && fclose(file) != 0)
		failed = 1;
	return failed ? -1 : 0;
}

/* Root of a user namespace of our own, so that what we execute keeps its capabilities. */
static inline int netns_become_root(void)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1", (unsigned)geteuid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return -1;
	return netns_write("/proc/self/uid_map", map);
}

/* A new, empty namespace, with lo down. False: the system refuses, and said so. */
static inline int netns_enter(void)
{
	if (unshare(CLONE_NEWNET) == 0 || netns_become_root() == 0)
		return 1;
	fprintf(stderr, "skipped: no network namespace: %s\n", strerror(errno));
	return 0;
}

/* Links to be made in this namespace get no link-local addresses, which would change by themselves
 * later on. 0: so it is. */
static inline int netns_without_link_local(void)
{
	return netns_write("/proc/sys/net/ipv6/conf/default/addr_gen_mode", "1\n");
}

/* Waits until the kernel has told all it will of a link's carrier, which it does some time after
 * both ends are up. 0: the link is running. */
static inline int netns_await_carrier(const char *link)
{
	struct timespec nap = {.tv_nsec = 5000000};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), r = -1;
	struct ifreq ifr = {.ifr_flags = 0};

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", link);
	for (int i = 0; i < 4000 && ioctl(fd, SIOCGIFFLAGS, &ifr) == 0; i++) {
		if (ifr.ifr_flags & IFF_RUNNING) {
			/* Nothing changes, but under the lock that the events are sent under. */
			r = ioctl(fd, SIOCSIFFLAGS, &ifr);
			break;
		}
		nanosleep(&nap, NULL);
	}
	close(fd);
	return r;
}

/* Feeds text, commands of `ip` one a line, to `ip -batch`; after a first line "-6" they are about
 * IPv6. 0: all of them worked. */
static inline int netns_batch(const char *text)
{
	int status = -1, pipe_ends[2], ipv6 = strncmp(text, "-6\n", 3) == 0;
	size_t left = strlen(text += ipv6 ? 3 : 0);
	pid_t pid;

	if (pipe(pipe_ends) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(pipe_ends[0], STDIN_FILENO);
		close(pipe_ends[0]);
		close(pipe_ends[1]);
		execlp("ip", "ip", "-batch", "-", ipv6 ? "-6" : (char *)NULL, (char *)NULL);
		_exit(127);
	}
	close(pipe_ends[0]);
	while (pid > 0 && left > 0) {
		ssize_t n = write(pipe_ends[1], text, left);

		if (n < 0)
			break;
		text += n;
		left -= (size_t)n;
	}
	close(pipe_ends[1]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

#endif
