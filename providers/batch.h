/* SPDX-License-Identifier: MIT */
/* Records that go in one UPDATE message (RFC 2136), and what its answer means for them. */
#ifndef PROVIDERS_BATCH_H
#define PROVIDERS_BATCH_H

#include "providers/provider.h"

#define BATCH_MAX 16

struct batch {
	struct wanted list[BATCH_MAX];
	uint8_t places[BATCH_MAX]; /* of each in the job */
	size_t n;
};

/* Adds record i of the job; there is room for it. */
void batch_add(struct batch *batch, const struct job *job, size_t i);

enum batch_end {
	BATCH_ENDED,      /* all of its records have their end */
	BATCH_PART,       /* refused, perhaps for one of its names: each is to be tried alone */
	BATCH_DISTRUSTED, /* the answer is not signed by our key: it says nothing */
};

/* Reads the answer of a server (its address, to be told). */
enum batch_end batch_take(const struct batch *batch, const struct job *job,
			  const struct reply *reply, const char *server, struct outcome *outcomes);

#endif
