/* SPDX-License-Identifier: MIT */
#include "update/daemon/users.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE 65536

/* A file of accounts and room for one line of it. */
struct reader {
	FILE *file;
	char *line;
};

static bool open_reader(struct reader *reader, const char *path)
{
	reader->line = malloc(LINE_SIZE);
	if (!reader->line)
		return false;
	reader->file = fopen(path, "re");
	if (!reader->file)
		free(reader->line);
	return reader->file != NULL;
}

static void close_reader(struct reader *reader)
{
	fclose(reader->file);
	free(reader->line);
}

static bool next_group(struct reader *reader, struct group *group)
{
	struct group *entry;

	return fgetgrent_r(reader->file, group, reader->line, LINE_SIZE, &entry) == 0;
}

int users_find(const char *name, uid_t *ret_uid, gid_t *ret_gid)
{
	struct passwd user = {.pw_name = NULL}, *entry;
	struct reader reader;
	int err = -ENOENT;

	if (!open_reader(&reader, "/etc/passwd"))
		return -EIO;
	while (fgetpwent_r(reader.file, &user, reader.line, LINE_SIZE, &entry) == 0)
		if (strcmp(user.pw_name, name) == 0) {
			*ret_uid = user.pw_uid;
			*ret_gid = user.pw_gid;
			err = 0;
			break;
		}
	close_reader(&reader);
	return err;
}

gid_t users_group(const char *name)
{
	gid_t gid = (gid_t)-1;
	struct reader reader;
	struct group group;

	if (!open_reader(&reader, "/etc/group"))
		return gid;
	while (gid == (gid_t)-1 && next_group(&reader, &group))
		if (strcmp(group.gr_name, name) == 0)
			gid = group.gr_gid;
	close_reader(&reader);
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
	struct reader reader;
	struct group group;
	size_t n = 0;

	ret[n++] = primary;
	if (!open_reader(&reader, "/etc/group"))
		return n;
	while (n < USERS_GROUPS_MAX && next_group(&reader, &group))
		if (group.gr_gid != primary && has_member(&group, name))
			ret[n++] = group.gr_gid;
	close_reader(&reader);
	return n;
}
