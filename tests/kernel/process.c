/* SPDX-License-Identifier: MIT */
/* The part of the ground that starts and ends processes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kernel/ground.h"

static void exec_child(const struct ground *g, enum side side, int out, int err,
		       const char *const argv[])
{
	char *args[32];
	size_t n = 0;

	for (; argv[n] && n < 31; n++)
		args[n] = strdup(argv[n]);
	args[n] = NULL;
	ground_go(g, side);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	execv(args[0], args);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

void ground_keep(struct ground *g, pid_t pid)
{
	for (size_t i = 0; i < GROUND_CHILDREN; i++) {
		if (g->children[i] == 0) {
			g->children[i] = pid;
			return;
		}
	}
	fail_msg("too many processes for one test");
}

static void forget(struct ground *g, pid_t pid)
{
	for (size_t i = 0; i < GROUND_CHILDREN; i++)
		if (g->children[i] == pid)
			g->children[i] = 0;
}

pid_t ground_spawn(struct ground *g, enum side side, const char *log, const char *const argv[])
{
	int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	pid_t pid;

	if (out < 0)
		fail_msg("%s: %s", log, strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		exec_child(g, side, out, out, argv);
	close(out);
	if (pid < 0)
		fail_msg("fork: %s", strerror(errno));
	ground_keep(g, pid);
	return pid;
}

int ground_end(struct ground *g, pid_t pid, int signal, int ms)
{
	int64_t until = ground_now() + ms * 1000000LL;
	int status = 0;

	if (signal)
		kill(pid, signal);
	for (;;) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid || (got < 0 && errno == ECHILD))
			break;
		if (ground_now() > until)
			return -ETIMEDOUT;
		ground_nap(1);
	}
	forget(g, pid);
	return status;
}

/* Reads a child's output until it closes it, or 10 s; what does not fit is dropped. */
static void collect(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n;
	char rest[512];

	for (;;) {
		if (used < size - 1)
			n = read(fd, text + used, size - 1 - used);
		else
			n = read(fd, rest, sizeof(rest));
		if (n <= 0)
			break;
		if (used < size - 1)
			used += (size_t)n;
	}
	text[used] = 0;
}

int ground_run(struct ground *g, const char *const argv[], char *text, size_t size)
{
	int ends[2], status, err;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	err = open("/dev/null", O_WRONLY | O_CLOEXEC);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		alarm(10);
		exec_child(g, SIDE_INSIDE, ends[1], getenv("NLDDNS_KEEP") ? STDERR_FILENO : err,
			   argv);
	}
	close(err);
	close(ends[1]);
	collect(ends[0], text, size);
	close(ends[0]);
	if (pid < 0)
		return -ECHILD;
	ground_keep(g, pid);
	status = ground_end(g, pid, 0, 10000);
	return status < 0 ? status : WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}
