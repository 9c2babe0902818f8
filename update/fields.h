/* SPDX-License-Identifier: MIT */
/* A message as fields: any bytes but NUL, which ends each of them. Numbers are decimal. */
#ifndef UPDATE_FIELDS_H
#define UPDATE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fields_out {
	char *bytes;
	size_t len, size;
	bool failed; /* there was no room: nothing is put any more */
};

void fields_put(struct fields_out *to, const char *text);
void fields_put_number(struct fields_out *to, int64_t number);

/* What is still to be taken. */
struct fields_in {
	const char *at;
	size_t left;
};

/* The next one, where it is; NULL: there is none, or none that is ended. */
const char *fields_take(struct fields_in *from);

/* One of digits alone, which is no more than most (at most INT64_MAX / 10 - 1). -EBADMSG. */
int fields_take_number(struct fields_in *from, int64_t most, int64_t *ret);

#endif
