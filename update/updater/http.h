/* SPDX-License-Identifier: MIT */
/* The HTTP transport: a request of a provider, performed without blocking. TLS is always verified,
 * redirects are not followed. A connection serves several requests only while they come one upon
 * the other, by the same way. */
#ifndef UPDATE_UPDATER_HTTP_H
#define UPDATE_UPDATER_HTTP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/provider.h"
#include "update/updater/transport.h"

#define HTTP_HEADER_MAX 32768 /* bytes of a reply's header */

struct http;      /* all that is under way */
struct http_call; /* one request */

struct http_options {
	const char *bind;    /* link to leave by, or NULL */
	const char *ca_file; /* the only certificates to trust, or NULL: the system's */
	bool plaintext;      /* http:// is allowed */
	uint32_t way;        /* requests of one way and link may share connections; 0: it may not */
	/* Of the URL's host, "" past the last of up to WANTED_ADDRS_MAX; NULL: libcurl finds them.
	 */
	const char (*addrs)[ADDRESS_MAX];
};

/* Once a process, before any other thread. NULL: no memory. */
struct http *http_new(void);
void http_free(struct http *http);

/* Makes the first TLS request as quick as the next: reads what OpenSSL reads once. */
void http_warm(struct http *http);

/* Request and options are borrowed while the call lives. A request that cannot be sent ends at the
 * next http_ended. NULL: no memory. */
struct http_call *http_start(struct http *http, const struct request *request,
			     const struct http_options *options);

/* Waits for the descriptors of all calls and the given ones, at most timeout_ms, then does what can
 * be done without waiting. */
void http_wait(struct http *http, struct pollfd *fds, size_t n, int timeout_ms);

/* No request comes for a while: ends the connections that wait for one. */
void http_rest(struct http *http);

/* True once the call has ended, as *ret_ending says. */
bool http_ended(struct http_call *call, struct ending *ret_ending);

/* Addresses of this machine may be gone: a call whose connection has one of these has failed. */
void http_look(struct http_call *call);

/* Ends it at once, whatever it was doing. */
void http_call_free(struct http_call *call);

#endif
