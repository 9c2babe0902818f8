/* SPDX-License-Identifier: MIT */
/* Whether something shows that this machine is online although a source has lost its address, so
 * that the address is really gone and not only out of sight. Pure. */
#ifndef UPDATE_DAEMON_PROOF_H
#define UPDATE_DAEMON_PROOF_H

#include "netwatch/choose.h"

/* Another family, or another link than `lost`, has an address that can reach the internet and a way
 * out. lost: the name of the link that the source published from; "": not known, so that no link
 * the rule asks for counts in its family. A tunnel shows nothing: it is up without what it goes
 * through. */
bool proof_of_life(const struct snapshot *snapshot, const struct rule *rule, const char *lost);

#endif
