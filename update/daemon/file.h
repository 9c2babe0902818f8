/* SPDX-License-Identifier: MIT */
/* Whole files: read with a cap, replaced at once or not at all. */
#ifndef UPDATE_DAEMON_FILE_H
#define UPDATE_DAEMON_FILE_H

#include <stddef.h>
#include <sys/types.h>

/* The whole of a regular file, NUL-terminated, in *ret (malloc; the caller frees). -EFBIG: more
 * than cap bytes. -EINVAL: not a regular file. -ENOENT, -EACCES, ... */
int file_read(const char *path, size_t cap, char **ret, size_t *ret_len);

/* Writes PATH.new, syncs it, renames it over path, syncs the directory: after a crash path is the
 * old or the new, whole. The mode and owner of an existing file are kept (-EPERM if they cannot
 * be); mode is for a new one. Symbolic links are followed. On failure path is untouched. */
int file_replace(const char *path, const char *bytes, size_t len, mode_t mode);

/* The same piece by piece. file_commit or file_drop, which leaves path as it is, frees it. old: a
 * path for file_place alone, which file_commit removes; or NULL. */
struct file;
int file_begin(const char *path, const char *old, mode_t mode, struct file **ret);
int file_add(struct file *file, const char *bytes, size_t len);
int file_commit(struct file *file);

/* Before file_commit: renames it over path already, and syncs nothing. Whoever reads path finds the
 * new one, whole, unless the machine itself dies before file_commit is through: then it may be
 * torn, and `old` is the one that was synced last. Without `old`, or where there are no hard links,
 * it is synced at once. */
int file_place(struct file *file);
void file_drop(struct file *file);

#endif
