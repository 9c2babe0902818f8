/* SPDX-License-Identifier: MIT */
/* What a reply of a service says as a whole, by its rules. */
#ifndef PROVIDERS_READING_H
#define PROVIDERS_READING_H

#include "providers/scope.h"
#include "providers/words.h"

#define READING_NO_RULE (-1)

/* The reply as its rules and words are read from. */
struct reading {
	const struct reply *reply;
	struct span body;
	struct buf stripped; /* of an HTML page */
};

void reading_begin(const struct service *service, const struct reply *reply, struct reading *ret);
void reading_done(struct reading *reading);

/* The first rule that holds, with its answer; READING_NO_RULE: none, and *ret says what the reply
 * comes to without one. */
int reading_answer(const struct reading *reading, const struct scope *scope, struct answer *ret);

#endif
