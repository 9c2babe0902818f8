/* SPDX-License-Identifier: MIT */
/* nlddnsd with very many records, and what happens to them when their one address changes. */
#ifndef TESTS_KERNEL_FANOUT_H
#define TESTS_KERNEL_FANOUT_H

#include "tests/kernel/scene.h"

enum fanout_shape {
	FANOUT_SINGLE, /* a provider that takes one name a request */
	FANOUT_LISTS,  /* dyndns2: many names a request */
};

struct fanout {
	struct scene *s;
	size_t n;          /* records: h0.example.org, ... */
	size_t accounts;   /* that share them; each makes one request at a time */
	char local[64];    /* the public address, once there is one */
	unsigned *asked;   /* of each name, in the last change */
	size_t n_requests; /* in the last change */
	int64_t arrived;   /* ns; the last of them */
	long log_at;       /* what has been read of the server's log */
	int state;         /* inotify of the state folder */
	int64_t *writes;   /* ns; when the state was replaced */
	size_t n_writes;
};

/* The scene of *state with such a configuration; fanout_free leaves the scene. */
struct fanout *fanout_new(struct scene *s, enum fanout_shape shape, size_t n, size_t accounts);
void fanout_free(struct fanout *fanout);

/* Starts nlddnsd on a WAN that has no public address yet. */
void fanout_start(struct fanout *fanout);

/*
 * The public address becomes this one. Waits until each name has been asked for, and returns when
 * the kernel was told (ns); 0: not all have been within ms.
 */
int64_t fanout_change(struct fanout *fanout, const char *ip, int ms);

/* Records that are confirmed with this address; the longest reaction in ms. Waits for the state. */
size_t fanout_confirmed(struct fanout *fanout, const char *ip, int64_t *ret_reaction_ms);

/* The most writes of the state within a second, since fanout_start. */
size_t fanout_writes_a_second(struct fanout *fanout);

#endif
