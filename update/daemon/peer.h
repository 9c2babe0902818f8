/* SPDX-License-Identifier: MIT */
/* Who is at the other end of a unix socket, and what that entitles to. */
#ifndef UPDATE_DAEMON_PEER_H
#define UPDATE_DAEMON_PEER_H

#include <sys/types.h>

enum peer_right { PEER_RIGHT_NONE, PEER_RIGHT_READ, PEER_RIGHT_ACT };

/* root and our own user may act; members of group may read. group -1: there is no such group. */
enum peer_right peer_right(int fd, gid_t group);

#endif
