/* SPDX-License-Identifier: MIT */
/* Finds and starts nlddns-updater. */
#ifndef UPDATE_DAEMON_SPAWN_H
#define UPDATE_DAEMON_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The program's path in *ret (malloc; the caller frees): beside our own binary, in
 * ../libexec/nlddns from there, or in the folder it was built for. -ENOENT: in none of them. */
int spawn_find(const char *name, char **ret);

/* Starts it with its end of a new SOCK_SEQPACKET pair at WIRE_FD; ours, non-blocking, in *ret_fd.
 * It gets a handful of harmless environment variables, since ours may hold secrets. */
int spawn_updater(const char *program, int64_t idle_ms, bool verbose, int *ret_fd, pid_t *ret_pid);

/* Starts argv[0] in a process group of its own, with /dev/null as input and output, err_fd as
 * standard error, just this environment, and signals as if nobody had touched them. -errno. */
int spawn_hook(char *const argv[], char *const env[], int err_fd, pid_t *ret_pid);

#endif
