/* SPDX-License-Identifier: MIT */
/* Whom a URL leads to. Pure. */
#ifndef UPDATE_UPDATER_URL_H
#define UPDATE_UPDATER_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "providers/provider.h"

struct url {
	char host[DNS_NAME_MAX]; /* as written; an IPv6 address in brackets */
	uint16_t port;           /* the scheme's where none is written */
	bool is_address;         /* host is one: there is nothing to resolve */
};

/* -EINVAL: not a URL of a host; -ENOMEM. */
int url_parse(const char *text, struct url *ret);

#endif
