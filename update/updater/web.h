/* SPDX-License-Identifier: MIT */
/* An HTTP request held to its link from the first packet: the address of its host is asked for by
 * that link too. libcurl would ask by whatever route the system's resolver takes. */
#ifndef UPDATE_UPDATER_WEB_H
#define UPDATE_UPDATER_WEB_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "update/updater/dns.h"
#include "update/updater/http.h"

struct web_call;

/* As http_start; options are borrowed too, their addrs not looked at. */
struct web_call *web_start(struct http *http, const struct request *request,
			   const struct http_options *options, int64_t now);

/* Does what can be done without waiting. True once the call has ended, as *ret_ending says. */
bool web_work(struct web_call *call, int64_t now, struct ending *ret_ending);

/* What it waits for beside HTTP: descriptors (how many is returned), and a time. */
size_t web_pollfds(const struct web_call *call, struct pollfd ret[static DNS_FDS_MAX]);
int64_t web_due(const struct web_call *call);

/* As http_look. */
void web_look(struct web_call *call);

/* Ends it at once, whatever it was doing. */
void web_free(struct web_call *call);

#endif
