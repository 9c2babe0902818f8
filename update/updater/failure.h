/* SPDX-License-Identifier: MIT */
/* Why an HTTP request failed: a verdict, and words that say what to do. Pure. */
#ifndef UPDATE_UPDATER_FAILURE_H
#define UPDATE_UPDATER_FAILURE_H

#include <curl/curl.h>
#include <stdbool.h>

#include "providers/provider.h"

/* What is known of the request. Borrowed texts. */
struct failure {
	CURLcode result;     /* CURLE_OK: all went well but the status, which is none */
	const char *host;    /* never the rest of the URL, which may hold secrets */
	const char *bind;    /* or NULL */
	const char *ca_file; /* or NULL */
	const char *detail;  /* libcurl's own words, or "" */
	int socket_error;    /* errno of opening the socket, or 0 */
	int os_error;        /* of connecting, or 0 */
	bool too_large;      /* we gave up on the reply */
	bool plaintext;      /* http:// was allowed */
	bool resolved;       /* the host has addresses */
	bool sent;           /* the request went out */
	bool begun;          /* some of the reply came */
};

void failure_explain(const struct failure *failure, struct outcome *ret);

#endif
