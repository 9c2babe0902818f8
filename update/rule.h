/* SPDX-License-Identifier: MIT */
/* What a configured source asks for, in the terms of netwatch: the one translation, so that the
 * daemon and `nlddns explain` cannot differ in it. */
#ifndef UPDATE_RULE_H
#define UPDATE_RULE_H

#include "cfg/cfg.h"
#include "netwatch/choose.h"

/* The family of the addresses a record of this type holds. */
enum family rule_family(enum record_type type);

/* Fills *ret, which borrows from source. A match of the other family does not restrict this one; a
 * match "::1234:5678" (no prefix length) compares the host part, the last 64 bits, or more if more
 * are set. A host is one for IPv6 only. -EINVAL: the match or a class is not what cfg lets through;
 * *ret untouched. */
int rule_make(const struct cfg_source *source, enum record_type type, struct rule *ret);

#endif
