/* SPDX-License-Identifier: MIT */
/* Digests of settings that services ask for instead of the settings: {md5:password}. */
#ifndef UPDATE_UPDATER_DIGEST_H
#define UPDATE_UPDATER_DIGEST_H

#include "providers/provider.h"

#define DIGEST_MAX 8 /* of one service */

/* The values of a job and those digests that its service asks for. */
struct digest_values {
	struct value *values; /* owned; the texts of those that came are not */
	size_t n, n_plain;
};

/* Borrows from the job. -ENOMEM; -EINVAL: more than DIGEST_MAX, or a digest that the library does
 * not know. */
int digest_make(const struct job *job, struct digest_values *ret);

/* Wipes. A zeroed one is fine. */
void digest_done(struct digest_values *values);

#endif
