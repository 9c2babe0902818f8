/* SPDX-License-Identifier: MIT */
/* One DNS question and its answer: UDP to each server in turn, repeated, then TCP. Never blocks.
 *
 * An answer over UDP that is truncated, unreadable or not signed as asked proves nothing and costs
 * a forger one packet; the question is then asked over TCP, where a stranger cannot answer. */
#ifndef UPDATE_UPDATER_EXCHANGE_H
#define UPDATE_UPDATER_EXCHANGE_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/provider.h"
#include "update/updater/resolv.h"
#include "update/updater/transport.h"

struct exchange;

/* What to ask, and of whom. Borrowed while the exchange lives. */
struct exchange_question {
	const struct dns_request *request;
	enum record_type type; /* of the addresses asked for */
	const char *bind;      /* link to leave by, or NULL */
	const union resolv_server *servers;
	size_t n_servers; /* 1..RESOLV_SERVERS_MAX */
};

/* Sends nothing yet. -EINVAL: the request cannot be written (a name or key that is none);
 * -EMSGSIZE, -ENOMEM. */
int exchange_start(const struct exchange_question *question, int64_t now, struct exchange **ret);

/* Does what can be done without waiting. True once it has ended, as *ret_ending says. */
bool exchange_work(struct exchange *exchange, int64_t now, struct ending *ret_ending);

/* What it waits for: a descriptor (-1: none) and a time. */
struct pollfd exchange_pollfd(const struct exchange *exchange);
int64_t exchange_due(const struct exchange *exchange);

void exchange_free(struct exchange *exchange);

#endif
