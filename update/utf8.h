/* SPDX-License-Identifier: MIT */
/* JSON is UTF-8; names of links, and what is said of them, are bytes. */
#ifndef UPDATE_UTF8_H
#define UPDATE_UTF8_H

#include <jansson.h>

/* text as a JSON string, to be shown: each byte that is no UTF-8 (RFC 3629) becomes U+FFFD. NULL:
 * no memory. */
json_t *utf8_json(const char *text);

#endif
