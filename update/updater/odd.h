/* SPDX-License-Identifier: MIT */
/* Addresses that somebody else must have put where ours should be. */
#ifndef UPDATE_UPDATER_ODD_H
#define UPDATE_UPDATER_ODD_H

#include "providers/provider.h"

/* As address_odd of providers/provider.h has it; classes of addresses are those of netwatch/addr.h.
 * What is no address is odd. */
bool odd_address(const struct wanted *wanted, const char *address);

#endif
