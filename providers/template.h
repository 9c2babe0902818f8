/* SPDX-License-Identifier: MIT */
/* Texts with placeholders: `a={name}` and `<&ttl={ttl}>`, which is left out, brackets and all, when
 * a placeholder in it has no value or an empty one. What a placeholder stands for is asked of a
 * scope. */
#ifndef PROVIDERS_TEMPLATE_H
#define PROVIDERS_TEMPLATE_H

#include "providers/scope.h"

enum template_kind { TEMPLATE_TEXT, TEMPLATE_PLACEHOLDER, TEMPLATE_OPEN, TEMPLATE_CLOSE };

/* A piece of a template: plain text, the name of a placeholder, or one of < and >. */
struct template_piece {
	enum template_kind kind;
	struct span span;
};

/* The next piece; *rest is not empty. A { that no name and } follow is plain text. */
struct template_piece template_take(struct span *rest);

/* Whether brackets pair and do not nest. NULL: they do; else what is wrong, static. */
const char *template_check(const char *text);

/* What placeholders stand for: appends a value. 1: it is left out where that can be; -ENOENT: it
 * has none; -EINVAL: it cannot stand here. */
struct template_source {
	int (*add)(const void *of, struct span name, enum scope_encoding encoding, struct buf *to);
	const void *of;
};

/* Appends it, filled in. -ENOENT: a placeholder outside of < and > has no value; -EINVAL: one has a
 * value that cannot stand here (a line break in a header). */
int template_fill(struct span text, const struct template_source *source,
		  enum scope_encoding encoding, struct buf *to);

/* A scope as such. Borrowed. */
struct template_source template_of(const struct scope *scope);

/* The same, of a scope. */
int template_expand(struct span text, const struct scope *scope, enum scope_encoding encoding,
		    struct buf *to);

#endif
