/* SPDX-License-Identifier: MIT */
/* arrivals: prints a line for every DNS UPDATE that arrives at this namespace: the wall clock in
 * microseconds when the kernel received the packet, and the sender. BIND's own log only knows the
 * time of the last timer tick. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PACKET_MAX = 2048, OPCODE_UPDATE = 5 };

struct packet {
	union {
		struct iphdr ip;
		unsigned char bytes[PACKET_MAX];
	};
	size_t len;
	struct timespec at;
};

static int receive(int fd, struct packet *ret_packet)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct timespec))];
	struct iovec iov = {ret_packet->bytes, PACKET_MAX};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(fd, &msg, 0);
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	if (n < 0 || !c || c->cmsg_type != SCM_TIMESTAMPNS)
		return 0;
	ret_packet->len = (size_t)n;
	ret_packet->at = *(struct timespec *)CMSG_DATA(c);
	return 1;
}

/* RFC 1035 4.1.1: the opcode is in the third byte; 4.2.2: over TCP two bytes of length lead. */
static int is_update(const struct packet *p)
{
	size_t at = p->ip.ihl * 4u, dns;
	const struct udphdr *udp = (const void *)(p->bytes + at);
	const struct tcphdr *tcp = (const void *)(p->bytes + at);

	if (p->len < at + sizeof(*tcp) || udp->dest != htons(53))
		return 0;
	if (p->ip.protocol == IPPROTO_UDP)
		dns = at + sizeof(*udp);
	else if (p->ip.protocol == IPPROTO_TCP)
		dns = at + tcp->doff * 4u + 2;
	else
		return 0;
	return p->len >= dns + 12 && p->bytes[dns + 2] >> 3 == OPCODE_UPDATE;
}

int main(void)
{
	static struct packet p;
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_IP));
	int on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) != 0) {
		perror("arrivals");
		return 1;
	}
	setlinebuf(stdout);
	for (;;) {
		char from[INET_ADDRSTRLEN];

		if (!receive(fd, &p) || p.len < sizeof(p.ip) || !is_update(&p))
			continue;
		inet_ntop(AF_INET, &p.ip.saddr, from, sizeof(from));
		printf("%lld %s\n", (long long)p.at.tv_sec * 1000000 + p.at.tv_nsec / 1000, from);
	}
}
