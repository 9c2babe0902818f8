/* SPDX-License-Identifier: MIT */
/* The values read from the kernel: a link, its addresses, a route. */
#ifndef NETWATCH_LINK_H
#define NETWATCH_LINK_H

#include <net/if.h>
#include <stddef.h>
#include <stdint.h>

#include "netwatch/addr.h"

#define LINK_KIND_MAX     16
#define LINK_ALTNAMES_MAX 16
#define ALTNAME_MAX       128

/* Index of a family in per-family arrays. */
enum family { FAMILY_IPV4, FAMILY_IPV6 };
#define FAMILY_COUNT 2

/* One address of a link. The address is ours (IFA_LOCAL, or IFA_ADDRESS without one), never the
 * peer's. */
struct address {
	struct ipaddr addr;
	struct ipaddr peer; /* AF_UNSPEC unless point-to-point */
	uint8_t prefix_len;
	uint8_t scope;
	uint32_t flags;       /* IFA_F_*, all 32 bits */
	uint32_t preferred_s; /* seconds left when read; UINT32_MAX: for ever */
	uint32_t valid_s;
	uint32_t created; /* hundredths of a second of uptime; wraps */
};

/* The kernel's answer to "how would you send to the global internet in this family?". */
struct route {
	int error;        /* 0: there is a route; else -ENETUNREACH, -EHOSTUNREACH, ... */
	unsigned ifindex; /* the link it leaves by */
	uint32_t metric;
	uint32_t table;
	uint32_t expires_s; /* seconds left of an RA route; UINT32_MAX: for ever */
	int64_t read_at;    /* ms; when the snapshot read it */
};

struct link {
	unsigned ifindex;
	char name[IF_NAMESIZE];
	char altnames[LINK_ALTNAMES_MAX][ALTNAME_MAX]; /* "" past the last */
	char kind[LINK_KIND_MAX]; /* IFLA_INFO_KIND: "tun", "veth"; "" if none */
	unsigned flags;           /* IFF_* */
	uint8_t operstate;        /* IF_OPER_* (RFC 2863) */
	struct address *addresses;
	size_t n_addresses;
	int64_t read_at; /* ms; when the snapshot read the addresses: lifetimes count from here */
	struct route routes[FAMILY_COUNT]; /* by this link */
};

#endif
