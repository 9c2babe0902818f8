/* SPDX-License-Identifier: MIT */
/* When each of n things is due: a binary heap that knows the place of each, so that a moment can
 * be changed. Pure. */
#ifndef UPDATE_DAEMON_HEAP_H
#define UPDATE_DAEMON_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap;

/* For the things 0..n-1, none of which is due. NULL: no memory. */
struct heap *heap_new(size_t n);
void heap_free(struct heap *heap);

/* Thing i is due at `at` (ms), or, with -1, never. */
void heap_set(struct heap *heap, size_t i, int64_t at);

/* The earliest moment (ms), and whose it is; -1: nothing is due, *ret untouched. */
int64_t heap_first(const struct heap *heap, size_t *ret);

#endif
