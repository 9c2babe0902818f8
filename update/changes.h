/* SPDX-License-Identifier: MIT */
/* The history of changes as files: DIR/history, one line of JSON a change, which becomes
 * DIR/history.1 when it is full. */
#ifndef UPDATE_CHANGES_H
#define UPDATE_CHANGES_H

#include <jansson.h>
#include <stddef.h>

#define CHANGES_NAME     "history"
#define CHANGES_OLD_NAME "history.1"
#define CHANGES_SIZE_MAX 262144 /* bytes of each of the two */

/* Appends whole lines (len bytes, at most CHANGES_SIZE_MAX). A line that a crash has left torn
 * stays a line of its own. Makes DIR if only that is missing. -errno: nothing may be counted on. */
int changes_append(const char *dir, const char *lines, size_t len);

/* All that is kept, oldest first, as an array in *ret (the caller's). A line that is no JSON object
 * is left out. There being no file is no error. -errno: one is there and cannot be read. */
int changes_read(const char *dir, json_t **ret);

#endif
