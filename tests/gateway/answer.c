/* SPDX-License-Identifier: MIT */
/* answer SERVER NAME ADDRESS LIMIT: asks the DNS server for the name's A record every 2 ms until
 * the answer is the address, then prints the wall clock in microseconds. Status 1 after LIMIT ms.
 */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <poll.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PERIOD_MS = 2, MESSAGE_MAX = 512 };

static int64_t clock_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* A reply without an answer, or for another question, is simply not the one waited for. */
static int answers(const unsigned char *reply, int len, struct in_addr address)
{
	ns_msg msg;
	ns_rr rr;

	if (ns_initparse(reply, len, &msg) != 0)
		return 0;
	for (int i = 0; i < ns_msg_count(msg, ns_s_an); i++)
		if (ns_parserr(&msg, ns_s_an, i, &rr) == 0 && ns_rr_type(rr) == ns_t_a &&
		    ns_rr_rdlen(rr) == 4 && memcmp(ns_rr_rdata(rr), &address, 4) == 0)
			return ns_msg_count(msg, ns_s_an) == 1;
	return 0;
}

static int wait_answer(int fd, const unsigned char *query, int len, struct in_addr address,
		       int64_t limit)
{
	int64_t end = clock_us(CLOCK_MONOTONIC) + limit * 1000;
	unsigned char reply[MESSAGE_MAX];
	struct pollfd p = {.fd = fd, .events = POLLIN};

	while (clock_us(CLOCK_MONOTONIC) < end) {
		struct timespec pause = {.tv_nsec = PERIOD_MS * 1000000};

		if (send(fd, query, (size_t)len, 0) == len && poll(&p, 1, 50) == 1) {
			ssize_t n = recv(fd, reply, sizeof(reply), 0);

			if (n > 0 && answers(reply, (int)n, address))
				return 1;
		}
		nanosleep(&pause, NULL);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
	unsigned char query[MESSAGE_MAX];
	struct in_addr address;
	int len, fd;

	if (argc != 5 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1 ||
	    inet_pton(AF_INET, argv[3], &address) != 1) {
		fprintf(stderr, "usage: answer SERVER NAME ADDRESS LIMIT\n");
		return 2;
	}
	len = res_mkquery(ns_o_query, argv[2], ns_c_in, ns_t_a, NULL, 0, NULL, query,
			  sizeof(query));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (len < 0 || fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		perror("answer");
		return 2;
	}
	if (!wait_answer(fd, query, len, address, strtol(argv[4], NULL, 10)))
		return 1;
	printf("%lld\n", (long long)clock_us(CLOCK_REALTIME));
	return 0;
}
