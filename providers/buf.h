/* SPDX-License-Identifier: MIT */
/* Growing text with a cap its author must state. */
#ifndef PROVIDERS_BUF_H
#define PROVIDERS_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *text; /* NUL-terminated, or NULL while empty */
	size_t len, size, cap;
	bool failed; /* an append went past cap or memory: nothing is appended any more */
};

/* cap: the most bytes it may hold, without the NUL. */
void buf_init(struct buf *buf, size_t cap);

/* Each appends all or fails; failure is kept in buf->failed, so that only the end need be checked.
 */
void buf_add(struct buf *buf, const char *bytes, size_t len);
void buf_text(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Percent-encodes everything but RFC 3986 unreserved characters. */
void buf_urlencode(struct buf *buf, const char *text);

/* Forgets what is behind the first len bytes. */
void buf_cut(struct buf *buf, size_t len);

/* Frees it, wiped; it may be used again after buf_init. */
void buf_done(struct buf *buf);

#endif
