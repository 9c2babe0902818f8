/* SPDX-License-Identifier: MIT */
/* Digests and the signatures made of them, by OpenSSL, as text. Failure is kept: what a failed one
 * goes into has failed, too, so that only the end need be checked. Pure. */
#ifndef UPDATE_UPDATER_SIGN_MAC_H
#define UPDATE_UPDATER_SIGN_MAC_H

#include "providers/span.h"

#define MAC_MAX 64 /* bytes of the longest digest */

struct mac {
	unsigned char bytes[MAC_MAX];
	size_t len; /* 0: it failed */
};

/* algorithm: as OpenSSL calls it, "sha256". */
struct mac mac_digest(const char *algorithm, struct span text);
struct mac mac_hmac(const char *algorithm, struct span key, struct span text);

/* The bytes, as a key or text of the next. Borrowed. */
struct span mac_span(const struct mac *mac);

void mac_add_hex(const struct mac *mac, struct buf *to);
void mac_add_base64(struct span bytes, struct buf *to);

/* PKCS#1 v1.5 signature of the text by a private key in PEM. -EINVAL: it is no such key; -ENOMEM.
 */
int mac_rsa(const char *algorithm, struct span pem, struct span text, struct buf *to);

#endif
