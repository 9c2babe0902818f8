/* SPDX-License-Identifier: MIT */
#include "tests/kernel/ppp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tests/kernel/wire.h"

bool ppp_possible(void)
{
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int open_tun(struct ground *g, enum side side, const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd;

	ground_go(g, side);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) < 0) {
		close(fd);
		fd = -1;
	}
	ground_go(g, SIDE_INSIDE);
	return fd;
}

/* Packets from one end to the other; the line's process never returns from here. */
static void carry(const int ends[2])
{
	struct pollfd wait[2] = {{.fd = ends[0], .events = POLLIN},
				 {.fd = ends[1], .events = POLLIN}};
	char packet[65536];

	while (poll(wait, 2, -1) > 0) {
		for (int i = 0; i < 2; i++) {
			ssize_t n = wait[i].revents ? read(wait[i].fd, packet, sizeof(packet)) : 0;

			/* a packet for an end that is down is lost, as on any wire */
			if (n > 0 && write(wait[!i].fd, packet, (size_t)n) < 0)
				continue;
			if (n < 0 && errno != EAGAIN && errno != EIO)
				_exit(1);
		}
	}
	_exit(1);
}

static pid_t fork_line(const int ends[2])
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		carry(ends);
	}
	return pid;
}

pid_t ppp_open(struct ground *g, const char *name)
{
	char other[IFNAMSIZ];
	int ends[2];
	pid_t line;

	snprintf(other, sizeof(other), "isp-%.10s", name);
	ends[0] = open_tun(g, SIDE_INSIDE, name);
	ends[1] = open_tun(g, SIDE_OUTSIDE, other);
	if (ends[0] < 0 || ends[1] < 0)
		fail_msg("tun device %s: %s", name, strerror(errno));
	line = fork_line(ends);
	close(ends[0]);
	close(ends[1]);
	ground_keep(g, line);
	wire_up(g, SIDE_OUTSIDE, other);
	wire_route(g, SIDE_OUTSIDE, other, "192.0.2.0/24", NULL);
	wire_route(g, SIDE_OUTSIDE, other, "203.0.113.0/24", NULL);
	return line;
}

void ppp_drop(struct ground *g, pid_t line)
{
	ground_end(g, line, SIGKILL, 5000);
}

static void set(int fd, unsigned long request, const char *name, const char *address)
{
	struct ifreq wish = {0};
	struct sockaddr_in in = {.sin_family = AF_INET};

	snprintf(wish.ifr_name, sizeof(wish.ifr_name), "%s", name);
	inet_pton(AF_INET, address, &in.sin_addr);
	memcpy(&wish.ifr_addr, &in, sizeof(in));
	if (ioctl(fd, request, &wish) < 0)
		fail_msg("%s %s: %s", name, address, strerror(errno));
}

void ppp_address(struct ground *g, const char *name, const char *local, const char *peer)
{
	int fd;

	ground_go(g, SIDE_INSIDE);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	set(fd, SIOCSIFADDR, name, local);
	set(fd, SIOCSIFDSTADDR, name, peer);
	set(fd, SIOCSIFNETMASK, name, "255.255.255.255");
	close(fd);
}

void ppp_up(struct ground *g, const char *name, const char *local, const char *peer)
{
	ppp_address(g, name, local, peer);
	wire_up(g, SIDE_INSIDE, name);
	wire_route(g, SIDE_INSIDE, name, "default", NULL);
}
