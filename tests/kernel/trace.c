/* SPDX-License-Identifier: MIT */
#include "tests/kernel/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_S = 10, PATIENCE = 5000, STOPPED_BY_CALL = SIGTRAP | 0x80 };

static void become_traced(const struct daemon *d, const char *program)
{
	int log = open(d->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
		execl(program, program, "-c", d->conf, (char *)NULL);
	_exit(127);
}

static void cannot(const char *why)
{
	printf("# the daemon cannot be held: %s\n", why);
	skip();
}

void trace_start(struct daemon *d)
{
	char program[GROUND_PATH];
	int status;

	if (getenv("NLDDNS_VALGRIND"))
		cannot("it runs under valgrind");
	ground_built(program, "nlddnsd");
	ground_go(d->g, SIDE_INSIDE);
	d->g->watched = d->log;
	fflush(NULL);
	d->pid = fork();
	if (d->pid == 0)
		become_traced(d, program);
	ground_keep(d->g, d->pid);
	if (waitpid(d->pid, &status, 0) != d->pid || !WIFSTOPPED(status))
		cannot("ptrace is refused here");
	if (ptrace(PTRACE_SETOPTIONS, d->pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) < 0)
		fail_msg("ptrace: %s", strerror(errno));
}

/* The number of a call is told at its entry only. */
static bool take_call(pid_t pid, struct trace_call *call)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
		return false;
	call->entry = info.op == PTRACE_SYSCALL_INFO_ENTRY;
	if (call->entry) {
		call->number = info.entry.nr;
		memcpy(call->args, info.entry.args, sizeof(call->args));
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		call->result = info.exit.rval;
	} else {
		return false;
	}
	return true;
}

/* Waits for its next stop, without falling asleep for good; false: it has ended, or goes on. */
static bool await_stop(pid_t pid, int64_t until, int *ret_status)
{
	pid_t got;

	do {
		got = waitpid(pid, ret_status, WNOHANG);
		if (got == 0)
			sched_yield();
	} while (got == 0 && ground_now() < until);
	return got == pid && WIFSTOPPED(*ret_status);
}

void trace_until(struct daemon *d, bool (*holds)(const struct trace_call *call, void *arg),
		 void *arg)
{
	int64_t until = ground_now() + DEADLINE_S * 1000000000LL;
	struct trace_call call = {.entry = false};
	int status, pass = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, d->pid, NULL, pass) < 0 ||
		    !await_stop(d->pid, until, &status))
			break;
		pass = WSTOPSIG(status) == STOPPED_BY_CALL ? 0 : WSTOPSIG(status);
		if (pass == 0 && take_call(d->pid, &call) && holds(&call, arg))
			return;
	}
	fail_msg("nlddnsd does not come to the place where it was to be held");
}

static bool answers(void *arg)
{
	json_t *status = daemon_status(arg);
	bool ready = json_is_true(json_object_get(status, "ready"));

	json_decref(status);
	return ready;
}

void trace_release(struct daemon *d)
{
	if (ptrace(PTRACE_DETACH, d->pid, NULL, NULL) < 0)
		fail_msg("ptrace: %s", strerror(errno));
	assert_true(ground_await(d->g, PATIENCE, answers, d, "nlddnsd is ready"));
}

bool trace_before_question(const struct trace_call *call, void *joined)
{
	bool *done = joined;

	if (!call->entry)
		return false;
	if (call->number == SYS_setsockopt && call->args[1] == SOL_NETLINK &&
	    call->args[2] == NETLINK_ADD_MEMBERSHIP)
		*done = true;
	return *done && (call->number == SYS_sendto || call->number == SYS_sendmsg);
}

bool trace_before_wait(const struct trace_call *call, void *unused)
{
	(void)unused;
	return call->entry && (call->number == SYS_epoll_pwait || call->number == TRACE_EPOLL_WAIT);
}
