/* SPDX-License-Identifier: MIT */
/* Where each of many names stands. */
#ifndef CFG_NAMES_H
#define CFG_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed: empty. */
struct names {
	void *root;
};

/* name is borrowed until names_done. -EEXIST: it is there already. -ENOMEM. */
int names_add(struct names *names, const char *name, size_t value);

/* False: it is not there; *ret untouched. */
bool names_find(const struct names *names, const char *name, size_t *ret);

void names_done(struct names *names);

#endif
