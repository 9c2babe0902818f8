/* SPDX-License-Identifier: MIT */
/* The request socket: asks the kernel for links, addresses and routes, strictly checked, one
 * request at a time. Calls block for as long as the kernel takes (microseconds), at most half
 * a second. */
#ifndef NETWATCH_QUERY_H
#define NETWATCH_QUERY_H

#include "netwatch/link.h"

struct query;

int query_open(struct query **ret);
void query_close(struct query *query);

/* The kernel's own words for the last failure (extended ack), or "". Borrowed until the next call.
 */
const char *query_error(const struct query *query);

/* Each link through fn, which may stop with a negative value that is then returned. Repeated when
 * the kernel says the dump was interrupted (fn is told by a call with NULL: forget what you have
 * seen). -EAGAIN: still interrupted after several tries. */
int query_links(struct query *query, int (*fn)(void *arg, const struct link *link), void *arg);

/* One link by index. -ENODEV: no such link. *ret has no addresses and no routes yet. */
int query_link(struct query *query, unsigned ifindex, struct link *ret);

/* The addresses of one link, both families, in *ret (malloc; the caller frees). -ENODEV: the link
 * is gone, which is not the same as a link without addresses. At most 1024, else -E2BIG. */
int query_addresses(struct query *query, unsigned ifindex, struct address **ret, size_t *ret_n);

/* The route for a global destination: ifindex 0, the one the kernel would take now (policy rules
 * included); else whether one leaves by that link, in the main table or one that a policy rule
 * leads to. Only unicast routes shorter than 8 bits count. The absence of a route is an answer
 * (ret->error), not a failure; read_at is the caller's to fill in. */
int query_route(struct query *query, sa_family_t family, unsigned ifindex, struct route *ret);

#endif
