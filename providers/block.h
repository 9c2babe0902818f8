/* SPDX-License-Identifier: MIT */
/* The marked block of a hosts file: lines "address name", and every byte around it kept. */
#ifndef PROVIDERS_BLOCK_H
#define PROVIDERS_BLOCK_H

#include "providers/span.h"

#define BLOCK_FILE_MAX REPLY_BODY_MAX

/* One line of the block; one that is not "address name" has type -1 and is kept as it is. */
struct block_entry {
	struct span line, address, name;
	int type; /* enum record_type, or -1 */
	unsigned char bytes[16];
};

/* A file around and in its block. Borrows from the file's text and from what was put in. */
struct block {
	struct span before; /* up to the block's first line, its BEGIN mark included */
	struct span after;  /* from its END mark */
	struct block_entry *entries;
	size_t n_entries;
	bool exists;
};

/* What is wrong with a file over BLOCK_FILE_MAX. */
extern const char block_too_large[];

/* Reads a file; room: for how many addresses more. -EINVAL: not a file to be changed, -ENOMEM;
 * *ret_why (static text) says which and what to do, *ret is untouched. */
int block_read(const char *text, size_t len, size_t room, struct block *ret, const char **ret_why);

/* Has the record exactly the addresses wanted? */
bool block_has(const struct block *block, const struct wanted *wanted);

/* Makes it so. */
void block_replace(struct block *block, const struct wanted *wanted);

/* Sorts the block and writes the whole file, the block at its end if there was none. */
void block_write(struct block *block, struct buf *body);

void block_done(struct block *block);

#endif
