/* SPDX-License-Identifier: MIT */
/* The files of the catalogue, as they are shipped. */
#ifndef TESTS_UNIT_SHIPPED_H
#define TESTS_UNIT_SHIPPED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cfg/array.h"
#include "cfg/catalog.h"

#define SHIPPED_OWN "/nonexistent" /* no files of one's own */

static inline void shipped_print(const struct reader *reader, const struct faults *faults)
{
	for (size_t i = 0; i < faults->n; i++)
		print_error("%s:%d: %s\n", reader->files[faults->list[i].at.file].path,
			    faults->list[i].at.line, faults->list[i].text);
}

/* Reads a file of the catalogue, which must be without a fault. */
static inline struct cfg_service *shipped_read(const char *name)
{
	struct cfg_service *service = NULL;
	struct reader reader = {0};
	struct faults faults = {0};
	char *path = NULL;

	assert_int_equal(catalog_find(SHIPPED_OWN, name, &path), 0);
	assert_int_equal(catalog_read(&reader, path, name, &faults, &service), 0);
	shipped_print(&reader, &faults);
	if (faults.n > 0)
		fail_msg("%s is wrong", path);
	reader_done(&reader);
	faults_done(&faults);
	free(path);
	return service;
}

#endif
