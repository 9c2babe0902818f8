/* SPDX-License-Identifier: MIT */
#include "netwatch/filter.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/message.h"

/* Runs the program as the kernel does: the number of bytes let through; a load beyond the message
 * drops it; -1: the program is no good. */
static int64_t interpret(const uint8_t *bytes, size_t size)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < FILTER_LENGTH; pc++) {
		const struct sock_filter *op = &filter_program[pc];

		switch (op->code) {
		case BPF_LD | BPF_B | BPF_ABS:
			if (op->k + 1 > size)
				return 0;
			a = bytes[op->k];
			break;
		case BPF_LD | BPF_H | BPF_ABS:
			if (op->k + 2 > size)
				return 0;
			a = (uint32_t)bytes[op->k] << 8 | bytes[op->k + 1];
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			pc += a == op->k ? op->jt : op->jf;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			pc += a >= op->k ? op->jt : op->jf;
			break;
		case BPF_RET | BPF_K:
			return op->k;
		default:
			return -1;
		}
	}
	return -1;
}

/* The same by the kernel, which runs it on any socket. */
static int64_t run_in_kernel(const int pair[2], const void *bytes, size_t size)
{
	char back[MESSAGE_MAX];

	if (send(pair[0], bytes, size, MSG_DONTWAIT) < 0)
		return 0;
	return recv(pair[1], back, sizeof(back), MSG_DONTWAIT);
}

static bool lets_through(const int pair[2], const struct nlmsghdr *nlh)
{
	int64_t mine = interpret((const void *)nlh, nlh->nlmsg_len);
	int64_t kernel = run_in_kernel(pair, nlh, nlh->nlmsg_len);

	assert_true(mine == 0 || mine == UINT32_MAX);
	assert_int_equal(kernel, mine == 0 ? -1 : (int64_t)nlh->nlmsg_len);
	return mine != 0;
}

static int open_pair(void **state)
{
	static int pair[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0 || filter_attach(pair[1]) < 0)
		return -1;
	*state = pair;
	return 0;
}

static int close_pair(void **state)
{
	const int *pair = *state;

	close(pair[0]);
	close(pair[1]);
	return 0;
}

static void drops_long_routes_and_foreign_families(void **state)
{
	static const uint16_t types[] = {RTM_NEWROUTE, RTM_DELROUTE};
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};

	for (size_t t = 0; t < 2; t++) {
		for (unsigned family = 0; family < 256; family++) {
			for (unsigned len = 0; len < 256; len++) {
				bool want = (family == AF_INET || family == AF_INET6) && len < 8;
				struct nlmsghdr *nlh = message_route(
					buffer, types[t], (uint8_t)family, (uint8_t)len, 0);

				if (lets_through(*state, nlh) != want)
					fail_msg("type %u family %u /%u", types[t], family, len);
			}
		}
	}
}

static void drops_bridge_ports_only(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};

	for (unsigned family = 0; family < 256; family++) {
		bool want = family != AF_BRIDGE;

		assert_int_equal(lets_through(*state, message_link(buffer, RTM_NEWLINK,
								   (uint8_t)family, 7, 0)),
				 want);
		assert_int_equal(lets_through(*state, message_link(buffer, RTM_DELLINK,
								   (uint8_t)family, 7, 0)),
				 want);
	}
}

/* In particular a message of 20 bytes, which no route is: a look into it would drop it. */
static void lets_all_other_types_through(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX] = {0};

	for (unsigned type = 0; type < 512; type++) {
		uint32_t payload = 0;
		struct nlmsghdr *nlh =
			message_start(buffer, (uint16_t)type, &payload, sizeof(payload));

		if (type == RTM_NEWROUTE || type == RTM_DELROUTE)
			continue;
		assert_true(lets_through(*state, nlh));
	}
	assert_true(lets_through(*state, message_address(buffer, RTM_NEWADDR, "192.0.2.1", 7, 0)));
	assert_true(lets_through(*state, message_nexthop(buffer, RTM_DELNEXTHOP)));
	assert_true(lets_through(*state, message_rule(buffer, RTM_NEWRULE, AF_INET, 100)));
}

static void agrees_with_the_kernel_on_any_bytes(void **state)
{
	uint32_t seed = 1;

	for (unsigned i = 0; i < 20000; i++) {
		_Alignas(struct nlmsghdr) uint8_t bytes[48];
		size_t size = 1 + i % sizeof(bytes);
		int64_t mine;

		for (size_t k = 0; k < size; k++) {
			seed = seed * 1664525 + 1013904223;
			bytes[k] = (uint8_t)(seed >> 24);
		}
		if (i % 2 && size >= 6) {
			bytes[4] = RTM_NEWLINK + bytes[4] % 12;
			bytes[5] = 0;
		}
		mine = interpret(bytes, size);
		assert_true(mine == 0 || mine == UINT32_MAX);
		assert_int_equal(run_in_kernel(*state, bytes, size), mine ? (int64_t)size : -1);
	}
}

static void tells_when_the_kernel_refuses(void **state)
{
	(void)state;
	assert_int_equal(filter_attach(-1), -EBADF);
	assert_int_equal(filter_attach(0) < 0, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drops_long_routes_and_foreign_families),
		cmocka_unit_test(drops_bridge_ports_only),
		cmocka_unit_test(lets_all_other_types_through),
		cmocka_unit_test(agrees_with_the_kernel_on_any_bytes),
		cmocka_unit_test(tells_when_the_kernel_refuses),
	};

	return cmocka_run_group_tests(tests, open_pair, close_pair);
}
