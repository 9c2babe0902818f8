/* SPDX-License-Identifier: MIT */
#include "update/daemon/privilege.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "update/daemon/users.h"

int privilege_find(const char *user, struct identity *ret)
{
	int err;

	memset(ret, 0, sizeof(*ret));
	if (!user || geteuid() != 0)
		return 0;
	err = users_find(user, &ret->uid, &ret->gid);
	if (err < 0)
		return err;
	ret->change = true;
	ret->name = user;
	return 0;
}

static int make_one(const char *path, mode_t mode, const struct identity *owner)
{
	if (mkdir(path, mode) < 0)
		return errno == EEXIST ? 0 : -errno;
	if (owner->change && chown(path, owner->uid, owner->gid) < 0)
		return -errno;
	return 0;
}

int privilege_make_dir(const char *path, mode_t mode, const struct identity *owner)
{
	static const struct identity nobody;
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof(part))
		return -ENAMETOOLONG;
	for (size_t i = 1; i < len; i++) {
		if (path[i] != '/' || path[i + 1] == '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		/* What goes wrong here goes wrong below, and is said once. */
		(void)make_one(part, 0755, &nobody);
	}
	return make_one(path, mode, owner);
}

static int change_user(const struct identity *identity)
{
	gid_t groups[USERS_GROUPS_MAX];
	size_t n = users_groups(identity->name, identity->gid, groups);

	if (setgroups(n, groups) < 0 || setgid(identity->gid) < 0 || setuid(identity->uid) < 0)
		return -errno;
	/* Root must not come back. */
	if (identity->uid != 0 && setuid(0) == 0)
		return -EPERM;
	return 0;
}

int privilege_drop(const struct identity *identity)
{
	static const struct rlimit no_core;
	int err = identity->change ? change_user(identity) : 0;

	if (err < 0)
		return err;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    setrlimit(RLIMIT_CORE, &no_core) < 0)
		return -errno;
	return 0;
}
