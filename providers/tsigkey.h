/* SPDX-License-Identifier: MIT */
/* A TSIG key (RFC 8945) as text: what tsig-keygen writes, or ALGORITHM:NAME:SECRET. */
#ifndef PROVIDERS_TSIGKEY_H
#define PROVIDERS_TSIGKEY_H

#include "providers/provider.h"

/* Longest secret: 384 bytes, three blocks of hmac-sha512. */
#define TSIGKEY_SECRET_MAX 513

struct tsigkey {
	char name[DNS_NAME_MAX];         /* lower case, no trailing dot */
	const char *algorithm;           /* "hmac-sha256" or "hmac-sha512" */
	char secret[TSIGKEY_SECRET_MAX]; /* base64 */
};

/* Reads one key. -EINVAL: *ret_why says what to do (static text, no part of the key); *ret is
 * untouched. */
int tsigkey_parse(const char *text, struct tsigkey *ret, const char **ret_why);

#endif
