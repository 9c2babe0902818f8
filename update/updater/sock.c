/* SPDX-License-Identifier: MIT */
#include "update/updater/sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static bool is_loopback_v4(struct in_addr addr)
{
	return ntohl(addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static bool is_loopback(const struct sockaddr *to)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (to->sa_family == AF_INET) {
		memcpy(&v4, to, sizeof(v4));
		return is_loopback_v4(v4.sin_addr);
	}
	if (to->sa_family != AF_INET6)
		return false;
	memcpy(&v6, to, sizeof(v6));
	if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
		return v6.sin6_addr.s6_addr[12] == IN_LOOPBACKNET;
	return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

int sock_open(const struct sockaddr *to, int type, const char *bind)
{
	int fd = socket(to->sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -errno;
	if (!bind || is_loopback(to))
		return fd;
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, bind, (socklen_t)strlen(bind)) == 0)
		return fd;
	error = errno;
	close(fd);
	return -error;
}
