/* SPDX-License-Identifier: MIT */
/* Configuration by variables NLDDNS_*, as containers have it: NLDDNS_NAME is a record with a
 * section of its own, NLDDNS_2_NAME another, and NLDDNS_KEY, NLDDNS_2_KEY are their keys; those of
 * [nlddns] count with or without a record. To a hook, NLDDNS_* tell something else: where there is
 * NLDDNS_EVENT nothing is configuration. */
#ifndef CFG_ENVIRONMENT_H
#define CFG_ENVIRONMENT_H

#include <stdbool.h>

#include "cfg/faults.h"
#include "cfg/reader.h"

/* Whether there is a record; else the keys of records are no matter of ours. env: as environ. */
bool environment_has_record(char *const *env);

/* Adds what is there, behind the files: each variable is a file of its own name to the faults. A
 * key of [nlddns] replaces that of a file. */
void environment_read(struct reader *reader, char *const *env, struct faults *faults);

/* The value of a key of [nlddns]; NULL: there is none. */
const char *environment_daemon(char *const *env, const char *key);

#endif
