/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <cmocka.h>

/* A kernel on paper: each request is answered by the datagram staged for it. */
static ssize_t paper_recvmsg(int fd, struct msghdr *msg, int flags);
static ssize_t paper_sendto(int fd, const void *bytes, size_t size, int flags,
			    const struct sockaddr *to, socklen_t len);
static int paper_poll(struct pollfd *fds, nfds_t n, int timeout);
static int paper_clock(clockid_t clock, struct timespec *ret);
#define recvmsg       paper_recvmsg
#define sendto        paper_sendto
#define poll          paper_poll
#define clock_gettime paper_clock
#include "netwatch/inquiry.c"
#undef recvmsg
#undef sendto
#undef poll
#undef clock_gettime

#include "tests/unit/message.h"

#define ANSWERS_MAX 8

/* Marks in the sequence number of an answer on paper. */
#define WRONG_PORT     1
#define WRONG_SEQUENCE 2

static struct {
	_Alignas(struct nlmsghdr) char bytes[1024];
	size_t size;
} answers[ANSWERS_MAX];
static size_t requests, n_answers;
static bool taken;
static uint32_t sender, sequence, port;
static int64_t now_ms;
static int receive_error;

static int paper_clock(clockid_t clock, struct timespec *ret)
{
	(void)clock;
	*ret = (struct timespec){.tv_sec = now_ms / 1000, .tv_nsec = now_ms % 1000 * 1000000};
	return 0;
}

static int paper_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	(void)fds;
	(void)n;
	assert_true(timeout > 0 && timeout <= TIMEOUT_MS);
	now_ms += 250;
	return 0;
}

static ssize_t paper_sendto(int fd, const void *bytes, size_t size, int flags,
			    const struct sockaddr *to, socklen_t len)
{
	const struct nlmsghdr *nlh = bytes;

	(void)fd;
	(void)flags;
	(void)to;
	(void)len;
	requests++;
	sequence = nlh->nlmsg_seq;
	port = nlh->nlmsg_pid;
	taken = false;
	return (ssize_t)size;
}

/* Messages get the right numbers unless marked otherwise. Past the last answer the last one is
 * given again. */
static ssize_t paper_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl *from = msg->msg_name;
	size_t i = requests <= n_answers ? requests - 1 : n_answers - 1;
	struct nlmsghdr *nlh;
	int left;

	(void)fd;
	(void)flags;
	if (taken || n_answers == 0 || receive_error) {
		errno = receive_error ? receive_error : EAGAIN;
		return -1;
	}
	taken = true;
	left = (int)answers[i].size;
	memcpy(msg->msg_iov->iov_base, answers[i].bytes, answers[i].size);
	for (nlh = msg->msg_iov->iov_base; mnl_nlmsg_ok(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left)) {
		nlh->nlmsg_pid = nlh->nlmsg_seq == WRONG_PORT ? port + 1 : port;
		nlh->nlmsg_seq = nlh->nlmsg_seq == WRONG_SEQUENCE ? sequence - 1 : sequence;
	}
	*from = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = sender};
	msg->msg_flags = 0;
	return (ssize_t)answers[i].size;
}

static struct nlmsghdr *append(size_t i, uint16_t type, int flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(answers[i].bytes + answers[i].size);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = (uint16_t)flags;
	n_answers = i + 1;
	return nlh;
}

static void append_item(size_t i, int flags)
{
	answers[i].size += append(i, RTM_NEWLINK, flags)->nlmsg_len;
}

/* The end of a dump, or a refusal, with the kernel's words if any. */
static void append_end(size_t i, uint16_t type, int error, const char *words)
{
	struct nlmsghdr *nlh = append(i, type, NLM_F_MULTI);

	if (type == NLMSG_ERROR) {
		struct nlmsgerr *err = mnl_nlmsg_put_extra_header(nlh, sizeof(*err));

		err->error = error;
		nlh->nlmsg_flags = NLM_F_CAPPED;
	} else {
		*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = error;
	}
	if (words) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, words);
	}
	answers[i].size += nlh->nlmsg_len;
}

struct seen {
	unsigned items, starts;
	int stop_with;
};

static int count(void *arg, const struct nlmsghdr *nlh)
{
	struct seen *seen = arg;

	if (!nlh) {
		seen->starts++;
		seen->items = 0;
		return 0;
	}
	seen->items++;
	return seen->stop_with;
}

static int reset(void **state)
{
	struct inquiry *inquiry = NULL;

	memset(answers, 0, sizeof(answers));
	requests = n_answers = 0;
	taken = false;
	sender = 0;
	now_ms = 5000;
	receive_error = 0;
	if (inquiry_open(&inquiry) < 0)
		return -1;
	*state = inquiry;
	return 0;
}

static int finish(void **state)
{
	inquiry_close(*state);
	return 0;
}

static int dump(struct inquiry *inquiry, struct seen *seen)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};

	return inquiry_dump(inquiry, message_link(buffer, RTM_GETLINK, 0, 0, 0), count, seen);
}

static int ask(struct inquiry *inquiry, struct seen *seen)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};

	return inquiry_one(inquiry, message_link(buffer, RTM_GETLINK, 0, 7, 0), count, seen);
}

static void an_error_at_the_end_of_a_dump_is_an_error(void **state)
{
	struct seen seen = {0};

	append_item(0, NLM_F_MULTI);
	append_end(0, NLMSG_DONE, -ENODEV, "No such device, I say");
	assert_int_equal(dump(*state, &seen), -ENODEV);
	assert_true(inquiry_refused(*state));
	assert_string_equal(inquiry_error(*state), "No such device, I say");
	assert_int_equal(requests, 1);
}

static void words_are_forgotten_by_the_next_request(void **state)
{
	struct seen seen = {0};

	append_end(0, NLMSG_ERROR, -ENODEV, "No such device");
	append_item(1, 0);
	assert_int_equal(ask(*state, &seen), -ENODEV);
	assert_string_equal(inquiry_error(*state), "No such device");
	assert_int_equal(ask(*state, &seen), 0);
	assert_string_equal(inquiry_error(*state), "");
	assert_false(inquiry_refused(*state));
}

static void an_interrupted_dump_is_repeated(void **state)
{
	struct seen seen = {0};

	append_item(0, NLM_F_MULTI);
	append_item(0, NLM_F_MULTI | NLM_F_DUMP_INTR);
	append_item(0, NLM_F_MULTI);
	append_end(0, NLMSG_DONE, 0, NULL); /* which does not repeat the flag */
	append_item(1, NLM_F_MULTI);
	append_item(1, NLM_F_MULTI);
	append_end(1, NLMSG_DONE, 0, NULL);
	assert_int_equal(dump(*state, &seen), 0);
	assert_int_equal(requests, 2);
	assert_int_equal(seen.starts, 2);
	assert_int_equal(seen.items, 2);
}

static void a_dump_interrupted_for_ever_is_given_up(void **state)
{
	struct seen seen = {0};

	append_item(0, NLM_F_MULTI | NLM_F_DUMP_INTR);
	append_end(0, NLMSG_DONE, 0, NULL);
	assert_int_equal(dump(*state, &seen), -EAGAIN);
	assert_int_equal(requests, TRIES_MAX);
	assert_int_equal(seen.items, 0);
}

static void a_strict_refusal_is_asked_again_leniently(void **state)
{
	const struct inquiry *inquiry = *state;
	struct seen seen = {0};

	assert_true(inquiry->strict);
	append_end(0, NLMSG_DONE, -EINVAL, "Invalid header");
	append_item(1, NLM_F_MULTI);
	append_end(1, NLMSG_DONE, 0, NULL);
	assert_int_equal(dump(*state, &seen), 0);
	assert_int_equal(seen.items, 1);
	assert_false(inquiry->strict);
	assert_int_equal(requests, 2);
	requests = 0;
	n_answers = 1;
	assert_int_equal(dump(*state, &seen), -EINVAL);
	assert_int_equal(requests, 1);
}

static void answers_to_others_are_passed_over(void **state)
{
	struct seen seen = {0};

	for (uint32_t mark = WRONG_PORT; mark <= WRONG_SEQUENCE; mark++) {
		append(0, NLMSG_ERROR, 0)->nlmsg_seq = mark;
		answers[0].size += MNL_NLMSG_HDRLEN;
	}
	append_item(0, 0);
	assert_int_equal(ask(*state, &seen), 0);
	assert_int_equal(seen.items, 1);
}

static void foreign_senders_are_passed_over_until_time_is_up(void **state)
{
	struct seen seen = {0};

	append_item(0, 0);
	sender = 4711;
	assert_int_equal(ask(*state, &seen), -ETIMEDOUT);
	assert_int_equal(seen.items, 0);
	assert_int_equal(now_ms, 5000 + TIMEOUT_MS);
	assert_false(inquiry_refused(*state));
}

static void silence_ends_and_the_socket_is_replaced(void **state)
{
	struct inquiry *inquiry = *state;
	struct seen seen = {0};

	assert_int_equal(dump(inquiry, &seen), -ETIMEDOUT);
	assert_int_equal(now_ms, 5000 + TIMEOUT_MS);
	assert_int_equal(inquiry->fd, -1);
	append_item(1, 0);
	assert_int_equal(ask(inquiry, &seen), 0);
	assert_true(inquiry->fd >= 0);
	assert_int_equal(seen.items, 1);
}

static void a_receive_error_is_not_the_kernels_answer(void **state)
{
	struct seen seen = {0};

	append_item(0, 0);
	receive_error = ENOBUFS;
	assert_int_equal(ask(*state, &seen), -ENOBUFS);
	assert_false(inquiry_refused(*state));
	receive_error = 0;
	append_end(1, NLMSG_ERROR, -ENOMEM, NULL);
	assert_int_equal(ask(*state, &seen), -ENOMEM);
	assert_false(inquiry_refused(*state));
}

static void the_taker_may_stop(void **state)
{
	struct inquiry *inquiry = *state;
	struct seen seen = {.stop_with = -E2BIG};

	append_item(0, NLM_F_MULTI);
	append_item(0, NLM_F_MULTI);
	append_end(0, NLMSG_DONE, 0, NULL);
	assert_int_equal(dump(inquiry, &seen), -E2BIG);
	assert_int_equal(seen.items, 1);
	assert_int_equal(inquiry->fd, -1); /* the rest of that dump would come in between */
	seen.stop_with = 1;
	assert_int_equal(dump(inquiry, &seen), 1);
}

static void a_broken_answer_is_an_error(void **state)
{
	struct seen seen = {0};

	append_item(0, NLM_F_MULTI);
	answers[0].size += 5;
	assert_int_equal(dump(*state, &seen), -EBADMSG);
	append(1, NLMSG_ERROR, 0);
	answers[1].size = MNL_NLMSG_HDRLEN;
	assert_int_equal(ask(*state, &seen), -EBADMSG);
	append_end(2, NLMSG_ERROR, 77, NULL);
	assert_int_equal(ask(*state, &seen), -EBADMSG);
	append_end(3, NLMSG_ERROR, INT32_MIN, NULL);
	assert_int_equal(ask(*state, &seen), -EBADMSG);
	assert_false(inquiry_refused(*state));
}

#define ON_PAPER(test) cmocka_unit_test_setup_teardown(test, reset, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PAPER(an_error_at_the_end_of_a_dump_is_an_error),
		ON_PAPER(words_are_forgotten_by_the_next_request),
		ON_PAPER(an_interrupted_dump_is_repeated),
		ON_PAPER(a_dump_interrupted_for_ever_is_given_up),
		ON_PAPER(a_strict_refusal_is_asked_again_leniently),
		ON_PAPER(answers_to_others_are_passed_over),
		ON_PAPER(foreign_senders_are_passed_over_until_time_is_up),
		ON_PAPER(silence_ends_and_the_socket_is_replaced),
		ON_PAPER(a_receive_error_is_not_the_kernels_answer),
		ON_PAPER(the_taker_may_stop),
		ON_PAPER(a_broken_answer_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
