/* SPDX-License-Identifier: MIT */
/* The daemon under ptrace, to hold it at an exact system call of its start. */
#ifndef TESTS_KERNEL_TRACE_H
#define TESTS_KERNEL_TRACE_H

#include <sys/syscall.h>

#include "tests/kernel/daemon.h"

/* Younger architectures have epoll_pwait only. */
#ifdef SYS_epoll_wait
#define TRACE_EPOLL_WAIT SYS_epoll_wait
#else
#define TRACE_EPOLL_WAIT SYS_epoll_pwait
#endif

/* A system call about to be entered, or its result. */
struct trace_call {
	bool entry;
	uint64_t number; /* SYS_* of the last entry */
	uint64_t args[6];
	int64_t result; /* not at the entry */
};

/* Starts nlddnsd, held at its first instruction. Skips the case where that cannot be done. */
void trace_start(struct daemon *d);

/* Lets it run until `holds(call, arg)`, and holds it there; fails the case after 10 s or its end.
 */
void trace_until(struct daemon *d, bool (*holds)(const struct trace_call *call, void *arg),
		 void *arg);

/* Lets it run for good, and waits until it answers. */
void trace_release(struct daemon *d);

/* For trace_until: it has joined groups of kernel events and is about to send its first question
 * (arg: a bool, false at first), or to wait for events. */
bool trace_before_question(const struct trace_call *call, void *joined);
bool trace_before_wait(const struct trace_call *call, void *unused);

#endif
