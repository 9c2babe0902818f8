/* SPDX-License-Identifier: MIT */
/* What the wrappers share. */
#ifndef TESTS_FAULT_SEAM_H
#define TESTS_FAULT_SEAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "tests/fault/plan.h"

/* What a descriptor of the daemon is for, as its socket options tell. */
enum seam_role { SEAM_OTHER, SEAM_EVENTS, SEAM_REQUESTS };

/* All zero where $NLDDNS_FAULT names no plan. */
struct plan *seam_plan(void);

/* Takes one of so many times. */
bool seam_take(_Atomic int32_t *times);

enum seam_role seam_role(int fd);
void seam_set_role(int fd, enum seam_role role);

/* A datagram of n bytes was received, or none (n < 0, errno): what the daemon gets to see. */
ssize_t seam_answer(int fd, struct msghdr *msg, int flags);

/* A request is about to be sent. False: it is not, but the daemon believes it. */
bool seam_request(const void *bytes, size_t size);

/* Hides the 32-bit flags of each address in a datagram. */
void seam_strip(void *bytes, size_t size);

ssize_t __real_recvmsg(int fd, struct msghdr *msg, int flags);

#endif
