/* SPDX-License-Identifier: MIT */
/* Reads one regular file, and forgets it thoroughly. */
#ifndef CFG_SLURP_H
#define CFG_SLURP_H

#include <stddef.h>
#include <sys/types.h>

struct slurp {
	char *bytes; /* owned; NUL-terminated behind len, and may hold more NULs */
	size_t len;
	mode_t mode; /* permission bits, of the file that was read */
	uid_t owner;
};

/* cap: the most bytes it may have. -EFBIG: it has more; -EISDIR, -ENXIO: not a regular file; else
 * the reason it cannot be read. Never waits (FIFOs). */
int slurp_file(const char *path, size_t cap, struct slurp *ret);

/* The same of a part: at most len bytes from begin. */
int slurp_part(const char *path, size_t begin, size_t len, struct slurp *ret);

/* What a negative errno of slurp_file means, for a person. */
const char *slurp_why(int error);

/* Wipes. A zeroed one is fine. */
void slurp_done(struct slurp *slurp);

#endif
