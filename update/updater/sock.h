/* SPDX-License-Identifier: MIT */
/* Sockets towards the outside, held to the link a job names. */
#ifndef UPDATE_UPDATER_SOCK_H
#define UPDATE_UPDATER_SOCK_H

#include <stdbool.h>
#include <sys/socket.h>

/* A non-blocking, close-on-exec socket of type (SOCK_STREAM, SOCK_DGRAM) for the destination.
 * bind: the link all its traffic leaves by, unless the destination is loopback; NULL: any. Over
 * TCP a SYN that is not answered for 3 s, or data for 5 s, is the end: ETIMEDOUT. A descriptor, or
 * -errno: -ENODEV where there is no such link. */
int sock_open(const struct sockaddr *to, int type, const char *bind);

/* Whether an address is one of this machine's: a socket can be bound to it. Where that cannot be
 * told, it is. */
bool sock_is_ours(const char *address);

#endif
