/* SPDX-License-Identifier: MIT */
#include "tests/kernel/advert.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/kernel/wire.h"

#define RADVD "/usr/sbin/radvd"

enum { PREFIXES = 4, PREFIX_LEN = 64, HOPS = 255, CONF_MAX = 4096 };

struct advert {
	struct nd_router_advert head;
	struct nd_opt_prefix_info prefixes[PREFIXES];
};

/* From fe80::1, with the hop limit that says "from this link". */
static int open_socket(const char *link)
{
	struct sockaddr_in6 from = {.sin6_family = AF_INET6, .sin6_scope_id = if_nametoindex(link)};
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6), hops = HOPS;
	int index = (int)from.sin6_scope_id;

	inet_pton(AF_INET6, "fe80::1", &from.sin6_addr);
	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof(index)) < 0 ||
	    bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0)
		fail_msg("router on %s: %s", link, strerror(errno));
	return fd;
}

static size_t fill(struct advert *advert, unsigned lifetime, const struct advert_prefix *prefixes)
{
	size_t n = 0;

	*advert = (struct advert){0};
	advert->head.nd_ra_type = ND_ROUTER_ADVERT;
	advert->head.nd_ra_curhoplimit = 64;
	advert->head.nd_ra_router_lifetime = htons((uint16_t)lifetime);
	for (; prefixes[n].prefix && n < PREFIXES; n++) {
		struct nd_opt_prefix_info *info = &advert->prefixes[n];

		info->nd_opt_pi_type = ND_OPT_PREFIX_INFORMATION;
		info->nd_opt_pi_len = sizeof(*info) / 8;
		info->nd_opt_pi_prefix_len = PREFIX_LEN;
		info->nd_opt_pi_flags_reserved = ND_OPT_PI_FLAG_ONLINK | ND_OPT_PI_FLAG_AUTO;
		info->nd_opt_pi_valid_time = htonl(prefixes[n].valid);
		info->nd_opt_pi_preferred_time = htonl(prefixes[n].preferred);
		inet_pton(AF_INET6, prefixes[n].prefix, &info->nd_opt_pi_prefix);
	}
	return sizeof(advert->head) + n * sizeof(advert->prefixes[0]);
}

void advert_send(struct ground *g, const char *link, unsigned lifetime,
		 const struct advert_prefix *prefixes)
{
	struct sockaddr_in6 all = {.sin6_family = AF_INET6};
	struct advert advert;
	size_t size = fill(&advert, lifetime, prefixes);
	ssize_t n;
	int fd;

	ground_go(g, SIDE_OUTSIDE);
	fd = open_socket(link);
	all.sin6_scope_id = if_nametoindex(link);
	inet_pton(AF_INET6, "ff02::1", &all.sin6_addr);
	n = sendto(fd, &advert, size, 0, (struct sockaddr *)&all, sizeof(all));
	close(fd);
	ground_go(g, SIDE_INSIDE);
	if (n != (ssize_t)size)
		fail_msg("advertisement on %s: %s", link, strerror(errno));
}

/* Intervals below 3 s are for mobile IPv6, which the interval option stands for. */
static void write_conf(const char *path, int interval, const struct advert_prefix *prefixes)
{
	char text[CONF_MAX];
	size_t used = 0;

	for (; prefixes->prefix && used < sizeof(text) - 256; prefixes++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "\tprefix %s/64 { AdvValidLifetime %u; "
					 "AdvPreferredLifetime %u; };\n",
					 prefixes->prefix, prefixes->valid, prefixes->preferred);
	ground_write(path,
		     "interface isp0 {\n\tAdvSendAdvert on;\n\tAdvIntervalOpt on;\n"
		     "\tMinRtrAdvInterval %d.%03d;\n\tMaxRtrAdvInterval %d.%03d;\n"
		     "\tAdvDefaultLifetime 1800;\n%s};\n",
		     interval * 3 / 4 / 1000, interval * 3 / 4 % 1000, interval / 1000,
		     interval % 1000, text);
}

pid_t advert_radvd(struct ground *g, int interval, const struct advert_prefix *prefixes)
{
	char conf[GROUND_PATH], pidfile[GROUND_PATH], log[GROUND_PATH];
	const char *argv[] = {RADVD, "-n", "-C", conf, "-p", pidfile, "-m", "stderr", NULL};

	if (access(RADVD, X_OK) < 0) {
		printf("# " RADVD " is not installed\n");
		skip();
	}
	write_conf(ground_path(g, conf, "radvd.conf"), interval, prefixes);
	ground_path(g, pidfile, "radvd.pid");
	return ground_spawn(g, SIDE_OUTSIDE, ground_path(g, log, "radvd.log"), argv);
}
