/* SPDX-License-Identifier: MIT */
#include "netwatch/filter.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <sys/socket.h>

#define AT_TYPE    offsetof(struct nlmsghdr, nlmsg_type)
#define AT_FAMILY  (NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_family))
#define AT_DST_LEN (NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_dst_len))
#define AT_LINK    (NLMSG_HDRLEN + offsetof(struct ifinfomsg, ifi_family))

/* Half-word loads are big-endian, netlink is not: compare with the bytes swapped. */
#define SWAPPED(type) (((type)&0xff) << 8 | (type) >> 8)
#define WIRE(type)    (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? SWAPPED(type) : (type))

#define JUMP_EQ(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define JUMP_GE(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, value, yes, no)
#define LOAD_BYTE(offset)       BPF_STMT(BPF_LD | BPF_B | BPF_ABS, offset)
#define LOAD_HALF(offset)       BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offset)
#define RETURN(bytes)           BPF_STMT(BPF_RET | BPF_K, bytes)

/* A load beyond the message drops it, so the type comes first and only messages long enough by
 * their type are looked into. A return value cuts the message to that many bytes. */
const struct sock_filter filter_program[FILTER_LENGTH] = {
	/*  0 */ LOAD_HALF(AT_TYPE),
	/*  1 */ JUMP_EQ(WIRE(RTM_NEWROUTE), 3, 0),
	/*  2 */ JUMP_EQ(WIRE(RTM_DELROUTE), 2, 0),
	/*  3 */ JUMP_EQ(WIRE(RTM_NEWLINK), 6, 0),
	/*  4 */ JUMP_EQ(WIRE(RTM_DELLINK), 5, 7),
	/*  5 */ LOAD_BYTE(AT_DST_LEN),
	/*  6 */ JUMP_GE(8, 6, 0),
	/*  7 */ LOAD_BYTE(AT_FAMILY),
	/*  8 */ JUMP_EQ(AF_INET, 3, 0),
	/*  9 */ JUMP_EQ(AF_INET6, 2, 3),
	/* 10 */ LOAD_BYTE(AT_LINK),
	/* 11 */ JUMP_EQ(AF_BRIDGE, 1, 0),
	/* 12 */ RETURN(0xffffffff),
	/* 13 */ RETURN(0),
};

int filter_attach(int fd)
{
	struct sock_filter code[FILTER_LENGTH];
	struct sock_fprog program = {.len = FILTER_LENGTH, .filter = code};

	for (size_t i = 0; i < FILTER_LENGTH; i++)
		code[i] = filter_program[i];
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0)
		return -errno;
	return 0;
}
