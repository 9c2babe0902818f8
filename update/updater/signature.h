/* SPDX-License-Identifier: MIT */
/* Signatures of requests, as their providers ask for them, made when they are sent. Pure: the time
 * and what is never the same twice are given. */
#ifndef UPDATE_UPDATER_SIGNATURE_H
#define UPDATE_UPDATER_SIGNATURE_H

#include <stdint.h>

#include "providers/provider.h"

#define SIGNATURE_NONCE_MAX 33 /* 32 hex digits, and the NUL */

struct signature_moment {
	int64_t now_ms; /* of the wall clock, since 1970 */
	char nonce[SIGNATURE_NONCE_MAX];
};

/* Adds to an HTTP request what its scheme wants; once. One without a scheme stays as it is.
 * -EINVAL: it cannot be signed, and *ret_why says why, to go behind a colon; -ENOMEM. */
int signature_make(struct request *request, const struct signature_moment *moment,
		   const char **ret_why);

/* This moment. */
void signature_now(struct signature_moment *ret);

#endif
