/* SPDX-License-Identifier: MIT */
/* A source that stands for another host of the LAN: its keys together. */
#ifndef CFG_CFG_HOST_H
#define CFG_CFG_HOST_H

#include "cfg/build.h"

/* Makes host of the suffix or mac that counts, and frees the other; with a host, presets what goes
 * with it. What makes no sense beside a host goes to faults. */
void cfg_host_settle(struct build *build, const struct reader_section *section,
		     struct cfg_source *source);

/* Whether two sources stand for the same one, or both for none. */
bool cfg_host_same(const struct cfg_host *a, const struct cfg_host *b);

#endif
