/* SPDX-License-Identifier: MIT */
#include "update/daemon/users.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int users_find(const char *name, uid_t *ret_uid, gid_t *ret_gid)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user;
	int err = -ENOENT;

	if (!file)
		return -EIO;
	while (err && (user = fgetpwent(file)))
		if (strcmp(user->pw_name, name) == 0) {
			*ret_uid = user->pw_uid;
			*ret_gid = user->pw_gid;
			err = 0;
		}
	fclose(file);
	return err;
}

gid_t users_group(const char *name)
{
	FILE *file = fopen("/etc/group", "re");
	gid_t gid = (gid_t)-1;
	const struct group *group;

	if (!file)
		return gid;
	while (gid == (gid_t)-1 && (group = fgetgrent(file)))
		if (strcmp(group->gr_name, name) == 0)
			gid = group->gr_gid;
	fclose(file);
	return gid;
}

static bool has_member(const struct group *group, const char *name)
{
	for (char **member = group->gr_mem; *member; member++)
		if (strcmp(*member, name) == 0)
			return true;
	return false;
}

size_t users_groups(const char *name, gid_t primary, gid_t ret[static USERS_GROUPS_MAX])
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *group;
	size_t n = 0;

	ret[n++] = primary;
	if (!file)
		return n;
	while (n < USERS_GROUPS_MAX && (group = fgetgrent(file)))
		if (group->gr_gid != primary && has_member(group, name))
			ret[n++] = group->gr_gid;
	fclose(file);
	return n;
}
