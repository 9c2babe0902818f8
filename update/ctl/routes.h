/* SPDX-License-Identifier: MIT */
/* Asks the kernel, through libnl, by which way it would reach the global internet. */
#ifndef UPDATE_CTL_ROUTES_H
#define UPDATE_CTL_ROUTES_H

#include "netwatch/link.h"

struct nl_sock;

/* The kernel's own choice of now, policy rules included. No route is an answer (ret->error), not a
 * failure. -errno: the kernel could not be asked. */
int routes_ask(struct nl_sock *sock, enum family family, struct route *ret);

/* Whether a route to the global internet leaves by this link, in whatever table. */
int routes_ask_by(struct nl_sock *sock, enum family family, unsigned ifindex, struct route *ret);

#endif
