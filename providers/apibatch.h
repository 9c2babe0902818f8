/* SPDX-License-Identifier: MIT */
/* Changes to several names of one zone that go in one request. They are gathered as their names are
 * found; where the request is refused, each name is written by itself. */
#ifndef PROVIDERS_APIBATCH_H
#define PROVIDERS_APIBATCH_H

#include "providers/apitalk.h"

/* Whether changes are gathered. */
bool apibatch_is_on(const struct apitalk *t);

/* Whether there is something to send, or the record at a place waits for it. */
bool apibatch_waits(const struct apitalk *t);
bool apibatch_has(const struct apitalk *t, size_t at);

/* Gathers a change, of the kind that the stage is. -ENOSPC: it does not fit; -EAGAIN: it is of
 * another zone than those before; -EINVAL. */
int apibatch_add(const struct apitalk *t, enum apitalk_stage stage, const struct apitext *text);

/* The record under way has all of its changes gathered. */
void apibatch_close(const struct apitalk *t);

/* Sends them. */
bool apibatch_send(const struct apitalk *t);

/* The end of all that waited. */
bool apibatch_end(const struct apitalk *t);

/* They are not done: forgets them, and gathers no more. */
bool apibatch_undo(const struct apitalk *t);

#endif
