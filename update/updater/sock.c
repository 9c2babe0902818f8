/* SPDX-License-Identifier: MIT */
#include "update/updater/sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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

/* A socket keeps the address it began to connect with. When addresses come and go within a
 * millisecond, that may be one that is gone at the end; no event tells of it, and no reply will
 * ever come. So what nobody takes is given up soon. */
static void hurry(int fd)
{
	int again = 1; /* a second SYN after 1 s, the end after 3 s (RFC 6298) */
	unsigned unacknowledged_ms = 5000;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &again, sizeof(again));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms,
			 sizeof(unacknowledged_ms));
}

int sock_open(const struct sockaddr *to, int type, const char *bind)
{
	int fd = socket(to->sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -errno;
	if (type == SOCK_STREAM)
		hurry(fd);
	if (!bind || is_loopback(to))
		return fd;
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, bind, (socklen_t)strlen(bind)) == 0)
		return fd;
	error = errno;
	close(fd);
	return -error;
}

bool sock_is_ours(const char *address)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} from = {.v6.sin6_port = 0};
	bool gone;
	int fd;

	if (inet_pton(AF_INET, address, &from.v4.sin_addr) == 1)
		from.any.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, address, &from.v6.sin6_addr) == 1)
		from.any.sa_family = AF_INET6;
	else
		return true;
	fd = socket(from.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	gone = fd >= 0 && bind(fd, &from.any, sizeof(from)) < 0 && errno == EADDRNOTAVAIL;
	if (fd >= 0)
		close(fd);
	return !gone;
}
