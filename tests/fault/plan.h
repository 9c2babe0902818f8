/* SPDX-License-Identifier: MIT */
/*
 * What is to go wrong between nlddnsd and the kernel: a file that a test and nlddnsd-fault (the
 * daemon's objects linked with the wrappers of this folder) both map. $NLDDNS_FAULT names it; a
 * FIFO of that name and ".jump", where there is one, stands in for the timer by which the daemon
 * learns of jumps of the wall clock and of suspends: a byte in it is a jump.
 */
#ifndef TESTS_FAULT_PLAN_H
#define TESTS_FAULT_PLAN_H

#include <stdatomic.h>
#include <stdint.h>

/* Socket options to refuse, as old or odd kernels do. */
enum plan_refusal {
	PLAN_REFUSE_STRICT = 1,  /* NETLINK_GET_STRICT_CHK: ENOPROTOOPT */
	PLAN_REFUSE_FILTER = 2,  /* SO_ATTACH_FILTER: EPERM */
	PLAN_REFUSE_NEXTHOP = 4, /* joining RTNLGRP_NEXTHOP: EINVAL */
	PLAN_REFUSE_FORCE = 8,   /* SO_RCVBUFFORCE: EPERM */
};

enum { PLAN_INJECTED_MAX = 1 << 17, PLAN_TEXT_MAX = 64 };

/* "Times": 0 never, -1 always, else the next so many. All zero: nothing goes wrong. */
struct plan {
	/* the event socket */
	_Atomic int32_t errors, error;       /* times, and the errno a receive fails with */
	_Atomic int32_t truncations;         /* times a datagram is said to be truncated */
	_Atomic int32_t swallow;             /* flag: events are taken and thrown away */
	_Atomic int32_t rcvbuf;              /* bytes asked for, instead; 0: what the daemon says */
	_Atomic int32_t injected_size;       /* of injected; set last */
	_Atomic int32_t injected_at;         /* how far they were received */
	uint8_t injected[PLAN_INJECTED_MAX]; /* datagrams, each behind its size (uint32_t) and
						padded to 4 bytes, as though the kernel sent them */

	/* the request socket */
	_Atomic int32_t hold;        /* flag: the next request waits until it is cleared */
	_Atomic int32_t lost;        /* times a dump is never answered */
	_Atomic int32_t foreign;     /* times an answer comes first with a wrong sequence or port
					number and other addresses */
	_Atomic int32_t interrupted; /* times a dump's second datagram says it was interrupted */
	_Atomic int32_t done_errors; /* times a dump is nothing but its end with this error: */
	_Atomic int32_t done_error;  /* (errno) and these words of the kernel: */
	char done_text[PLAN_TEXT_MAX];
	_Atomic int32_t dump_type; /* lost, interrupted, done: of such requests; 0: any */

	/* both */
	_Atomic int32_t strip_flags; /* flag: no IFA_FLAGS in addresses */
	_Atomic int32_t refused;     /* enum plan_refusal bits */
	_Atomic int32_t eintr;       /* flag: every second call of a kind fails with EINTR */

	/* what was seen */
	_Atomic int32_t held;       /* flag: a request is waiting */
	_Atomic int32_t receives;   /* from the event socket */
	_Atomic int32_t watches;    /* event sockets opened */
	_Atomic int32_t strict;     /* flag: the last request socket is checked strictly */
	_Atomic int32_t forced;     /* times SO_RCVBUFFORCE, */
	_Atomic int32_t unforced;   /* times SO_RCVBUF was set */
	_Atomic int32_t link_dumps; /* each the start of reading everything */
	_Atomic int32_t addr_dumps;
	_Atomic int32_t interrupts; /* EINTR given */
};

#endif
