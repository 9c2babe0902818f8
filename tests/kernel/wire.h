/* SPDX-License-Identifier: MIT */
/*
 * Links, addresses and routes of the ground, set through libnl (not through the netlink code under
 * test). Every function fails the test case when the kernel refuses.
 */
#ifndef TESTS_KERNEL_WIRE_H
#define TESTS_KERNEL_WIRE_H

#include "tests/kernel/ground.h"

/* An address as the kernel takes it. */
struct wire_addr {
	const char *local; /* with prefix length: "192.0.2.10/24" */
	const char *peer;  /* NULL: none */
	unsigned flags;    /* IFA_F_*; 0 for IPv6 means duplicate address detection */
	uint32_t preferred,
		valid; /* seconds; both 0: for ever. preferred 0, valid not: deprecated */
	bool replace;
};

/*
 * The WAN of most cases: wan0 inside, up and without an address; isp0 outside with 192.0.2.1/24,
 * 203.0.113.1/24, 10.0.0.1/24, 2001:db8:1::1/64 and fe80::1/64. wire_wan() first adds the servers'
 * addresses outside: 198.51.100.53 and .54, and 2001:db8:53::53.
 */
void wire_wan(struct ground *g);
void wire_wan_link(struct ground *g);

void wire_veth(struct ground *g, const char *inside, const char *outside);
void wire_up(struct ground *g, enum side side, const char *link);
void wire_down(struct ground *g, enum side side, const char *link);
void wire_rename(struct ground *g, enum side side, const char *link, const char *name);
void wire_remove(struct ground *g, enum side side, const char *link);

/* Waits until wan0 is running, as a moment after either end came up. */
void wire_await_carrier(struct ground *g);

/* Index of a link, 0 when there is none. */
unsigned wire_index(struct ground *g, enum side side, const char *link);

/* IPv6 addresses skip duplicate address detection here; use wire_add_full for it. */
void wire_add(struct ground *g, enum side side, const char *link, const char *local);
void wire_add_full(struct ground *g, enum side side, const char *link,
		   const struct wire_addr *addr);
void wire_del(struct ground *g, enum side side, const char *link, const char *local);

/* `to` is "default", "default6" or a prefix; `via` may be NULL. */
void wire_route(struct ground *g, enum side side, const char *link, const char *to,
		const char *via);
void wire_unroute(struct ground *g, enum side side, const char *link, const char *to,
		  const char *via);

/* On wan0: the address, then the default route of its family by the provider (.1). */
void wire_dial(struct ground *g, const char *local);

#endif
