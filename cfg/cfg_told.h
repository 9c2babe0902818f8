/* SPDX-License-Identifier: MIT */
/* Who is told of a record: the keys `hook` and `notify`. */
#ifndef CFG_CFG_TOLD_H
#define CFG_CFG_TOLD_H

#include "cfg/build.h"
#include "cfg/keys.h"

#define CFG_TOLD_NOTIFY_MAX 4

/* Where these keys are written. */
struct cfg_told_places {
	struct place hook, notify;
};

/* Takes what keys say, the hook out of them; what is wrong is a fault. *ret: zeroed before, for
 * cfg_told_done. */
void cfg_told_read(struct build *build, struct keys_record *keys,
		   const struct cfg_told_places *places, struct cfg_told *ret);

/* -ENOMEM: *ret untouched. */
int cfg_told_copy(const struct cfg_told *told, struct cfg_told *ret);

/* Wipes. */
void cfg_told_done(struct cfg_told *told);

#endif
