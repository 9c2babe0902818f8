/* SPDX-License-Identifier: MIT */
/* What of a job nobody is to read, where a server sends it back in its words. */
#ifndef PROVIDERS_SECRETS_H
#define PROVIDERS_SECRETS_H

#include "providers/provider.h"
#include "providers/span.h"

/* Whether the words have the secret in them, or are a part of it; in any case of letters. */
bool secrets_tell(struct span words, const char *secret);

/* The same, of any of the job's secret settings, or what was made of one. */
bool secrets_tell_any(const struct job *job, struct span words);

#endif
