/* SPDX-License-Identifier: MIT */
#include "tests/kernel/errand.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WIRE_FD = 3, PATIENCE = 30000 };

static pid_t start(struct ground *g, int fd)
{
	char program[GROUND_PATH], log[GROUND_PATH];
	pid_t pid;

	ground_built(program, "nlddns-updater");
	ground_path(g, log, "updater.log");
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		ground_go(g, SIDE_INSIDE);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(open(log, O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
		dup2(fd, WIRE_FD);
		execl(program, program, "-v", NULL);
		_exit(127);
	}
	assert_true(pid > 0);
	ground_keep(g, pid);
	return pid;
}

/* A line each, which the wire has as a field each. */
static void turn(char *text, size_t len, char from, char to)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == from)
			text[i] = to;
}

/* The result, past what it tells on the way. */
static const char *await(int fd)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	static char text[65536];
	ssize_t len;

	while (poll(&pollfd, 1, ground_patience(PATIENCE)) == 1) {
		len = recv(fd, text, sizeof(text) - 1, 0);
		if (len <= 0)
			break;
		text[len] = '\0';
		if (strcmp(text, "result") != 0)
			continue;
		turn(text, (size_t)len, '\0', '\n');
		return text;
	}
	fail_msg("nlddns-updater gives no result");
	return NULL;
}

/* As update/wire_pack.c has it. */
static int write_job(const struct errand *errand, char *text, size_t size)
{
	int len = snprintf(text, size,
			   "job\n1\n0\n%s\n%d\nwan0\n30000\n0\n0\n%d\n%s\n"
			   "1\n%s\n%d\n120\n0\n\n1\n%s\n0\n",
			   errand->provider, errand->verify ? PURPOSE_VERIFY : PURPOSE_UPDATE,
			   errand->n_values, errand->values, errand->name, RECORD_TYPE_A,
			   errand->addr);

	assert_in_range(len, 1, size - 1);
	turn(text, (size_t)len, '\n', '\0');
	return len;
}

static struct errand_end read_result(const char *text)
{
	struct errand_end end;
	int verdict, truth;

	if (sscanf(text, "result\n1\n1\n%d\n%*d\n%d\n%d\n%255[^\n]", &verdict, &truth, &end.ttl,
		   end.why) != 4)
		fail_msg("a result that is none: %s", text);
	end.verdict = (enum verdict)verdict;
	end.truth = (enum truth)truth;
	return end;
}

struct errand_end errand_run(struct ground *g, const struct errand *errand)
{
	struct errand_end end;
	char text[4096];
	int pair[2], len = write_job(errand, text, sizeof(text));
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	pid = start(g, pair[1]);
	close(pair[1]);
	assert_int_equal(send(pair[0], text, (size_t)len, MSG_NOSIGNAL), len);
	end = read_result(await(pair[0]));
	close(pair[0]);
	ground_end(g, pid, SIGTERM, 3000);
	return end;
}
