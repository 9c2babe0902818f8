/* SPDX-License-Identifier: MIT */
/* What malloc keeps for itself; only that of glibc lets it be told. */
#ifndef UPDATE_DAEMON_ARENA_H
#define UPDATE_DAEMON_ARENA_H

#include <stdlib.h>

#ifdef __GLIBC__

#include <malloc.h>

/* Little stays allocated for long: what is freed goes back, and nothing is kept for threads. */
static inline void arena_tune(void)
{
	mallopt(M_MMAP_THRESHOLD, 32768);
	mallopt(M_TRIM_THRESHOLD, 16384);
	mallopt(M_TOP_PAD, 4096);
}

/* Gives back what is free. */
static inline void arena_trim(void)
{
	malloc_trim(0);
}

#else

static inline void arena_tune(void)
{
}

static inline void arena_trim(void)
{
}

#endif
#endif
