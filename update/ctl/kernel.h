/* SPDX-License-Identifier: MIT */
/* The command's own reading of the kernel, through libnl: every link, its addresses, the ways out.
 * Shares no code with netwatch's reading, so that one can be held against the other. */
#ifndef UPDATE_CTL_KERNEL_H
#define UPDATE_CTL_KERNEL_H

#include "netwatch/snapshot.h"

#define KERNEL_LINKS_MAX     4096
#define KERNEL_ADDRESSES_MAX 16384 /* of all links together */

/* Reads all of it into *ret, which kernel_free releases. -E2BIG: more than the caps; -EAGAIN: it
 * changed faster than it could be read; -errno. Takes milliseconds, at most seconds. */
int kernel_read(struct snapshot *ret);

void kernel_free(struct snapshot *snapshot);

#endif
