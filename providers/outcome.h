/* SPDX-License-Identifier: MIT */
/* How a provider words the end of a job. */
#ifndef PROVIDERS_OUTCOME_H
#define PROVIDERS_OUTCOME_H

#include "providers/provider.h"

/* Fills *ret, with wait_ms 0. A refusal's words are followed by the command that ends the hold
 * (", then `nlddns retry NAME`") where it fits. Bytes that are not printable ASCII become '?'. */
void outcome_say(struct outcome *ret, const struct wanted *wanted, enum verdict verdict,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same end for every record of the job. why: ready text. */
void outcome_all(struct outcome *outcomes, const struct job *job, enum verdict verdict,
		 const char *why);

/* Whether the record has no end yet. */
bool outcome_is_open(const struct outcome *outcome);

/* The same end for every record of the job that has none. */
void outcome_rest(struct outcome *outcomes, const struct job *job, enum verdict verdict,
		  const char *why);

#endif
