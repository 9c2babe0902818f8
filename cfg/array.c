/* SPDX-License-Identifier: MIT */
#include "cfg/array.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *array_add(void *list, size_t *n, size_t size)
{
	char *old, *elements;

	memcpy(&old, list, sizeof(old));
	elements = old;
	/* Powers of two are where it is full. */
	if ((*n & (*n - 1)) == 0) {
		elements = reallocarray(old, *n ? *n * 2 : 1, size);
		if (!elements)
			return NULL;
		memcpy(list, &elements, sizeof(elements));
	}
	memset(elements + *n * size, 0, size);
	return elements + (*n)++ * size;
}

int array_add_text(char ***list, size_t *n, const char *text)
{
	char *copy = strdup(text);
	char **element = copy ? array_add(list, n, sizeof(*element)) : NULL;

	if (!element) {
		free(copy);
		return -ENOMEM;
	}
	*element = copy;
	return 0;
}

void array_free_texts(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}
