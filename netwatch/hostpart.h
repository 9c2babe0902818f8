/* SPDX-License-Identifier: MIT */
/* Another host of the LAN: the prefix it shares with an address of ours, and its own bits behind
 * that. */
#ifndef NETWATCH_HOSTPART_H
#define NETWATCH_HOSTPART_H

#include "netwatch/link.h"

/* Zeroed: none, an address stands for itself. */
struct hostpart {
	struct ipaddr bits;  /* AF_INET6 */
	unsigned prefix_max; /* the longest prefix that bits leave alone, 1 to 127; 0: no host part
			      */
	unsigned prefix_len; /* the one length bits are meant for, 1 to prefix_max; 0: any */
};

enum hostpart_fit {
	HOSTPART_FIT,
	HOSTPART_NO_PREFIX,    /* a length of 0 */
	HOSTPART_OVERLAP,      /* the prefix reaches into the host part */
	HOSTPART_OTHER_LENGTH, /* bits are meant for another */
};

/* Whether a host part can follow the prefix of an IPv6 address. Without one: it fits. */
enum hostpart_fit hostpart_check(const struct hostpart *host, const struct address *address);

/* The first bits of the address, as many as its prefix length, then those of the host part. Without
 * one: the address itself. */
void hostpart_join(const struct hostpart *host, const struct address *address, struct ipaddr *ret);

#endif
