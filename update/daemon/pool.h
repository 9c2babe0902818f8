/* SPDX-License-Identifier: MIT */
/* Values that many hold alike: addresses, reasons. Each is kept once, and never changes. Pure. */
#ifndef UPDATE_DAEMON_POOL_H
#define UPDATE_DAEMON_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct pool;

/* Empty. NULL: no memory. */
struct pool *pool_new(void);
void pool_free(struct pool *pool);

/* The pool's own copy of len bytes, the same for all who keep the same: valid until a sweep finds
 * it unmarked. NULL: no memory. */
const void *pool_keep(struct pool *pool, const void *bytes, size_t len);

/* Of a text. "out of memory": as it says. */
const char *pool_text(struct pool *pool, const char *text);

/* Values have come since the last sweep, and as many again as it left. */
bool pool_is_full(const struct pool *pool);

/* Somebody holds this value, if it is one of the pool's. */
void pool_mark(struct pool *pool, const void *bytes, size_t len);

/* Forgets what is not marked, and the marks. */
void pool_sweep(struct pool *pool);

#endif
