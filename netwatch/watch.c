/* SPDX-License-Identifier: MIT */
#include "netwatch/watch.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netwatch/attrs.h"
#include "netwatch/event.h"
#include "netwatch/filter.h"

/* A default route of 254 legs takes 4104 bytes; libmnl's buffer size would cut it. */
#define BUFFER_SIZE (32 << 10)
#define BUFFER_MAX  (1 << 20)

/* Datagrams per call while nothing is lost, and when the queue must be emptied: more than the
 * largest usual buffer holds (10,000 in 8 MiB). */
#define READ_MAX     256
#define DRAIN_MAX    (1 << 16)
#define FAILURES_MAX 16

struct watch {
	int fd;
	size_t size;
	char *buffer;
	uint32_t drops;
	struct watch_stats stats;
};

static const struct {
	int group;
	bool optional;
} groups[] = {
	{RTNLGRP_LINK, false},       {RTNLGRP_IPV4_IFADDR, false}, {RTNLGRP_IPV6_IFADDR, false},
	{RTNLGRP_IPV4_ROUTE, false}, {RTNLGRP_IPV6_ROUTE, false},  {RTNLGRP_NEXTHOP, true},
	{RTNLGRP_IPV4_RULE, true},   {RTNLGRP_IPV6_RULE, true},
};

static uint32_t read_drops(int fd)
{
	uint32_t info[SK_MEMINFO_VARS] = {0};
	socklen_t len = sizeof(info);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len) < 0)
		return 0;
	return info[SK_MEMINFO_DROPS];
}

/* The kernel doubles what is asked; without CAP_NET_ADMIN it caps it by rmem_max. */
static void size_buffer(struct watch *watch, size_t rcvbuf)
{
	int bytes = rcvbuf > INT32_MAX / 2 ? INT32_MAX / 2 : (int)rcvbuf;
	socklen_t len = sizeof(bytes);

	if (setsockopt(watch->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, len) < 0)
		setsockopt(watch->fd, SOL_SOCKET, SO_RCVBUF, &bytes, len);
	if (getsockopt(watch->fd, SOL_SOCKET, SO_RCVBUF, &bytes, &len) == 0)
		watch->stats.rcvbuf = (size_t)bytes;
}

static int join_groups(struct watch *watch)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		if (setsockopt(watch->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i].group,
			       sizeof(groups[i].group)) == 0)
			continue;
		if (!groups[i].optional)
			return -errno;
		watch->stats.groups_missing++;
	}
	return 0;
}

/* The buffer doubles until it holds needed bytes; failing that, it stays: the next message of that
 * size is lost and found again by reading everything. */
static void grow_buffer(struct watch *watch, size_t needed)
{
	size_t size = watch->size;
	char *buffer;

	while (size < needed && size < BUFFER_MAX)
		size *= 2;
	buffer = realloc(watch->buffer, size);
	if (!buffer)
		return;
	watch->buffer = buffer;
	watch->size = size;
}

/* A message that cannot be understood changed something all the same. */
static int parse_datagram(struct watch *watch, size_t size, struct dirty *marks)
{
	const struct nlmsghdr *nlh = (const void *)watch->buffer;
	int left = (int)size;

	while (attrs_whole(nlh, left)) {
		watch->stats.messages++;
		if (event_parse(nlh, marks) < 0) {
			watch->stats.malformed++;
			dirty_add_all(marks);
		}
		nlh = mnl_nlmsg_next(nlh, &left);
	}
	return left > 0 ? -EBADMSG : 1;
}

/* 1: a datagram was taken. 0: the queue is empty. -errno: events were lost. No MSG_PEEK and no
 * SO_ERROR anywhere: both would swallow the report of an overrun. */
static int receive(struct watch *watch, struct dirty *marks)
{
	struct sockaddr_nl from = {0};
	struct iovec iov = {.iov_base = watch->buffer, .iov_len = watch->size};
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n = recvmsg(watch->fd, &msg, MSG_TRUNC | MSG_DONTWAIT);

	if (n < 0 && errno == EINTR)
		return 1;
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -errno;
	if (msg.msg_namelen != sizeof(from) || from.nl_family != AF_NETLINK || from.nl_pid != 0) {
		watch->stats.foreign++;
		return 1;
	}
	if (msg.msg_flags & MSG_TRUNC) {
		grow_buffer(watch, (size_t)n);
		return -EMSGSIZE;
	}
	return parse_datagram(watch, (size_t)n, marks);
}

static bool dropped_more(struct watch *watch)
{
	uint32_t drops = read_drops(watch->fd);
	bool more = drops != watch->drops;

	watch->drops = drops;
	return more;
}

int watch_open(size_t rcvbuf, struct watch **ret)
{
	struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	struct watch *watch = calloc(1, sizeof(*watch));
	int r = -ENOMEM;

	if (!watch)
		return -ENOMEM;
	watch->fd = -1;
	watch->size = BUFFER_SIZE;
	watch->buffer = malloc(BUFFER_SIZE);
	if (!watch->buffer)
		goto out;
	watch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (watch->fd < 0) {
		r = -errno;
		goto out;
	}
	size_buffer(watch, rcvbuf);
	watch->stats.filter_error = -filter_attach(watch->fd);
	r = bind(watch->fd, (const struct sockaddr *)&self, sizeof(self)) < 0 ? -errno : 0;
	if (r == 0)
		r = join_groups(watch);
out:
	if (r < 0)
		watch_close(watch);
	else
		*ret = watch;
	return r;
}

void watch_close(struct watch *watch)
{
	if (!watch)
		return;
	if (watch->fd >= 0)
		close(watch->fd);
	free(watch->buffer);
	free(watch);
}

int watch_fd(const struct watch *watch)
{
	return watch->fd;
}

/* Once something is lost the kernel drops every event, silently, until a receive finds the queue
 * empty: so drain first, then have everything read. */
int watch_read(struct watch *watch, struct dirty *marks)
{
	unsigned limit = READ_MAX, failures = 0;
	int r = 1;

	for (unsigned i = 0; i < limit && failures <= FAILURES_MAX; i++) {
		r = receive(watch, marks);
		if (r == 0)
			break;
		if (r < 0) {
			failures++;
			limit = DRAIN_MAX;
		}
	}
	if (r == 0 && dropped_more(watch))
		failures++;
	if (failures == 0)
		return 0;
	watch->stats.overruns++;
	dirty_add_all(marks);
	return r == 0 ? 0 : -ENOBUFS;
}

void watch_stats(const struct watch *watch, struct watch_stats *ret)
{
	*ret = watch->stats;
	ret->drops = read_drops(watch->fd);
}
