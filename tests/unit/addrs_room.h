/* SPDX-License-Identifier: MIT */
/* Where addrs_parse can leave addresses that a test keeps for a while. */
#ifndef TESTS_UNIT_ADDRS_ROOM_H
#define TESTS_UNIT_ADDRS_ROOM_H

#include "update/daemon/addrs.h"

/* Of another list each time, until a thousand more have been asked for. */
static inline struct ipaddr *addrs_room(void)
{
	static struct ipaddr rooms[1000][WANTED_ADDRS_MAX];
	static unsigned n;

	return rooms[n++ % 1000];
}

#endif
