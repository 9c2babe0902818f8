/* SPDX-License-Identifier: MIT */
/* A new configuration in the place of the one that the daemon runs on. */
#ifndef UPDATE_DAEMON_RELOAD_H
#define UPDATE_DAEMON_RELOAD_H

#include "cfg/cfg.h"

struct daemon;

/* Puts a new configuration in the place of the old, or logs why not and keeps the old. errors:
 * what the file says, the caller's to free; may warn on success. */
int reload_daemon(struct daemon *daemon, struct cfg_errors *errors);

#endif
