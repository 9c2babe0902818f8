/* SPDX-License-Identifier: MIT */
/* Signatures as a row asks for them: `SCHEME word word ...`, the words being templates. What they
 * come to goes into the request; the transport signs. */
#ifndef PROVIDERS_SIGN_H
#define PROVIDERS_SIGN_H

#include <stddef.h>

#include "providers/span.h"

#define SIGN_WORDS_MAX 5
#define SIGN_TEXT_MAX  16384 /* all words, filled in: a private key is one */
#define SIGN_WHY_MAX   160

/* The scheme of such a text. *rest: its words. -EINVAL: there is none of that name. */
int sign_scheme(const char *text, enum http_scheme *ret, struct span *ret_rest);

/* The next word, as a template; empty at the end. */
struct span sign_take_word(struct span *rest);

/* Whether scheme and number of words are right. -EINVAL: why[SIGN_WHY_MAX] says what is wrong. */
int sign_check(const char *text, char *why);

/* A word of a request that is to be signed; "": there are not so many. */
const char *sign_word(const struct http_sign *sign, unsigned number);

/* As written in a row. HTTP_SCHEME_NONE: "". */
const char *sign_name(enum http_scheme scheme);

#endif
