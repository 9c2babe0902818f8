/* SPDX-License-Identifier: MIT */
/* The catalogue: one file a service, NAME.conf, in the folder providers beside the configuration,
 * else where nlddns installed its own. Only the file that is asked for is read. */
#ifndef CFG_CATALOG_H
#define CFG_CATALOG_H

#include "cfg/cfg_service.h"
#include "cfg/reader.h"

/* The folder that belongs to a configuration file. -ENOMEM. */
int catalog_own_folder(const char *config, char **ret);

/* The folder with the files that came with nlddns: beside the program in the build, else of the
 * prefix it is installed in. -ENOMEM. */
int catalog_shipped_folder(char **ret);

/* The path of NAME.conf. -ENOENT: there is none; -EINVAL: no service can be called so; -ENOMEM. */
int catalog_find(const char *own_folder, const char *name, char **ret_path);

/* Reads a file. reader: its path is added to the files read, for the places of faults; its sections
 * are not. The caller frees *ret, which is whole or unusable as faults say. -errno: it cannot be
 * read; faults say so. */
int catalog_read(struct reader *reader, const char *path, const char *name, struct faults *faults,
		 struct cfg_service **ret);
void catalog_free(struct cfg_service *service);

/* All names, sorted, each once; for array_free_texts. -ENOMEM. */
int catalog_names(const char *own_folder, char ***ret, size_t *ret_n);

/* Whether it is called so elsewhere; upper and lower case are the same. */
bool catalog_has_alias(const struct cfg_service *service, const char *alias);

/* The service that is called `alias` elsewhere; reads all files. Owned. -ENOENT: none. */
int catalog_resolve(const char *own_folder, const char *alias, char **ret_name);

#endif
