/* SPDX-License-Identifier: MIT */
/* Makes the process as harmless as it can be. */
#ifndef UPDATE_DAEMON_PRIVILEGE_H
#define UPDATE_DAEMON_PRIVILEGE_H

#include <stdbool.h>
#include <sys/types.h>

/* The account to run under. */
struct identity {
	bool change; /* else stay who we are */
	uid_t uid;
	gid_t gid;
	const char *name; /* borrowed */
};

/* user: NULL, or a user name; only root can change. -ENOENT: no such user. */
int privilege_find(const char *user, struct identity *ret);

/* Makes the directory (and its parents), with its owner, if it is missing. 0 if it exists. */
int privilege_make_dir(const char *path, mode_t mode, const struct identity *owner);

/* For good: groups, group and user; nothing gained by exec; no core file, no ptrace by the like of
 * us. -errno: stop. */
int privilege_drop(const struct identity *identity);

#endif
