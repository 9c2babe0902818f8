/* SPDX-License-Identifier: MIT */
/* Names in Unicode, as some APIs send back what they are asked for in ASCII. */
#ifndef PROVIDERS_IDN_H
#define PROVIDERS_IDN_H

#include "providers/span.h"

/* Whether both are the same name, label by label: in any case of ASCII letters, and where a label
 * of name begins with xn-- also as the UTF-8 that it stands for (RFC 3492). found may end with a
 * dot. */
bool idn_is_same(struct span found, const char *name);

#endif
