/* SPDX-License-Identifier: MIT */
/* The event socket: a non-blocking rtnetlink socket joined to the link, address, route, nexthop and
 * rule groups, with a kernel-side filter that drops foreign routes. */
#ifndef NETWATCH_WATCH_H
#define NETWATCH_WATCH_H

#include <stddef.h>
#include <stdint.h>

struct dirty;
struct watch;

struct watch_stats {
	size_t rcvbuf;           /* effective receive buffer, bytes */
	int filter_error;        /* 0, or the errno with which the kernel refused the BPF filter */
	unsigned groups_missing; /* optional multicast groups the kernel does not know */
	uint64_t messages;       /* rtnetlink messages parsed */
	uint64_t foreign;        /* datagrams dropped because the kernel did not send them */
	uint64_t malformed;      /* messages refused by event_parse */
	uint64_t overruns;       /* times events were lost */
	uint64_t drops; /* messages the kernel dropped for want of buffer (SK_MEMINFO_DROPS) */
};

/* Opens, sizes (rcvbuf bytes asked; SO_RCVBUFFORCE, then SO_RCVBUF), filters, binds and joins, in
 * that order, so that the first read of the truth can follow. The socket belongs to the network
 * namespace of the caller. -errno on failure. */
int watch_open(size_t rcvbuf, struct watch **ret);
void watch_close(struct watch *watch);

/* For the event loop: readable means watch_read. */
int watch_fd(const struct watch *watch);

/* Reads until the queue is empty, or a bound is reached with nothing lost (level-triggered polling
 * then calls again), and adds what may have changed to *marks. Lost events (any error but EAGAIN
 * and EINTR, a truncated or ill-framed datagram) first drain the queue, then mark everything. 0, or
 * -ENOBUFS when the queue could not be drained within its bound or the socket is broken: the caller
 * opens a fresh socket, closes this one and reads everything; *marks already says so. */
int watch_read(struct watch *watch, struct dirty *marks);

void watch_stats(const struct watch *watch, struct watch_stats *ret);

#endif
