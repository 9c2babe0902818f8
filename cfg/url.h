/* SPDX-License-Identifier: MIT */
/* Hosts and URLs as they may be configured. */
#ifndef CFG_URL_H
#define CFG_URL_H

#include <stdbool.h>

/* A DNS name or an IPv4 or IPv6 address, bare. NULL: fine; else what is wrong with it, static. */
const char *url_check_host(const char *text);

/* https://host[:port][/path][?query] (RFC 3986), without user information and fragment; plaintext:
 * http:// too. NULL: fine; else what is wrong with it, static. */
const char *url_check(const char *text, bool plaintext);

#endif
