/* SPDX-License-Identifier: MIT */
/* From one rtnetlink notification to what may have changed. Nobody past this header sees a netlink
 * message, and nobody learns from it more than "read that again": events only invalidate. */
#ifndef NETWATCH_EVENT_H
#define NETWATCH_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

/* More links than this in one batch are treated as "everything". */
#define DIRTY_LINKS_MAX 32

/* What must be read again. All false/0 is clean. */
struct dirty {
	bool all;              /* events were lost: nothing known can be trusted */
	bool routes4, routes6; /* the way out may have changed */
	bool omen;             /* an address is going away or coming: a redial is under way */
	unsigned links[DIRTY_LINKS_MAX]; /* ifindexes whose link or addresses may have changed */
	size_t n_links;
	uint32_t itself; /* bit i: links[i] itself may have changed, not only its addresses */
};

/* Adds what this message may have changed to *marks. 1: something marked. 0: not followed (unknown
 * type, AF_BRIDGE link, route longer than /7, cloned route...). -EBADMSG: malformed, *marks
 * untouched. nlh must be complete: nlmsg_len bytes readable (checked against the header sizes). */
int event_parse(const struct nlmsghdr *nlh, struct dirty *marks);

bool dirty_any(const struct dirty *marks);
bool dirty_has_link(const struct dirty *marks, unsigned ifindex);

void dirty_add_all(struct dirty *marks);

#endif
