/* SPDX-License-Identifier: MIT */
/* An array that grows by one element at a time. */
#ifndef CFG_ARRAY_H
#define CFG_ARRAY_H

#include <stddef.h>

/* list: address of the array's pointer (NULL while *n is 0), of elements of size bytes. Returns the
 * new zeroed element, counted in *n, or NULL: no memory, nothing changed. Elements may move. */
void *array_add(void *list, size_t *n, size_t size);

/* Adds a copy of text. 0 or -ENOMEM. */
int array_add_text(char ***list, size_t *n, const char *text);

/* Frees the texts and the array. */
void array_free_texts(char **list, size_t n);

#endif
