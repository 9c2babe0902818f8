/* SPDX-License-Identifier: MIT */
/* The request that would be made for a name, without its secrets: made by the provider itself, of
 * settings in which each secret is the word HIDDEN. */
#ifndef UPDATE_CTL_PREVIEW_H
#define UPDATE_CTL_PREVIEW_H

#include "cfg/cfg.h"
#include "netwatch/snapshot.h"

#define PREVIEW_TEXT_MAX 131072

/* Appends the first request for the records of this name and its account, a line each, with the
 * addresses that would be published now; for a family that has none, with one for documentation:
 * *ret_invented. False: no request is made, and what is appended says why. */
bool preview_write(const struct cfg *cfg, const struct cfg_record *record,
		   const struct snapshot *snapshot, bool *ret_invented, struct buf *to);

/* Prints it. */
bool preview_print(const struct cfg *cfg, const struct cfg_record *record,
		   const struct snapshot *snapshot);

/* Whether that of an earlier record is the same. */
bool preview_is_repeated(const struct cfg *cfg, const struct cfg_record *record,
			 const struct snapshot *snapshot);

#endif
