/* SPDX-License-Identifier: MIT */
/* Packets on the provider's end of the wire, with the kernel's own time stamps. */
#ifndef TESTS_KERNEL_SNIFF_H
#define TESTS_KERNEL_SNIFF_H

#include "tests/kernel/ground.h"

/* Opens a packet socket on isp0, outside; the caller closes it. */
int sniff_open(struct ground *g);

/*
 * CLOCK_MONOTONIC nanoseconds at which the next DNS UPDATE over UDP and IPv4 arrived, 0 when none
 * does within ms.
 */
int64_t sniff_update(int fd, int ms);

#endif
