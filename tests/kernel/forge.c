/* SPDX-License-Identifier: MIT */
#include "tests/kernel/forge.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void send_to(struct ground *g, const struct sockaddr_nl *to, const struct nlmsghdr *nlh)
{
	int fd;

	ground_go(g, SIDE_INSIDE);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	/* A multicast goes to the kernel as well, which may answer or refuse: no matter. */
	if (fd < 0 ||
	    sendto(fd, nlh, nlh->nlmsg_len, 0, (const struct sockaddr *)to, sizeof(*to)) < 0)
		fail_msg("forged message: %s", strerror(errno));
	close(fd);
}

void forge_unicast(struct ground *g, unsigned port, const struct nlmsghdr *nlh)
{
	send_to(g, &(struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = port}, nlh);
}

void forge_multicast(struct ground *g, unsigned group, const struct nlmsghdr *nlh)
{
	send_to(g, &(struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_groups = 1u << (group - 1)},
		nlh);
}
