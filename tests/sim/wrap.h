/* SPDX-License-Identifier: MIT */
/* What the linker puts in the place of functions whose file is needed otherwise. */
#ifndef TESTS_SIM_WRAP_H
#define TESTS_SIM_WRAP_H

#include <dirent.h>
#include <stdint.h>

int64_t __wrap_clock_now(void);
int64_t __wrap_clock_wall(void);
int __wrap_scandir(const char *dir, struct dirent ***ret, int (*filter)(const struct dirent *),
		   int (*compare)(const struct dirent **, const struct dirent **));
int __wrap_access(const char *path, int mode);
int __wrap_malloc_trim(size_t pad);

#endif
