/* SPDX-License-Identifier: MIT */
/* Addresses of the inner side as the kernel lists them, and unusual ones to add. */
#ifndef TESTS_KERNEL_ADDRESS_H
#define TESTS_KERNEL_ADDRESS_H

#include "tests/kernel/ground.h"

enum { ADDRESS_TEXT = 64, ADDRESS_LIFETIME = 7200 };

struct address_seen {
	char ip[ADDRESS_TEXT];
	uint32_t flags;     /* IFA_F_*, all 32 bits */
	uint32_t preferred; /* seconds */
};

/* The addresses of a link; at most max of them. */
size_t address_list(struct ground *g, const char *link, struct address_seen *list, size_t max);

/* Flags of one; -1 when the link has no such address. */
int64_t address_flags(struct ground *g, const char *link, const char *ip);

/* Waits until the address is there with these of the flags in mask. Fails the case if not. */
void address_await(struct ground *g, const char *link, const char *ip, uint32_t mask,
		   uint32_t flags);

/* Waits until the link has no such address. Fails the case if not. */
void address_await_gone(struct ground *g, const char *link, const char *ip);

/* Waits for an address whose text begins so, with these of the flags in mask, and gives its text.
 * Fails the case if none comes. */
void address_find(struct ground *g, const char *link, const char *prefix, uint32_t mask,
		  uint32_t flags, char ip[static ADDRESS_TEXT]);

/* More attributes than wire_addr has; zero: not given. */
struct address_special {
	const char *local, *peer; /* with prefix length */
	unsigned char scope;
	const char *label;
	uint32_t metric; /* of its prefix route */
	uint32_t flags;
};

void address_add(struct ground *g, const char *link, const struct address_special *wish);

/* By local address and peer. */
void address_del(struct ground *g, const char *link, const struct address_special *wish);

/* A process that lets an address come and go as fast as it can, until it is ended. */
pid_t address_flap(struct ground *g, const char *link, const char *local);

/* A process that sets the lifetimes of an address again `count` times, `ms` apart, from
 * ADDRESS_LIFETIME seconds on. */
pid_t address_refresh(struct ground *g, const char *link, const char *local, int count, int ms);

/* `count` addresses from 10.128.0.1 on, each with its own /32. */
void address_crowd(struct ground *g, const char *link, unsigned count);

#endif
