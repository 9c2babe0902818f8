/* SPDX-License-Identifier: MIT */
/* The catalogue, as it is shipped. */
#ifndef TESTS_UNIT_SHIPPED_H
#define TESTS_UNIT_SHIPPED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cfg/catalog.h"

#define SHIPPED_OWN "/nonexistent" /* no files of one's own */

static inline void shipped_print(const struct reader *reader, const struct faults *faults)
{
	for (size_t i = 0; i < faults->n; i++)
		print_error("%s:%d: %s\n", reader->files[faults->list[i].at.file].path,
			    faults->list[i].at.line, faults->list[i].text);
}

/* Reads a service of the catalogue, which must be without a fault. */
static inline struct cfg_service *shipped_read_entry(const struct catalog_entry *entry)
{
	struct cfg_service *service = NULL;
	struct reader reader = {0};
	struct faults faults = {0};

	assert_int_equal(catalog_read(&reader, entry, &faults, &service), 0);
	shipped_print(&reader, &faults);
	if (faults.n > 0)
		fail_msg("%s is wrong", entry->name);
	reader_done(&reader);
	faults_done(&faults);
	return service;
}

static inline struct cfg_service *shipped_read(const char *name)
{
	struct catalog_entry entry;
	struct cfg_service *service;

	assert_int_equal(catalog_find(SHIPPED_OWN, name, &entry), 0);
	service = shipped_read_entry(&entry);
	catalog_forget(&entry);
	return service;
}

/* All services, which must be there; for catalog_list_done. */
static inline struct catalog_list shipped_list(void)
{
	struct catalog_list list;

	assert_int_equal(catalog_list(SHIPPED_OWN, &list), 0);
	assert_true(list.n > 0);
	return list;
}

#endif
