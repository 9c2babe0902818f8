/* SPDX-License-Identifier: MIT */
/* Pieces of text from outside: not terminated, any bytes. Functions that take a piece off move
 * *rest behind it. */
#ifndef PROVIDERS_SPAN_H
#define PROVIDERS_SPAN_H

#include "providers/provider.h"

#define SPAN_BLANKS " \t\r"

struct span {
	const char *text;
	size_t len;
};

/* The next line, without its newline. *rest is not empty. */
struct span span_take_line(struct span *rest);

/* The next word between any of the separators; empty at the end. */
struct span span_take_word(struct span *rest, const char *separators);

/* Without SPAN_BLANKS at both ends. */
struct span span_trim(struct span span);

bool span_is(struct span span, const char *text);
bool span_is_nocase(struct span span, const char *text);

/* Writes the address it spells, 4 or 16 bytes, and returns its enum record_type. -EINVAL: none. */
int span_address(struct span span, unsigned char ret[static 16]);

#endif
