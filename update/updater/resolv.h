/* SPDX-License-Identifier: MIT */
/* Where this machine sends its DNS questions, and the names it knows without asking. */
#ifndef UPDATE_UPDATER_RESOLV_H
#define UPDATE_UPDATER_RESOLV_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "providers/provider.h"

#define RESOLV_SERVERS_MAX 3 /* resolv.conf(5): MAXNS */

union resolv_server {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* The length for connect(2). */
socklen_t resolv_server_len(const union resolv_server *server);

/* An address, of IPv6 with "%link" where it needs one. -EINVAL. */
int resolv_parse(const char *text, uint16_t port, union resolv_server *ret);

/* The name servers of a resolv.conf(5); without one, or without the file, this machine itself.
 * Returns how many. */
size_t resolv_servers(const char *path, uint16_t port,
		      union resolv_server ret[static RESOLV_SERVERS_MAX]);

/* The addresses of a name in a hosts(5) file, IPv4 first; returns how many, up to
 * WANTED_ADDRS_MAX. */
size_t resolv_hosts(const char *path, const char *name,
		    char ret[static WANTED_ADDRS_MAX][ADDRESS_MAX]);

#endif
