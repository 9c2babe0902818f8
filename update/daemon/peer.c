/* SPDX-License-Identifier: MIT */
#include "update/daemon/peer.h"

#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#define GROUPS_MAX 1024

/* Supplementary groups, as they were when the peer connected. */
static bool has_group(int fd, gid_t group)
{
	gid_t groups[GROUPS_MAX];
	socklen_t len = sizeof(groups);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) < 0)
		return false;
	for (size_t i = 0; i < len / sizeof(groups[0]); i++)
		if (groups[i] == group)
			return true;
	return false;
}

enum peer_right peer_right(int fd, gid_t group)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0)
		return PEER_RIGHT_NONE;
	if (cred.uid == 0 || cred.uid == geteuid())
		return PEER_RIGHT_ACT;
	if (group != (gid_t)-1 && (cred.gid == group || has_group(fd, group)))
		return PEER_RIGHT_READ;
	return PEER_RIGHT_NONE;
}
