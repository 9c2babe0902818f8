/* SPDX-License-Identifier: MIT */
/* What the makers of a configuration share while sections become accounts, sources and records. */
#ifndef CFG_BUILD_H
#define CFG_BUILD_H

#include "cfg/cfg.h"
#include "cfg/faults.h"
#include "cfg/names.h"
#include "cfg/reader.h"

#define BUILD_NONE SIZE_MAX /* an index: there is none, and faults say why */

struct build {
	struct cfg *cfg;
	struct reader *reader;
	char *providers; /* the folder of service files beside the configuration */
	const struct reader_section *defaults;    /* NULL: there is no such section */
	size_t n_named_sources, n_named_accounts; /* they come first in cfg */
	bool *source_used, *account_used;         /* of the named ones */
	struct names accounts;                    /* the named ones */
	struct names records[RECORD_TYPE_COUNT];  /* by their names */
	struct faults *faults;
};

#endif
