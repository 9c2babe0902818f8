/* SPDX-License-Identifier: MIT */
/* Stands between nlddnsd and the C library (linked with --wrap): the event socket, socket options,
 * interrupted calls, the timer of clock jumps. */
#include "tests/fault/seam.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { DESCRIPTORS = 1024 };

/* The kinds of calls that are interrupted. */
enum call {
	CALL_RECVMSG,
	CALL_SENDTO,
	CALL_POLL,
	CALL_RECV,
	CALL_SEND,
	CALL_READ,
	CALL_WRITE,
	CALL_ACCEPT,
	CALL_FSYNC,
	CALL_COUNT,
};

ssize_t __real_sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to,
		      socklen_t len);
int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
int __real_close(int fd);
int __real_poll(struct pollfd *fds, nfds_t n, int ms);
ssize_t __real_recv(int fd, void *bytes, size_t size, int flags);
ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __real_read(int fd, void *bytes, size_t size);
ssize_t __real_write(int fd, const void *bytes, size_t size);
int __real_accept4(int fd, struct sockaddr *from, socklen_t *len, int flags);
int __real_fsync(int fd);

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t __wrap_sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to,
		      socklen_t len);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
int __wrap_close(int fd);
int __wrap_poll(struct pollfd *fds, nfds_t n, int ms);
ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_read(int fd, void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);
int __wrap_accept4(int fd, struct sockaddr *from, socklen_t *len, int flags);
int __wrap_fsync(int fd);

static enum seam_role roles[DESCRIPTORS];
static int jumps = -1;

static struct plan *map_plan(void)
{
	const char *path = getenv("NLDDNS_FAULT");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *map = MAP_FAILED;

	if (fd >= 0) {
		map = mmap(NULL, sizeof(struct plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		__real_close(fd);
	}
	return map == MAP_FAILED ? NULL : map;
}

struct plan *seam_plan(void)
{
	static struct plan none, *plan;

	if (!plan)
		plan = map_plan();
	if (!plan)
		plan = &none;
	return plan;
}

bool seam_take(_Atomic int32_t *times)
{
	int32_t left = *times;

	if (left > 0)
		*times = left - 1;
	return left != 0;
}

enum seam_role seam_role(int fd)
{
	return fd >= 0 && fd < DESCRIPTORS ? roles[fd] : SEAM_OTHER;
}

void seam_set_role(int fd, enum seam_role role)
{
	if (fd >= 0 && fd < DESCRIPTORS)
		roles[fd] = role;
}

static bool interrupt(enum call call)
{
	static bool turn[CALL_COUNT];

	if (!seam_plan()->eintr)
		return false;
	turn[call] = !turn[call];
	if (!turn[call])
		return false;
	seam_plan()->interrupts++;
	errno = EINTR;
	return true;
}

/* 0: none is left. */
static ssize_t take_injected(struct msghdr *msg)
{
	struct plan *plan = seam_plan();
	struct sockaddr_nl *from = msg->msg_name;
	uint32_t size;
	size_t cut;

	if (plan->injected_at >= plan->injected_size)
		return 0;
	memcpy(&size, plan->injected + plan->injected_at, sizeof(size));
	cut = size < msg->msg_iov->iov_len ? size : msg->msg_iov->iov_len;
	memcpy(msg->msg_iov->iov_base, plan->injected + plan->injected_at + sizeof(size), cut);
	*from = (struct sockaddr_nl){.nl_family = AF_NETLINK};
	msg->msg_namelen = sizeof(*from);
	msg->msg_flags = cut < size ? MSG_TRUNC : 0;
	plan->injected_at += (int32_t)(sizeof(size) + ((size + 3) & ~3u));
	return (ssize_t)size;
}

static ssize_t receive_event(int fd, struct msghdr *msg, int flags)
{
	struct plan *plan = seam_plan();
	ssize_t n;

	plan->receives++;
	if (seam_take(&plan->errors)) {
		errno = plan->error;
		return -1;
	}
	n = take_injected(msg);
	if (n > 0)
		return n;
	do {
		msg->msg_namelen = sizeof(struct sockaddr_nl);
		n = __real_recvmsg(fd, msg, flags);
	} while (n >= 0 && plan->swallow);
	if (n >= 0 && plan->strip_flags)
		seam_strip(msg->msg_iov->iov_base, (size_t)n);
	if (n >= 0 && seam_take(&plan->truncations))
		msg->msg_flags |= MSG_TRUNC;
	return n;
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	if (interrupt(CALL_RECVMSG))
		return -1;
	switch (seam_role(fd)) {
	case SEAM_EVENTS:
		return receive_event(fd, msg, flags);
	case SEAM_REQUESTS:
		return seam_answer(fd, msg, flags);
	case SEAM_OTHER:
		break;
	}
	return __real_recvmsg(fd, msg, flags);
}

ssize_t __wrap_sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to,
		      socklen_t len)
{
	if (interrupt(CALL_SENDTO))
		return -1;
	if (seam_role(fd) == SEAM_REQUESTS && !seam_request(bytes, size))
		return (ssize_t)size;
	return __real_sendto(fd, bytes, size, flags, to, len);
}

static int refuse(int error)
{
	errno = error;
	return -1;
}

static int set_netlink(int fd, int name, int value, const void *bytes, socklen_t len)
{
	struct plan *plan = seam_plan();

	if (name == NETLINK_ADD_MEMBERSHIP) {
		plan->watches += seam_role(fd) != SEAM_EVENTS;
		seam_set_role(fd, SEAM_EVENTS);
		if (value == RTNLGRP_NEXTHOP && plan->refused & PLAN_REFUSE_NEXTHOP)
			return refuse(EINVAL);
	} else if (name == NETLINK_EXT_ACK) {
		seam_set_role(fd, SEAM_REQUESTS);
		plan->strict = 0;
	} else if (name == NETLINK_GET_STRICT_CHK) {
		if (plan->refused & PLAN_REFUSE_STRICT)
			return refuse(ENOPROTOOPT);
		plan->strict = value;
	}
	return __real_setsockopt(fd, SOL_NETLINK, name, bytes, len);
}

static int set_rcvbuf(int fd, int name, int value)
{
	struct plan *plan = seam_plan();

	if (plan->rcvbuf)
		value = plan->rcvbuf;
	if (name == SO_RCVBUF)
		plan->unforced++;
	else
		plan->forced++;
	if (name == SO_RCVBUFFORCE && plan->refused & PLAN_REFUSE_FORCE)
		return refuse(EPERM);
	return __real_setsockopt(fd, SOL_SOCKET, name, &value, sizeof(value));
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	int number = 0;

	if (len == sizeof(number))
		memcpy(&number, value, sizeof(number));
	if (level == SOL_NETLINK)
		return set_netlink(fd, name, number, value, len);
	if (level == SOL_SOCKET && (name == SO_RCVBUF || name == SO_RCVBUFFORCE))
		return set_rcvbuf(fd, name, number);
	if (level == SOL_SOCKET && name == SO_ATTACH_FILTER &&
	    seam_plan()->refused & PLAN_REFUSE_FILTER)
		return refuse(EPERM);
	return __real_setsockopt(fd, level, name, value, len);
}

int __wrap_close(int fd)
{
	seam_set_role(fd, SEAM_OTHER);
	return __real_close(fd);
}

int __wrap_poll(struct pollfd *fds, nfds_t n, int ms)
{
	return interrupt(CALL_POLL) ? -1 : __real_poll(fds, n, ms);
}

ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags)
{
	return interrupt(CALL_RECV) ? -1 : __real_recv(fd, bytes, size, flags);
}

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
	return interrupt(CALL_SEND) ? -1 : __real_send(fd, bytes, size, flags);
}

ssize_t __wrap_read(int fd, void *bytes, size_t size)
{
	return interrupt(CALL_READ) ? -1 : __real_read(fd, bytes, size);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
	return interrupt(CALL_WRITE) ? -1 : __real_write(fd, bytes, size);
}

int __wrap_accept4(int fd, struct sockaddr *from, socklen_t *len, int flags)
{
	return interrupt(CALL_ACCEPT) ? -1 : __real_accept4(fd, from, len, flags);
}

int __wrap_fsync(int fd)
{
	return interrupt(CALL_FSYNC) ? -1 : __real_fsync(fd);
}

/* libev's: being defined here, the library calls these. */
int timerfd_create(int clock, int flags)
{
	const char *path = getenv("NLDDNS_FAULT");
	char fifo[256];

	snprintf(fifo, sizeof(fifo), "%s.jump", path ? path : "");
	if (path && access(fifo, F_OK) == 0) {
		jumps = open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		return jumps;
	}
	return (int)syscall(SYS_timerfd_create, clock, flags);
}

int timerfd_settime(int fd, int flags, const struct itimerspec *wish, struct itimerspec *old)
{
	char rest[64];

	if (fd < 0 || fd != jumps)
		return (int)syscall(SYS_timerfd_settime, fd, flags, wish, old);
	while (__real_read(fd, rest, sizeof(rest)) > 0)
		;
	return 0;
}
