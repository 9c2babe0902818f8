/* SPDX-License-Identifier: MIT */
/* A file of many services: each from its line [service NAME] to the next such line. Finds where
 * they are without reading what they say. */
#ifndef CFG_BUNDLE_H
#define CFG_BUNDLE_H

#include "cfg/reader.h"

/* Of one service: its name, of len bytes before its NUL, and where it is. Nonzero: enough. */
typedef int bundle_taker(void *user, const char *name, size_t len, const struct reader_part *part);

/* Hands all of a file to take, in their order. What take returned last, if not 0; -EFBIG: more than
 * READER_FILE_MAX bytes, and some were handed over; else -errno. */
int bundle_each(const char *path, bundle_taker *take, void *user);

#endif
