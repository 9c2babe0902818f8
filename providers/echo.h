/* SPDX-License-Identifier: MIT */
/* The address a dyndns2 server says it has set. */
#ifndef PROVIDERS_ECHO_H
#define PROVIDERS_ECHO_H

#include "providers/words.h"

/* Compares the addresses in a line, behind its confirming word, with those sent (NULL: none of
 * that type). Where they contradict *answer, which is about a record of this type, it becomes one
 * that does not confirm. */
void echo_check(struct span line, const char *const sent[RECORD_TYPE_COUNT], enum record_type type,
		struct answer *answer);

#endif
