/* SPDX-License-Identifier: MIT */
/* Where this system keeps the certificates it trusts. */
#ifndef UPDATE_UPDATER_STORE_H
#define UPDATE_UPDATER_STORE_H

/* One of the two is set: a file of them all, or a folder hashed by their names. */
void store_find(const char **ret_file, const char **ret_path);

#endif
