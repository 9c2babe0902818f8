/* SPDX-License-Identifier: MIT */
/* A provider with its settings, from [account NAME] or from a record's own keys. */
#ifndef CFG_CFG_ACCOUNT_H
#define CFG_CFG_ACCOUNT_H

#include "cfg/build.h"

/* Adds an account with the settings of section, else of defaults (may be NULL). Returns its index
 * in cfg. */
size_t cfg_account_add(struct build *build, const char *name, const struct provider *provider,
		       const struct reader_section *section, const struct reader_section *defaults);

/* last, as cfg_account_add has just returned it; or, in its place, the one before it that says the
 * same and is no [account NAME]. */
size_t cfg_account_share(struct build *build, size_t last);

/* Adds that of an [account NAME]. */
void cfg_account_add_named(struct build *build, const char *name,
			   const struct reader_section *section);

/* The account of that name; BUILD_NONE: faults say so. */
size_t cfg_account_find(struct build *build, const char *name, struct place at);

/* Frees what it owns; wipes. */
void cfg_account_done(struct cfg_account *account);

#endif
