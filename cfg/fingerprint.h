/* SPDX-License-Identifier: MIT */
/* A number that changes when what a record sends, where to, or by whom, changes. */
#ifndef CFG_FINGERPRINT_H
#define CFG_FINGERPRINT_H

#include "cfg/cfg.h"

/* FNV-1a, 64 bits, over provider, its values, name, type, ttl, bind and the source's rule; not over
 * times of waiting, names of sections, order or comments. Not a keyed hash: it guards no secret
 * from who can guess it, and stays in the state file, which is private. */
uint64_t fingerprint_record(const struct cfg *cfg, const struct cfg_record *record);

#endif
