/* SPDX-License-Identifier: MIT */
/* A unix socket to listen at, in the place of one left behind. */
#ifndef UPDATE_DAEMON_LISTEN_H
#define UPDATE_DAEMON_LISTEN_H

/* Non-blocking, open to all; *ret_fd is the caller's, and so is the file. A socket nobody listens
 * at is replaced. -EADDRINUSE: somebody does, or it is no socket. -ENAMETOOLONG. -errno. */
int listen_at(const char *path, int backlog, int *ret_fd);

#endif
