/* SPDX-License-Identifier: MIT */
/* What HTTP requests share: connections, and the addresses of hosts. */
#ifndef UPDATE_UPDATER_SHARE_H
#define UPDATE_UPDATER_SHARE_H

#include <curl/curl.h>
#include <net/if.h>
#include <stdint.h>

struct share {
	CURLSH *handle;
	unsigned refs;
	uint32_t way;
	char bind[IF_NAMESIZE]; /* "": any link */
};

/* A new reference to *latest, where that is of this way and link (NULL: any), or to one that takes
 * its place: libcurl does not know which link a connection is bound to. NULL: no memory. */
struct share *share_take(struct share **latest, uint32_t way, const char *bind);

/* Of addresses only, for one request that was given them. NULL: no memory. */
struct share *share_alone(void);

/* With the last reference its connections end. NULL is fine. */
void share_drop(struct share *share);

#endif
