/* SPDX-License-Identifier: MIT */
/* Messages of another process that pretend to be the kernel's. */
#ifndef TESTS_KERNEL_FORGE_H
#define TESTS_KERNEL_FORGE_H

#include "tests/kernel/ground.h"

struct nlmsghdr;

/* To the netlink socket with that port number, inside. */
void forge_unicast(struct ground *g, unsigned port, const struct nlmsghdr *nlh);

/* To all who have joined a group (RTNLGRP_*), inside. */
void forge_multicast(struct ground *g, unsigned group, const struct nlmsghdr *nlh);

#endif
