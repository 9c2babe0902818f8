/* SPDX-License-Identifier: MIT */
/* /etc/passwd and /etc/group, read directly: the modules of NSS would stay loaded for years, and
 * system accounts are in the files. */
#ifndef UPDATE_DAEMON_USERS_H
#define UPDATE_DAEMON_USERS_H

#include <stddef.h>
#include <sys/types.h>

#define USERS_GROUPS_MAX 64

/* -ENOENT: no such user. -EIO: the file cannot be read. */
int users_find(const char *name, uid_t *ret_uid, gid_t *ret_gid);

/* A group by name; (gid_t)-1: there is none. */
gid_t users_group(const char *name);

/* The groups a user belongs to, primary first; at most USERS_GROUPS_MAX. How many. */
size_t users_groups(const char *name, gid_t primary, gid_t ret[static USERS_GROUPS_MAX]);

#endif
