/* SPDX-License-Identifier: MIT */
/* Gathers all that is wrong with a configuration, sorted by place, while reading goes on. */
#ifndef CFG_FAULTS_H
#define CFG_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "cfg/cfg.h"

#define FAULTS_MAX 100 /* kept; of the others only the number */

/* Where something is written. */
struct place {
	size_t file; /* in order of reading */
	int line;    /* 0: the file as a whole */
};

struct fault {
	struct place at;
	bool warning;
	char text[240];
};

/* Zeroed: none. */
struct faults {
	struct fault *list; /* sorted by place, then by when they were added */
	size_t n;
	size_t more;    /* not kept */
	bool fatal;     /* not only warnings */
	bool no_memory; /* something could not be kept at all */
};

/* The same text at the same place counts once. Control characters come out as '?'. Callers never
 * put a secret into the text. */
void faults_add(struct faults *faults, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void faults_warn(struct faults *faults, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Copies them out with the names of their files. -ENOMEM: *ret untouched. */
int faults_list(const struct faults *faults, char *const *files, struct cfg_errors *ret);

void faults_done(struct faults *faults);

#endif
