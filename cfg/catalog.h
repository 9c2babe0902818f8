/* SPDX-License-Identifier: MIT */
/* The catalogue: a service is a file NAME.conf in the folder providers beside the configuration,
 * else a part of the one file that nlddns installed. Only what is asked for is read. */
#ifndef CFG_CATALOG_H
#define CFG_CATALOG_H

#include <stdio.h>

#include "cfg/cfg_service.h"
#include "cfg/reader.h"

/* The folder that belongs to a configuration file. -ENOMEM. */
int catalog_own_folder(const char *config, char **ret);

/* The file that came with nlddns: beside the program in the build, else of the prefix it is
 * installed in. -ENOMEM. */
int catalog_shipped(char **ret);

/* Where a service is written. */
struct catalog_entry {
	char *name, *path;
	struct reader_part part; /* line 0: all of the file */
};

/* -ENOENT: there is none; -EINVAL: no service can be called so; -ENOMEM; else the file that came
 * with nlddns cannot be read, as slurp_why says. For catalog_forget. */
int catalog_find(const char *own_folder, const char *name, struct catalog_entry *ret);
void catalog_forget(struct catalog_entry *entry);

/* reader: the file is added to those read, for the places of faults; its sections are not. The
 * caller frees *ret, which is whole or unusable as faults say. -errno: it cannot be read; faults
 * say so. */
int catalog_read(struct reader *reader, const struct catalog_entry *entry, struct faults *faults,
		 struct cfg_service **ret);
void catalog_free(struct cfg_service *service);

/* The text of a service, as a file of one's own has it. -errno as slurp_file; what becomes of `to`
 * is for the caller to ask of it. */
int catalog_print(const struct catalog_entry *entry, FILE *to);

/* All of them, sorted by name, each once. */
struct catalog_list {
	struct catalog_entry *entries;
	size_t n;
	int unread; /* why those that came with nlddns are not among them; see slurp_why */
};

/* -ENOMEM. */
int catalog_list(const char *own_folder, struct catalog_list *ret);
void catalog_list_done(struct catalog_list *list);

/* Whether it is called so elsewhere; upper and lower case are the same. */
bool catalog_has_alias(const struct cfg_service *service, const char *alias);

/* The service that is called `alias` elsewhere; reads all of them. Owned. -ENOENT: none. */
int catalog_resolve(const char *own_folder, const char *alias, char **ret_name);

#endif
