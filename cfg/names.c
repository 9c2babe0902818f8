/* SPDX-License-Identifier: MIT */
#include "cfg/names.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

struct spot {
	const char *name;
	size_t value;
};

static int compare(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int names_add(struct names *names, const char *name, size_t value)
{
	struct spot *entry = malloc(sizeof(*entry)), **node;

	if (!entry)
		return -ENOMEM;
	*entry = (struct spot){name, value};
	node = tsearch(entry, &names->root, compare);
	if (node && *node == entry)
		return 0;
	free(entry);
	return node ? -EEXIST : -ENOMEM;
}

bool names_find(const struct names *names, const char *name, size_t *ret)
{
	const struct spot key = {.name = name};
	struct spot **node = tfind(&key, &names->root, compare);

	if (node)
		*ret = (*node)->value;
	return node;
}

void names_done(struct names *names)
{
	tdestroy(names->root, free);
	names->root = NULL;
}
