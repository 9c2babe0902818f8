/* SPDX-License-Identifier: MIT */
/* The request socket: what becomes of requests and their answers. */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <time.h>

#include "tests/fault/seam.h"

enum { HOLD_MS = 20000, IFA_UNKNOWN = 0x3000 };

/* The request that is being answered. */
static struct {
	uint32_t sequence, port;
	bool interrupt, fail; /* this dump */
	int datagrams;
	bool replayed; /* the next datagram has been shown, falsified */
} now;

static void wait_while_held(void)
{
	const struct timespec ms = {0, 1000000};
	struct plan *plan = seam_plan();

	for (int i = 0; plan->hold && i < HOLD_MS; i++) {
		plan->held = 1;
		nanosleep(&ms, NULL);
	}
	plan->held = 0;
}

bool seam_request(const void *bytes, size_t size)
{
	const struct nlmsghdr *nlh = bytes;
	struct plan *plan = seam_plan();
	bool dump = size >= sizeof(*nlh) && (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	bool meant = dump && (!plan->dump_type || plan->dump_type == nlh->nlmsg_type);

	wait_while_held();
	now.sequence = nlh->nlmsg_seq;
	now.port = nlh->nlmsg_pid;
	now.datagrams = 0;
	now.replayed = false;
	plan->link_dumps += dump && nlh->nlmsg_type == RTM_GETLINK;
	plan->addr_dumps += dump && nlh->nlmsg_type == RTM_GETADDR;
	now.interrupt = meant && seam_take(&plan->interrupted);
	now.fail = meant && seam_take(&plan->done_errors);
	return !(meant && seam_take(&plan->lost));
}

static struct nlmsghdr *next(void *bytes, size_t size, struct nlmsghdr *nlh)
{
	char *end = (char *)bytes + size;
	char *at = nlh ? (char *)nlh + NLMSG_ALIGN(nlh->nlmsg_len) : bytes;

	nlh = (struct nlmsghdr *)at;
	if (end - at < (ssize_t)sizeof(*nlh) || nlh->nlmsg_len < sizeof(*nlh) ||
	    nlh->nlmsg_len > (size_t)(end - at))
		return NULL;
	return nlh;
}

static struct rtattr *next_attribute(struct nlmsghdr *nlh, struct rtattr *attr)
{
	char *end = (char *)nlh + nlh->nlmsg_len;
	char *at = attr ? (char *)attr + RTA_ALIGN(attr->rta_len)
			: (char *)NLMSG_DATA(nlh) + NLMSG_ALIGN(sizeof(struct ifaddrmsg));

	attr = (struct rtattr *)at;
	if (end - at < (ssize_t)sizeof(*attr) || attr->rta_len < sizeof(*attr) ||
	    attr->rta_len > end - at)
		return NULL;
	return attr;
}

void seam_strip(void *bytes, size_t size)
{
	for (struct nlmsghdr *nlh = next(bytes, size, NULL); nlh; nlh = next(bytes, size, nlh)) {
		if (nlh->nlmsg_type != RTM_NEWADDR && nlh->nlmsg_type != RTM_DELADDR)
			continue;
		for (struct rtattr *attr = next_attribute(nlh, NULL); attr;
		     attr = next_attribute(nlh, attr))
			if (attr->rta_type == IFA_FLAGS)
				attr->rta_type = IFA_UNKNOWN;
	}
}

/* Believed, it would publish an address that nobody has. */
static void falsify(void *bytes, size_t size, bool sequence)
{
	for (struct nlmsghdr *nlh = next(bytes, size, NULL); nlh; nlh = next(bytes, size, nlh)) {
		if (sequence)
			nlh->nlmsg_seq += 7;
		else
			nlh->nlmsg_pid += 7;
		if (nlh->nlmsg_type != RTM_NEWADDR)
			continue;
		for (struct rtattr *attr = next_attribute(nlh, NULL); attr;
		     attr = next_attribute(nlh, attr))
			if (attr->rta_type == IFA_LOCAL || attr->rta_type == IFA_ADDRESS)
				((uint8_t *)RTA_DATA(attr))[RTA_PAYLOAD(attr) - 1] ^= 0x55;
	}
}

static bool holds_end(void *bytes, size_t size)
{
	for (struct nlmsghdr *nlh = next(bytes, size, NULL); nlh; nlh = next(bytes, size, nlh))
		if (nlh->nlmsg_type == NLMSG_DONE)
			return true;
	return false;
}

/* The end of a dump as the kernel makes it when the dump fails: the error, then its words. */
static size_t put_failure(void *bytes)
{
	struct plan *plan = seam_plan();
	struct nlmsghdr *nlh = bytes;
	int error = -plan->done_error;
	struct rtattr *attr = (struct rtattr *)((char *)NLMSG_DATA(nlh) + sizeof(error));
	size_t len = strnlen(plan->done_text, PLAN_TEXT_MAX - 1) + 1;

	memset(bytes, 0, NLMSG_SPACE(sizeof(error)) + RTA_SPACE(len));
	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_flags = NLM_F_MULTI;
	nlh->nlmsg_seq = now.sequence;
	nlh->nlmsg_pid = now.port;
	nlh->nlmsg_len = NLMSG_LENGTH(sizeof(error));
	memcpy(NLMSG_DATA(nlh), &error, sizeof(error));
	if (len == 1)
		return nlh->nlmsg_len;
	nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
	attr->rta_type = NLMSGERR_ATTR_MSG;
	attr->rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(RTA_DATA(attr), plan->done_text, len - 1);
	nlh->nlmsg_len += (uint32_t)RTA_SPACE(len);
	return nlh->nlmsg_len;
}

static ssize_t fail_dump(int fd, struct msghdr *msg, int flags)
{
	ssize_t n;

	do {
		msg->msg_namelen = sizeof(struct sockaddr_nl);
		n = __real_recvmsg(fd, msg, flags);
	} while (n >= 0 && !holds_end(msg->msg_iov->iov_base, (size_t)n));
	if (n < 0)
		return n;
	return (ssize_t)put_failure(msg->msg_iov->iov_base);
}

/* As it is, still in the queue, but not for us. */
static ssize_t show_foreign(int fd, struct msghdr *msg, int flags, bool sequence)
{
	ssize_t n = __real_recvmsg(fd, msg, flags | MSG_PEEK);

	if (n >= 0)
		falsify(msg->msg_iov->iov_base, (size_t)n, sequence);
	return n;
}

ssize_t seam_answer(int fd, struct msghdr *msg, int flags)
{
	struct plan *plan = seam_plan();
	ssize_t n;

	if (now.fail)
		return fail_dump(fd, msg, flags);
	if (!now.replayed && seam_take(&plan->foreign)) {
		now.replayed = true;
		return show_foreign(fd, msg, flags, now.sequence & 1);
	}
	now.replayed = false;
	n = __real_recvmsg(fd, msg, flags);
	if (n < 0)
		return n;
	if (plan->strip_flags)
		seam_strip(msg->msg_iov->iov_base, (size_t)n);
	if (now.interrupt && ++now.datagrams == 2)
		for (struct nlmsghdr *nlh = next(msg->msg_iov->iov_base, (size_t)n, NULL); nlh;
		     nlh = next(msg->msg_iov->iov_base, (size_t)n, nlh))
			nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
	return n;
}
