/* SPDX-License-Identifier: MIT */
#include "tests/kernel/batch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/kernel/wire.h"

enum { ROOM = 64 << 10, TOGETHER = 512 };

struct batch {
	int fd;
	int error; /* the first, negative */
	unsigned count;
	size_t used;
	_Alignas(struct nlmsghdr) char bytes[ROOM];
};

struct route_request {
	struct nlmsghdr nlh;
	struct rtmsg rtm;
	struct rtattr dst_attr;
	uint32_t dst;
	struct rtattr oif_attr;
	uint32_t oif;
};

struct batch *batch_new(struct ground *g)
{
	struct batch *batch = calloc(1, sizeof(*batch));

	assert_non_null(batch);
	ground_go(g, SIDE_INSIDE);
	batch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	assert_true(batch->fd >= 0);
	return batch;
}

/* Errors come back one by one; no news is good news. */
static int first_error(struct batch *batch)
{
	_Alignas(struct nlmsghdr) char bytes[4096];
	struct nlmsghdr *nlh = (void *)bytes;
	ssize_t n = recv(batch->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n < (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)) || nlh->nlmsg_type != NLMSG_ERROR)
		return n < 0 && errno == ENOBUFS ? -ENOBUFS : 0;
	return ((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
}

static void flush(struct batch *batch)
{
	int error = 0;

	if (batch->used && send(batch->fd, batch->bytes, batch->used, 0) < 0)
		error = -errno;
	batch->used = 0;
	batch->count = 0;
	if (!error)
		error = first_error(batch);
	if (!batch->error)
		batch->error = error;
}

void batch_flush(struct batch *batch)
{
	flush(batch);
	if (batch->error)
		fail_msg("batch: %s", strerror(-batch->error));
}

/* The kernel is done with a datagram when the send returns. */
void batch_put(struct batch *batch, const struct nlmsghdr *request)
{
	size_t size = NLMSG_ALIGN(request->nlmsg_len);
	struct nlmsghdr *nlh;

	if (batch->count == TOGETHER || batch->used + size > ROOM)
		flush(batch);
	nlh = (struct nlmsghdr *)(batch->bytes + batch->used);
	memcpy(nlh, request, request->nlmsg_len);
	nlh->nlmsg_flags |= NLM_F_REQUEST;
	nlh->nlmsg_pid = 0;
	batch->used += size;
	batch->count++;
}

void batch_free(struct batch *batch)
{
	batch_flush(batch);
	close(batch->fd);
	free(batch);
}

/* -errno: the kernel refused one. */
static int send_routes(struct ground *g, unsigned ifindex, bool add, unsigned count)
{
	struct batch *batch = batch_new(g);
	struct route_request request = {
		.nlh = {.nlmsg_len = sizeof(request),
			.nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE,
			.nlmsg_flags = add ? NLM_F_CREATE : 0},
		.rtm = {.rtm_family = AF_INET,
			.rtm_dst_len = 32,
			.rtm_table = RT_TABLE_MAIN,
			.rtm_protocol = RTPROT_BGP,
			.rtm_scope = RT_SCOPE_LINK,
			.rtm_type = RTN_UNICAST},
		.dst_attr = {RTA_LENGTH(4), RTA_DST},
		.oif_attr = {RTA_LENGTH(4), RTA_OIF},
		.oif = ifindex,
	};
	int error;

	for (unsigned i = 0; i < count; i++) {
		request.dst = htonl(0x0b000000u + i);
		batch_put(batch, &request.nlh);
	}
	flush(batch);
	error = batch->error;
	batch->error = 0;
	batch_free(batch);
	return error;
}

pid_t batch_storm(struct ground *g, const char *link, unsigned routes)
{
	unsigned ifindex = wire_index(g, SIDE_INSIDE, link);
	pid_t pid;
	int error;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		error = send_routes(g, ifindex, true, routes);
		if (!error)
			error = send_routes(g, ifindex, false, routes);
		_exit(error ? 1 : 0);
	}
	ground_keep(g, pid);
	return pid;
}
