/* SPDX-License-Identifier: MIT */
/* Names and values of a query or form, in the one way in which they are signed: sorted by name,
 * then by value, all but the unreserved characters of RFC 3986 percent-encoded. Pure. */
#ifndef UPDATE_UPDATER_SIGN_PARAMS_H
#define UPDATE_UPDATER_SIGN_PARAMS_H

#include "providers/span.h"

#define PARAMS_MAX 32

struct params {
	struct buf pairs[PARAMS_MAX]; /* encoded name=value */
	size_t n;
	bool failed; /* more than there is room or memory for */
};

void params_init(struct params *params);

/* Adds one, as it is meant. */
void params_add(struct params *params, const char *name, const char *value);

/* Adds those of a query or form, as it is sent. */
void params_parse(struct params *params, struct span text);

/* Appends them, sorted. Failure is kept in *to. */
void params_join(struct params *params, struct buf *to);

/* Wipes. */
void params_done(struct params *params);

#endif
