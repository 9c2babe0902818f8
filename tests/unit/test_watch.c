/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

/* What the next receives do: the real thing when nothing is staged. */
static ssize_t staged_recvmsg(int fd, struct msghdr *msg, int flags);
static int staged_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
#define recvmsg    staged_recvmsg
#define setsockopt staged_setsockopt
#include "netwatch/filter.c"
#include "netwatch/watch.c"
#undef recvmsg
#undef setsockopt

#include <net/if.h>
#include <stdio.h>

#include "tests/unit/message.h"
#include "tests/unit/netns.h"

/* One receive: error, or size bytes of message from sender. With endless, the last goes on. */
struct stage {
	int error;
	const void *bytes;
	size_t size;
	uint32_t sender;
};
static struct stage stages[8];
static size_t n_stages, at_stage, receives;
static bool endless;
static int refused_option;

static ssize_t staged_recvmsg(int fd, struct msghdr *msg, int flags)
{
	const struct stage *stage;
	struct sockaddr_nl *from = msg->msg_name;

	receives++;
	if (n_stages == 0)
		return recvmsg(fd, msg, flags);
	stage = &stages[at_stage < n_stages ? at_stage : n_stages - 1];
	if (at_stage >= n_stages && !endless) {
		errno = EAGAIN;
		return -1;
	}
	at_stage++;
	if (stage->error) {
		errno = stage->error;
		return -1;
	}
	assert_int_equal(flags & MSG_PEEK, 0);
	*from = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = stage->sender};
	msg->msg_namelen = sizeof(*from);
	msg->msg_flags = stage->size > msg->msg_iov->iov_len ? MSG_TRUNC : 0;
	memcpy(msg->msg_iov->iov_base, stage->bytes,
	       msg->msg_flags ? msg->msg_iov->iov_len : stage->size);
	return (ssize_t)stage->size;
}

static int staged_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	int value_int = 0;

	if (len == sizeof(value_int))
		memcpy(&value_int, value, sizeof(value_int));
	if (refused_option &&
	    (level << 16 | name << 8 | (level == SOL_NETLINK ? value_int : 0)) == refused_option) {
		errno = EINVAL;
		return -1;
	}
	return setsockopt(fd, level, name, value, len);
}

static int reset(void **state)
{
	struct watch *watch = NULL;

	n_stages = at_stage = receives = 0;
	endless = false;
	refused_option = 0;
	if (watch_open(1 << 20, &watch) < 0)
		return -1;
	*state = watch;
	return 0;
}

static int finish(void **state)
{
	watch_close(*state);
	return 0;
}

static void stage_message(const void *bytes, size_t size, uint32_t sender)
{
	stages[n_stages++] = (struct stage){.bytes = bytes, .size = size, .sender = sender};
}

static void stage_error(int error)
{
	stages[n_stages++] = (struct stage){.error = error};
}

static void any_error_means_events_were_lost(void **state)
{
	static const int errors[] = {ENOBUFS, ENOMEM, EMSGSIZE, EIO};
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_link(buffer, RTM_NEWLINK, AF_UNSPEC, 7, IFF_UP);
	struct watch *watch = *state;
	struct watch_stats stats;

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		struct dirty marks = {0};

		n_stages = at_stage = receives = 0;
		stage_error(errors[i]);
		stage_message(nlh, nlh->nlmsg_len, 0);
		stage_message(nlh, nlh->nlmsg_len, 0);
		assert_int_equal(watch_read(watch, &marks), 0);
		assert_true(marks.all);
		assert_int_equal(at_stage, 3); /* drained before anything is read again */
		assert_int_equal(receives, 4);
		watch_stats(watch, &stats);
		assert_int_equal(stats.overruns, i + 1);
	}
}

static void an_interrupted_call_loses_nothing(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_link(buffer, RTM_NEWLINK, AF_UNSPEC, 7, IFF_UP);
	struct dirty marks = {0};

	stage_error(EINTR);
	stage_message(nlh, nlh->nlmsg_len, 0);
	stage_error(EINTR);
	assert_int_equal(watch_read(*state, &marks), 0);
	assert_false(marks.all);
	assert_true(dirty_has_link(&marks, 7));
}

static void what_the_kernel_did_not_send_is_ignored(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_link(buffer, RTM_DELLINK, AF_UNSPEC, 7, 0);
	struct watch *watch = *state;
	struct dirty marks = {0};
	struct watch_stats stats;

	stage_message(nlh, nlh->nlmsg_len, 4711);
	stage_message("", 0, 4711);
	stage_message(nlh, BUFFER_SIZE + 1, 4711);
	stages[2].bytes = calloc(1, BUFFER_SIZE + 1);
	assert_int_equal(watch_read(watch, &marks), 0);
	free((void *)(uintptr_t)stages[2].bytes);
	assert_false(dirty_any(&marks));
	watch_stats(watch, &stats);
	assert_int_equal(stats.foreign, 3);
	assert_int_equal(stats.overruns, 0);
	assert_int_equal(stats.messages, 0);
}

static void a_truncated_datagram_grows_the_buffer(void **state)
{
	struct watch *watch = *state;
	struct dirty marks = {0};
	size_t size = 3 * BUFFER_SIZE;
	struct nlmsghdr *nlh = calloc(1, size);

	*nlh = (struct nlmsghdr){.nlmsg_len = (uint32_t)size, .nlmsg_type = RTM_NEWNEXTHOP};
	stage_message(nlh, size, 0);
	assert_int_equal(watch_read(watch, &marks), 0);
	assert_true(marks.all);
	marks = (struct dirty){0};
	n_stages = at_stage = 0;
	stage_message(nlh, size, 0);
	assert_int_equal(watch_read(watch, &marks), 0);
	assert_false(marks.all);
	assert_true(marks.routes4 && marks.routes6);
	grow_buffer(watch, (size_t)BUFFER_MAX * 4);
	assert_int_equal(watch->size, BUFFER_MAX);
	free(nlh);
}

static void bad_framing_means_events_were_lost(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_link(buffer, RTM_NEWLINK, AF_UNSPEC, 7, IFF_UP);
	uint32_t len = nlh->nlmsg_len;
	struct watch *watch = *state;

	for (uint32_t size = 1; size < len + 12; size++) {
		struct dirty marks = {0};

		if (size == len)
			continue;
		memset(buffer + len, 0, 12);
		n_stages = at_stage = 0;
		stage_message(nlh, size, 0);
		assert_int_equal(watch_read(watch, &marks), 0);
		assert_true(marks.all);
	}
	assert_int_equal(watch->stats.malformed, 0);
}

static void a_malformed_message_marks_everything(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_route(buffer, RTM_NEWROUTE, AF_INET, 77, 0);
	struct watch *watch = *state;
	struct dirty marks = {0};

	stage_message(nlh, nlh->nlmsg_len, 0);
	assert_int_equal(watch_read(watch, &marks), 0);
	assert_true(marks.all);
	assert_int_equal(watch->stats.malformed, 1);
	assert_int_equal(watch->stats.overruns, 0);
}

static void several_messages_in_one_datagram_all_count(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[2 * MESSAGE_MAX] = {0};
	struct nlmsghdr *first = message_link(buffer, RTM_NEWLINK, AF_UNSPEC, 7, IFF_UP), *second;
	struct dirty marks = {0};

	second = message_link(buffer + MNL_ALIGN(first->nlmsg_len), RTM_NEWLINK, AF_UNSPEC, 8,
			      IFF_UP);
	stage_message(buffer, MNL_ALIGN(first->nlmsg_len) + second->nlmsg_len, 0);
	assert_int_equal(watch_read(*state, &marks), 0);
	assert_false(marks.all);
	assert_int_equal(marks.n_links, 2);
}

static void a_broken_socket_is_told_within_a_bound(void **state)
{
	static const int errors[] = {ENOBUFS, EBADF, ENOTCONN};

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		struct dirty marks = {0};

		n_stages = at_stage = receives = 0;
		endless = true;
		stage_error(errors[i]);
		assert_int_equal(watch_read(*state, &marks), -ENOBUFS);
		assert_true(marks.all);
		assert_true(receives < 100);
	}
}

static void an_endless_stream_is_bounded(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_link(buffer, RTM_NEWLINK, AF_UNSPEC, 7, IFF_UP);
	struct dirty marks = {0};

	endless = true;
	stage_message(nlh, nlh->nlmsg_len, 0);
	assert_int_equal(watch_read(*state, &marks), 0);
	assert_false(marks.all);
	assert_int_equal(receives, READ_MAX);
	n_stages = at_stage = receives = 0;
	stage_error(ENOBUFS);
	stage_message(nlh, nlh->nlmsg_len, 0);
	marks = (struct dirty){0};
	assert_int_equal(watch_read(*state, &marks), -ENOBUFS);
	assert_true(marks.all);
	assert_int_equal(receives, DRAIN_MAX);
}

static void old_kernels_lack_optional_things(void **state)
{
	struct watch *watch = NULL;
	struct watch_stats stats;

	(void)state;
	refused_option = SOL_NETLINK << 16 | NETLINK_ADD_MEMBERSHIP << 8 | RTNLGRP_NEXTHOP;
	assert_int_equal(watch_open(1 << 16, &watch), 0);
	watch_stats(watch, &stats);
	assert_int_equal(stats.groups_missing, 1);
	watch_close(watch);
	refused_option = SOL_SOCKET << 16 | SO_ATTACH_FILTER << 8;
	assert_int_equal(watch_open(1 << 16, &watch), 0);
	watch_stats(watch, &stats);
	assert_int_equal(stats.filter_error, EINVAL);
	watch_close(watch);
	refused_option = SOL_SOCKET << 16 | SO_RCVBUFFORCE << 8;
	assert_int_equal(watch_open(1 << 16, &watch), 0);
	watch_stats(watch, &stats);
	assert_int_equal(stats.rcvbuf, 2 << 16);
	watch_close(watch);
	refused_option = SOL_NETLINK << 16 | NETLINK_ADD_MEMBERSHIP << 8 | RTNLGRP_LINK;
	watch = NULL;
	assert_int_equal(watch_open(1 << 16, &watch), -EINVAL);
	assert_null(watch);
}

/* The real kernel, from here on. */

static struct watch *open_small(void)
{
	struct watch *watch = NULL;

	n_stages = 0;
	refused_option = 0;
	if (!netns_enter())
		skip();
	assert_int_equal(netns_batch("link set lo up\n"), 0);
	assert_int_equal(watch_open(1, &watch), 0);
	return watch;
}

/* More addresses on lo than the small buffer holds events of. */
static void overrun(void)
{
	char text[8192];
	size_t used = 0;

	for (unsigned i = 1; i <= 200; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "address add 192.0.2.%u/32 dev lo\n", i);
	assert_int_equal(netns_batch(text), 0);
}

static void a_real_overrun_is_noticed_and_got_over(void **state)
{
	struct watch *watch = open_small();
	struct watch_stats stats;
	struct dirty marks = {0};

	(void)state;
	overrun();
	assert_int_equal(watch_read(watch, &marks), 0);
	assert_true(marks.all);
	watch_stats(watch, &stats);
	assert_int_equal(stats.overruns, 1);
	assert_true(stats.drops > 100);
	for (unsigned i = 0; i < 3; i++) {
		marks = (struct dirty){0};
		assert_int_equal(netns_batch("address del 192.0.2.1/32 dev lo\n"
					     "address add 192.0.2.1/32 dev lo\n"),
				 0);
		assert_int_equal(watch_read(watch, &marks), 0);
		assert_false(marks.all);
		assert_true(dirty_has_link(&marks, 1));
		assert_true(marks.omen);
	}
	watch_stats(watch, &stats);
	assert_int_equal(stats.overruns, 1);
	watch_close(watch);
}

static void an_overrun_is_noticed_even_without_its_report(void **state)
{
	struct watch *watch = open_small();
	struct dirty marks = {0};
	socklen_t len = sizeof(int);
	int error = 0;

	(void)state;
	overrun();
	assert_int_equal(getsockopt(watch_fd(watch), SOL_SOCKET, SO_ERROR, &error, &len), 0);
	assert_int_equal(error, ENOBUFS); /* and now it is forgotten */
	assert_int_equal(watch_read(watch, &marks), 0);
	assert_true(marks.all);
	assert_int_equal(watch->stats.overruns, 1);
	watch_close(watch);
}

static void spoofed_datagrams_are_counted_and_ignored(void **state)
{
	struct watch *watch = open_small();
	struct sockaddr_nl to = {.nl_family = AF_NETLINK};
	socklen_t len = sizeof(to);
	struct watch_stats stats;
	struct dirty marks = {0};
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};
	struct nlmsghdr *nlh = message_link(buffer, RTM_DELLINK, AF_UNSPEC, 1, 0);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	(void)state;
	watch_read(watch, &marks);
	marks = (struct dirty){0};
	assert_int_equal(getsockname(watch_fd(watch), (struct sockaddr *)&to, &len), 0);
	to.nl_groups = 0;
	assert_int_equal(sendto(fd, nlh, nlh->nlmsg_len, 0, (struct sockaddr *)&to, sizeof(to)),
			 nlh->nlmsg_len);
	to.nl_pid = 0;
	to.nl_groups = 1; /* RTNLGRP_LINK */
	sendto(fd, nlh, nlh->nlmsg_len, 0, (struct sockaddr *)&to, sizeof(to));
	assert_int_equal(watch_read(watch, &marks), 0);
	assert_false(dirty_any(&marks));
	watch_stats(watch, &stats);
	assert_true(stats.foreign >= 1);
	close(fd);
	watch_close(watch);
}

static void foreign_routes_never_arrive(void **state)
{
	struct watch *watch = NULL;
	struct watch_stats stats;
	struct dirty marks = {0};
	char text[16384];
	size_t used = 0;

	(void)state;
	n_stages = 0;
	refused_option = 0;
	if (!netns_enter())
		skip();
	assert_int_equal(netns_batch("link set lo up\n"), 0);
	assert_int_equal(watch_open(1 << 20, &watch), 0);
	for (unsigned i = 0; i < 200; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "route add 203.0.%u.0/24 dev lo\n", i);
	assert_int_equal(netns_batch(text), 0);
	assert_int_equal(watch_read(watch, &marks), 0);
	watch_stats(watch, &stats);
	assert_int_equal(stats.filter_error, 0);
	assert_int_equal(stats.messages, 0);
	assert_false(dirty_any(&marks));
	assert_int_equal(netns_batch("route add 0.0.0.0/1 dev lo\nrule add to 192.0.2.1 lookup 77\n"
				     "nexthop add id 9 dev lo\n"),
			 0);
	assert_int_equal(watch_read(watch, &marks), 0);
	watch_stats(watch, &stats);
	assert_int_equal(stats.messages, 3);
	assert_int_equal(stats.malformed, 0);
	assert_true(marks.routes4);
	assert_int_equal(marks.n_links, 0);
	watch_close(watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(any_error_means_events_were_lost, reset, finish),
		cmocka_unit_test_setup_teardown(an_interrupted_call_loses_nothing, reset, finish),
		cmocka_unit_test_setup_teardown(what_the_kernel_did_not_send_is_ignored, reset,
						finish),
		cmocka_unit_test_setup_teardown(a_truncated_datagram_grows_the_buffer, reset,
						finish),
		cmocka_unit_test_setup_teardown(bad_framing_means_events_were_lost, reset, finish),
		cmocka_unit_test_setup_teardown(a_malformed_message_marks_everything, reset,
						finish),
		cmocka_unit_test_setup_teardown(several_messages_in_one_datagram_all_count, reset,
						finish),
		cmocka_unit_test_setup_teardown(a_broken_socket_is_told_within_a_bound, reset,
						finish),
		cmocka_unit_test_setup_teardown(an_endless_stream_is_bounded, reset, finish),
		cmocka_unit_test_setup_teardown(old_kernels_lack_optional_things, reset, finish),
		cmocka_unit_test(a_real_overrun_is_noticed_and_got_over),
		cmocka_unit_test(an_overrun_is_noticed_even_without_its_report),
		cmocka_unit_test(spoofed_datagrams_are_counted_and_ignored),
		cmocka_unit_test(foreign_routes_never_arrive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
