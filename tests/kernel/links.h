/* SPDX-License-Identifier: MIT */
/* What links can do beyond tests/kernel/wire.h: bridges, other names, other namespaces, chosen
 * indexes, hundreds of them. Every function fails the test case when the kernel refuses. */
#ifndef TESTS_KERNEL_LINKS_H
#define TESTS_KERNEL_LINKS_H

#include "tests/kernel/ground.h"

/* A bridge inside, down; index 0: whichever is free. */
void links_bridge(struct ground *g, const char *name, unsigned index);

/* Makes a link inside a port of a bridge; NULL: of none any more. */
void links_enslave(struct ground *g, const char *link, const char *bridge);

/* Gives a link inside an alternative name. */
void links_altname(struct ground *g, const char *link, const char *name);

/* Moves a link to the other side. */
void links_move(struct ground *g, enum side from, const char *link);

/* A veth pair with the inner end at that index. */
void links_veth_at(struct ground *g, unsigned index, const char *inside, const char *outside);

/* A veth pair on one side, the first end at that index. */
void links_pair(struct ground *g, enum side side, const char *one, unsigned index,
		const char *other);

/* So many addresses (10.x.y.z/32) of a link inside added or removed, asked for in batches. */
void links_addresses(struct ground *g, const char *link, bool add, unsigned count);

/* An even number of links inside, up, "foreignN", each with so many of them. (Ends of veth pairs:
 * bridges that are up take the kernel seconds to remove, during which nothing else goes on.) */
void links_crowd(struct ground *g, unsigned links, unsigned addresses);

#endif
