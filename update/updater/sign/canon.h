/* SPDX-License-Identifier: MIT */
/* The canonical request of AWS's family of signatures: method, path, query, headers, their names,
 * and the digest of the body, a line each. Pure. */
#ifndef UPDATE_UPDATER_SIGN_CANON_H
#define UPDATE_UPDATER_SIGN_CANON_H

#include "update/updater/sign/mac.h"
#include "update/updater/sign/signing.h"

struct canon {
	const char *const *names; /* of headers that are signed, if they are there; lower case,
				   * sorted, NULL behind */
	bool slash;               /* the path is signed as if it ended with one */
	bool twice;               /* the path is signed percent-encoded once more */
	bool lower;               /* headers are signed in lower case */
};

/* Appends the names of headers that are there, with a ; between. */
void canon_names(const struct signing *signing, const struct canon *canon, struct buf *to);

/* The SHA-256 of the canonical request, in hex; and of the body alone. */
void canon_add(const struct signing *signing, const struct canon *canon, struct buf *to);
void canon_add_body(const struct signing *signing, struct buf *to);

/* Appends the query as it is signed. */
void canon_query(const struct signing *signing, struct buf *to);

#endif
