/* SPDX-License-Identifier: MIT */
#include "tests/kernel/sniff.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/kernel/wire.h"

enum { IP_UDP = 17, DNS_PORT = 53, OPCODE_UPDATE = 5, UDP_HEADER = 8 };

int sniff_open(struct ground *g)
{
	struct sockaddr_ll link = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
	int fd, on = 1;

	link.sll_ifindex = (int)wire_index(g, SIDE_OUTSIDE, "isp0");
	ground_go(g, SIDE_OUTSIDE);
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ground_go(g, SIDE_INSIDE);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&link, sizeof(link)) < 0)
		fail_msg("packet socket: %s", strerror(errno));
	return fd;
}

static bool is_update(const uint8_t *packet, size_t size)
{
	size_t head = size ? (packet[0] & 15u) * 4 : 0;
	const uint8_t *udp = packet + head;

	if (size < head + UDP_HEADER + 12 || head < 20 || packet[9] != IP_UDP)
		return false;
	return (udp[2] << 8 | udp[3]) == DNS_PORT && !(udp[UDP_HEADER + 2] & 0x80) &&
	       (udp[UDP_HEADER + 2] >> 3 & 15) == OPCODE_UPDATE;
}

/* Wall-clock stamps are turned monotonic by the difference of both clocks now. */
static int64_t stamp(struct msghdr *message)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(message);
	struct timespec at, wall;

	if (!control || control->cmsg_type != SCM_TIMESTAMPNS)
		return ground_now();
	memcpy(&at, CMSG_DATA(control), sizeof(at));
	clock_gettime(CLOCK_REALTIME, &wall);
	return ground_now() - (wall.tv_sec - at.tv_sec) * 1000000000LL -
	       (wall.tv_nsec - at.tv_nsec);
}

int64_t sniff_update(int fd, int ms)
{
	int64_t until = ground_now() + ms * 1000000LL;
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	uint8_t packet[2048];
	char control[128];
	ssize_t n;

	while (ground_now() < until) {
		struct iovec part = {packet, sizeof(packet)};
		struct msghdr message = {.msg_iov = &part,
					 .msg_iovlen = 1,
					 .msg_control = control,
					 .msg_controllen = sizeof(control)};

		n = recvmsg(fd, &message, 0);
		if (n < 0)
			poll(&wait, 1, 10);
		else if (is_update(packet, (size_t)n))
			return stamp(&message);
	}
	return 0;
}
