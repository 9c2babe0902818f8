/* SPDX-License-Identifier: MIT */
/* A point-to-point line as pppd makes one: a tun device whose life is that of a process. */
#ifndef TESTS_KERNEL_PPP_H
#define TESTS_KERNEL_PPP_H

#include "tests/kernel/ground.h"

/* False where /dev/net/tun cannot be opened. */
bool ppp_possible(void);

/*
 * Creates a tun device of that name inside and its other end, `isp-NAME`, outside (up, with routes
 * to 192.0.2.0/24 and 203.0.113.0/24); a process carries the packets. Neither link nor address is
 * up inside. Returns the process: its end (ppp_drop) is the end of both devices.
 */
pid_t ppp_open(struct ground *g, const char *name);
void ppp_drop(struct ground *g, pid_t line);

/*
 * The three ioctls of pppd's sifaddr in its order: address (no peer yet), peer, netmask.
 * The kernel reports: added without peer, deleted, added with peer, within a millisecond.
 */
void ppp_address(struct ground *g, const char *name, const char *local, const char *peer);

/* What pppd does once IPCP is up: ppp_address, link up, default route by the link. */
void ppp_up(struct ground *g, const char *name, const char *local, const char *peer);

#endif
