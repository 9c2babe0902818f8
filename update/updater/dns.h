/* SPDX-License-Identifier: MIT */
/* The DNS transport: a request of a provider, performed without blocking. */
#ifndef UPDATE_UPDATER_DNS_H
#define UPDATE_UPDATER_DNS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/provider.h"
#include "update/updater/transport.h"

#define DNS_FDS_MAX 2 /* A and AAAA are asked for at once */

struct dns_call;

/* request and bind (link to leave by, or NULL) are borrowed while the call lives. A request that
 * cannot be sent ends at the first dns_work. NULL: no memory. */
struct dns_call *dns_start(const struct dns_request *request, const char *bind, int64_t now);

/* Does what can be done without waiting. True once the call has ended, as *ret_ending says. */
bool dns_work(struct dns_call *call, int64_t now, struct ending *ret_ending);

/* What it waits for: descriptors (how many is returned), and a time. */
size_t dns_pollfds(const struct dns_call *call, struct pollfd ret[static DNS_FDS_MAX]);
int64_t dns_due(const struct dns_call *call);

void dns_free(struct dns_call *call);

#endif
