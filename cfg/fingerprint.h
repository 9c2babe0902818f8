/* SPDX-License-Identifier: MIT */
/* A number that changes when what a record sends, where to, or by whom, changes. */
#ifndef CFG_FINGERPRINT_H
#define CFG_FINGERPRINT_H

#include "cfg/cfg.h"

/* FNV-1a, 64 bits, over provider, its values, name, type, ttl, bind and the source's rule; not over
 * times of waiting, names of sections, order or comments. Secrets are in it, and it is neither
 * keyed nor cryptographic: whoever reads it can try guesses of a weak password against it. So it is
 * written nowhere but into the state file, which has mode 0600 like the configuration that holds
 * the secrets themselves. */
uint64_t fingerprint_record(const struct cfg *cfg, const struct cfg_record *record);

/* The same over provider and its values alone: whom the provider deals with. */
uint64_t fingerprint_account(const struct cfg_account *account);

#endif
