/* SPDX-License-Identifier: MIT */
/* Where addresses come from: [source NAME], or a record's own keys. */
#ifndef CFG_CFG_SOURCE_H
#define CFG_CFG_SOURCE_H

#include "cfg/build.h"

/* Adds that of a [source NAME]. */
void cfg_source_add_named(struct build *build, const char *name,
			  const struct reader_section *section);

/* The source that the keys of section (NULL: none) and defaults describe; one for all that
 * describe the same. Returns its index in cfg. */
size_t cfg_source_add(struct build *build, const struct reader_section *section);

/* The source of that name; BUILD_NONE: faults say so. */
size_t cfg_source_find(struct build *build, const char *name, struct place at);

void cfg_source_done(struct cfg_source *source);

#endif
