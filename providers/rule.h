/* SPDX-License-Identifier: MIT */
/* The language of replies: when a rule of a service holds.
 *
 *   rule      = condition *( ("and" | "|") condition ) [ "wait" DURATION ] [ "--" WORDS ]
 *   condition = "status" NNN | "status" NNN-NNN | "status" Nxx
 *             | "token" TEXT      the first word of the reply
 *             | "line" TEXT       a whole line of it
 *             | "body" TEXT       all of it
 *             | "empty"           nothing in it
 *             | ("json" | "xml") POINTER [ ("=" | "!=") TEXT ]
 *
 * "and" binds closer than "|". TEXT is a word, or anything between quotes; upper and lower case are
 * the same; placeholders are filled in, an address matches however it is spelled, and a * that does
 * not come first stands for any text. A POINTER is that of RFC 6901. */
#ifndef PROVIDERS_RULE_H
#define PROVIDERS_RULE_H

#include "providers/scope.h"

/* NULL: it can be understood; else what is wrong with it, static. */
const char *rule_check(const struct service *service, const struct service_rule *rule);

/* How many conditions stand between its |. */
size_t rule_count(const struct service_rule *rule);

/* Which of them holds first, counted from 0; -1: none, so that it says nothing. body: the reply's,
 * without what is not text in it. DONE and UNCHANGED hold for status 2xx only, unless they name
 * another. */
int rule_which(const struct service_rule *rule, const struct scope *scope,
	       const struct reply *reply, struct span body);

/* How long it says to wait; 0: nothing. */
int64_t rule_wait_ms(const struct service_rule *rule);

/* What it says to the person; empty: nothing. */
struct span rule_words(const struct service_rule *rule);

#endif
