/* SPDX-License-Identifier: MIT */
/* What a listener to rtnetlink costs when it takes the straight way: libmnl, the default buffer,
 * every group it may need, every message parsed. Runs until SIGTERM. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static int each_attribute(const struct nlattr *attr, void *count)
{
	*(size_t *)count += mnl_attr_get_payload_len(attr);
	return MNL_CB_OK;
}

static size_t header_size(unsigned type)
{
	switch (type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return sizeof(struct ifinfomsg);
	case RTM_NEWADDR:
	case RTM_DELADDR:
		return sizeof(struct ifaddrmsg);
	}
	return sizeof(struct rtmsg);
}

static int each_message(const struct nlmsghdr *nlh, void *count)
{
	return mnl_attr_parse(nlh, (unsigned)header_size(nlh->nlmsg_type), each_attribute, count);
}

int main(void)
{
	static const int groups[] = {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
				     RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE};
	const struct sigaction action = {.sa_handler = end};
	struct mnl_socket *nl = mnl_socket_open(NETLINK_ROUTE);
	char buffer[8192];
	size_t count = 0;
	ssize_t n;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return 1;
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		int group = groups[i];

		if (mnl_socket_setsockopt(nl, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
			return 1;
	}
	sigaction(SIGTERM, &action, NULL);
	while (!ended) {
		n = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
		if (n > 0)
			mnl_cb_run(buffer, (size_t)n, 0, 0, each_message, &count);
		else if (n < 0 && errno != EINTR && errno != ENOBUFS)
			return 1;
	}
	mnl_socket_close(nl);
	return count > 0 ? 0 : 1;
}
