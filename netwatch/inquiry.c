/* SPDX-License-Identifier: MIT */
#include "netwatch/inquiry.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "netwatch/attrs.h"

/* The kernel fills what a reader offers, up to 32 KiB. */
#define BUFFER_SIZE (32 << 10)
#define TIMEOUT_MS  500 /* nothing else is done meanwhile */
#define TRIES_MAX   8
#define WORDS_MAX   128

struct inquiry {
	int fd;
	uint32_t port, sequence;
	bool strict;
	bool lenient; /* strict checking proved no good */
	bool refused;
	bool interrupted;
	bool complete;    /* the answer was read to its end */
	int64_t deadline; /* ms */
	char words[WORDS_MAX];
	_Alignas(struct nlmsghdr) char buffer[BUFFER_SIZE];
};

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static int set_option(struct inquiry *inquiry, int option, int value)
{
	return setsockopt(inquiry->fd, SOL_NETLINK, option, &value, sizeof(value));
}

static void close_socket(struct inquiry *inquiry)
{
	if (inquiry->fd >= 0)
		close(inquiry->fd);
	inquiry->fd = -1;
}

static int open_socket(struct inquiry *inquiry)
{
	struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	socklen_t len = sizeof(self);
	int r = 0;

	inquiry->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (inquiry->fd < 0)
		return -errno;
	if (bind(inquiry->fd, (const struct sockaddr *)&self, len) < 0 ||
	    getsockname(inquiry->fd, (struct sockaddr *)&self, &len) < 0) {
		r = -errno;
		close_socket(inquiry);
		return r;
	}
	inquiry->port = self.nl_pid;
	set_option(inquiry, NETLINK_EXT_ACK, 1);
	inquiry->strict = !inquiry->lenient && set_option(inquiry, NETLINK_GET_STRICT_CHK, 1) == 0;
	return 0;
}

/* The kernel's words come behind the message it complains about, echoed whole unless capped, or
 * behind the error number of a dump's end. */
static void keep_words(struct inquiry *inquiry, const struct nlmsghdr *nlh, size_t offset)
{
	const struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];

	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS &&
	    attrs_index(nlh, offset, tb, NLMSGERR_ATTR_MAX) == 0)
		attrs_string(tb[NLMSGERR_ATTR_MSG], inquiry->words, sizeof(inquiry->words));
}

static int refuse(struct inquiry *inquiry, int error)
{
	if (error > 0 || error < -4095)
		return -EBADMSG;
	inquiry->refused = error != -ENOMEM && error != -ENOBUFS;
	return error;
}

static int take_error(struct inquiry *inquiry, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t offset = MNL_NLMSG_HDRLEN + sizeof(*err);

	if (nlh->nlmsg_len < offset)
		return -EBADMSG;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) && err->msg.nlmsg_len > MNL_NLMSG_HDRLEN)
		offset += err->msg.nlmsg_len - MNL_NLMSG_HDRLEN;
	keep_words(inquiry, nlh, offset);
	return refuse(inquiry, err->error);
}

/* A dump's failure is told inside its end, not as an error message. */
static int take_done(struct inquiry *inquiry, const struct nlmsghdr *nlh)
{
	int error = 0;

	if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN + sizeof(error))
		return 0;
	memcpy(&error, mnl_nlmsg_get_payload(nlh), sizeof(error));
	if (error >= 0)
		return 0;
	keep_words(inquiry, nlh, MNL_NLMSG_HDRLEN + sizeof(error));
	return refuse(inquiry, error);
}

/* The flag of an interrupted dump is on the messages after the change, not always on the last. */
static int take_message(struct inquiry *inquiry, const struct nlmsghdr *nlh, inquiry_each *each,
			void *arg)
{
	if (nlh->nlmsg_pid != inquiry->port || nlh->nlmsg_seq != inquiry->sequence)
		return 0;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		inquiry->interrupted = true;
	if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR ||
	    !(nlh->nlmsg_flags & NLM_F_MULTI))
		inquiry->complete = true;
	if (nlh->nlmsg_type == NLMSG_ERROR)
		return take_error(inquiry, nlh);
	if (nlh->nlmsg_type == NLMSG_DONE)
		return take_done(inquiry, nlh);
	if (nlh->nlmsg_type < NLMSG_MIN_TYPE || inquiry->interrupted)
		return 0;
	return each(arg, nlh);
}

static int take_datagram(struct inquiry *inquiry, size_t size, inquiry_each *each, void *arg)
{
	const struct nlmsghdr *nlh = (const void *)inquiry->buffer;
	int left = (int)size, r;

	while (attrs_whole(nlh, left)) {
		r = take_message(inquiry, nlh, each, arg);
		if (r != 0)
			return r;
		nlh = mnl_nlmsg_next(nlh, &left);
	}
	return left > 0 ? -EBADMSG : 0;
}

/* The answer is there when the send returns; waiting is for what should not happen. */
static int await(struct inquiry *inquiry)
{
	struct pollfd fd = {.fd = inquiry->fd, .events = POLLIN};
	int64_t left = inquiry->deadline - clock_ms();

	if (left <= 0)
		return -ETIMEDOUT;
	return poll(&fd, 1, (int)left) < 0 && errno != EINTR ? -errno : 0;
}

/* 1: *ret bytes are in the buffer. 0: nothing of use arrived. */
static int receive(struct inquiry *inquiry, size_t *ret)
{
	struct sockaddr_nl from = {0};
	struct iovec iov = {.iov_base = inquiry->buffer, .iov_len = BUFFER_SIZE};
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n = recvmsg(inquiry->fd, &msg, MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (msg.msg_namelen != sizeof(from) || from.nl_pid != 0)
		return 0;
	if (msg.msg_flags & MSG_TRUNC)
		return -EMSGSIZE;
	*ret = (size_t)n;
	return 1;
}

static int read_answer(struct inquiry *inquiry, inquiry_each *each, void *arg)
{
	size_t size = 0;
	int r = 0;

	while (r == 0 && !inquiry->complete) {
		r = receive(inquiry, &size);
		if (r == 0)
			r = await(inquiry);
		else if (r > 0)
			r = take_datagram(inquiry, size, each, arg);
	}
	return r;
}

static int send_request(struct inquiry *inquiry, struct nlmsghdr *request)
{
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

	request->nlmsg_seq = ++inquiry->sequence;
	request->nlmsg_pid = inquiry->port;
	while (sendto(inquiry->fd, request, request->nlmsg_len, 0, (const struct sockaddr *)&kernel,
		      sizeof(kernel)) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

/* A socket whose answer was not read to its end is done with: the rest would block the next dump.
 */
static int run(struct inquiry *inquiry, struct nlmsghdr *request, inquiry_each *each, void *arg)
{
	int r = inquiry->fd < 0 ? open_socket(inquiry) : 0;

	inquiry->words[0] = '\0';
	inquiry->refused = inquiry->interrupted = inquiry->complete = false;
	if (r == 0)
		r = send_request(inquiry, request);
	if (r == 0)
		r = read_answer(inquiry, each, arg);
	if (!inquiry->complete)
		close_socket(inquiry);
	return r;
}

int inquiry_open(struct inquiry **ret)
{
	struct inquiry *inquiry = calloc(1, sizeof(*inquiry));
	int r;

	if (!inquiry)
		return -ENOMEM;
	r = open_socket(inquiry);
	if (r < 0)
		inquiry_close(inquiry);
	else
		*ret = inquiry;
	return r;
}

void inquiry_close(struct inquiry *inquiry)
{
	if (!inquiry)
		return;
	close_socket(inquiry);
	free(inquiry);
}

const char *inquiry_error(const struct inquiry *inquiry)
{
	return inquiry->words;
}

bool inquiry_refused(const struct inquiry *inquiry)
{
	return inquiry->refused;
}

int inquiry_one(struct inquiry *inquiry, struct nlmsghdr *request, inquiry_each *each, void *arg)
{
	request->nlmsg_flags = NLM_F_REQUEST;
	inquiry->deadline = clock_ms() + TIMEOUT_MS;
	return run(inquiry, request, each, arg);
}

/* An odd kernel that refuses a strictly checked dump is asked once more, and from then on, without.
 */
int inquiry_dump(struct inquiry *inquiry, struct nlmsghdr *request, inquiry_each *each, void *arg)
{
	int r;

	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	inquiry->deadline = clock_ms() + TIMEOUT_MS;
	for (unsigned i = 0; i < TRIES_MAX; i++) {
		each(arg, NULL);
		r = run(inquiry, request, each, arg);
		if (r == -EINVAL && inquiry->refused && inquiry->strict) {
			inquiry->lenient = true;
			close_socket(inquiry);
		} else if (r < 0 || !inquiry->interrupted) {
			return r;
		}
	}
	return -EAGAIN;
}
