/* SPDX-License-Identifier: MIT */
/*
 * Two ways to the internet: wan0 at 192.0.2.10 and wan1 at 203.0.113.10, each with a provider's
 * end outside (.1), and a count of what leaves by each. No IPv6: the kernel sends nothing of its
 * own but ARP.
 */
#ifndef TESTS_KERNEL_WANS_H
#define TESTS_KERNEL_WANS_H

#include "tests/kernel/daemon.h"
#include "tests/kernel/ground.h"
#include "tests/kernel/serve.h"
#include "tests/kernel/wire.h"

#define WANS_CASE(test) cmocka_unit_test_setup_teardown(test, wans_setup, wans_teardown)

enum { WANS_PORTS = 65536, WANS_METRIC = 1000, WANS_TABLE = 101 };

enum wan { WAN_0, WAN_1 };
enum { WAN_COUNT = 2 };

struct wans {
	struct ground *g;
	struct server web[WAN_COUNT]; /* ports 8080 and 8081 */
	struct daemon d;
	int fd[WAN_COUNT];
	unsigned *sent[WAN_COUNT]; /* packets to each TCP or UDP port */
};

/* cmocka setup and teardown with a struct wans in *state. Addresses, but no routes. */
int wans_setup(void **state);
int wans_teardown(void **state);

/* The default route by a link: wan0's the kernel's first choice, wan1's of a worse metric. */
void wans_route(struct wans *w, enum wan wan);
void wans_unroute(struct wans *w, enum wan wan);

/* That of wan1 in a table of its own, for packets from its address (as multi-WAN routers do). */
void wans_route_table(struct wans *w);

/* IPv4 packets to a port that left by the link so far; 0: to any. */
unsigned wans_sent(struct wans *w, enum wan wan, unsigned port);

/* Frames of any kind that left by the link since it is there, as the kernel counts them. */
uint64_t wans_frames(struct wans *w, enum wan wan);

/* The record is confirmed at the address. */
void wans_expect(struct wans *w, const char *record, const char *ip, int ms);

#endif
