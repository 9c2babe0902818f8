/* SPDX-License-Identifier: MIT */
/* A section named like a DNS name to its records. */
#ifndef CFG_CFG_RECORD_H
#define CFG_CFG_RECORD_H

#include "cfg/build.h"

/* Adds the records of a section; name: the title's, canonical. Accounts and sources it describes
 * itself are added too. */
void cfg_record_add(struct build *build, const char *name, const struct reader_section *section);

/* Checks what [defaults] says, whether a record uses it or not. */
void cfg_record_check_defaults(struct build *build);

void cfg_record_done(struct cfg_record *record);

#endif
