/* SPDX-License-Identifier: MIT */
#include "cfg/catalog.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cfg/array.h"
#include "cfg/places.h"

#define SUFFIX     ".conf"
#define SUFFIX_LEN (sizeof(SUFFIX) - 1)
#define FILES_MAX  4096 /* in one folder */

/* What a service may be called: it is the name of a file, too. */
static bool is_name(const char *name, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";

	return len > 0 && len < SERVICE_NAME_MAX && name[0] != '.' && name[0] != '-' &&
	       strspn(name, letters) >= len;
}

int catalog_own_folder(const char *config, char **ret)
{
	const char *slash = strrchr(config, '/');

	return asprintf(ret, "%.*sproviders", slash ? (int)(slash - config) + 1 : 0, config) < 0
		       ? -ENOMEM
		       : 0;
}

static int try_folder(const char *folder, const char *rest, char **ret)
{
	char *path, *real;

	if (asprintf(&path, "%s%s", folder, rest) < 0)
		return -ENOMEM;
	real = realpath(path, NULL);
	free(path);
	if (!real)
		return errno == ENOMEM ? -ENOMEM : -ENOENT;
	*ret = real;
	return 0;
}

int catalog_shipped_folder(char **ret)
{
	char self[PATH_MAX], *slash;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int error = -ENOENT;

	if (len > 0) {
		self[len] = '\0';
		slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
		error = try_folder(self, "/catalog", ret);
		if (error == -ENOENT)
			error = try_folder(self, "/../share/nlddns/providers", ret);
	}
	if (error != -ENOENT)
		return error;
	*ret = strdup(PLACES_DATA "/providers");
	return *ret ? 0 : -ENOMEM;
}

static int try_file(const char *folder, const char *name, char **ret)
{
	char *path;

	if (asprintf(&path, "%s/%s" SUFFIX, folder, name) < 0)
		return -ENOMEM;
	if (access(path, F_OK) == 0) {
		*ret = path;
		return 0;
	}
	free(path);
	return -ENOENT;
}

int catalog_find(const char *own_folder, const char *name, char **ret_path)
{
	char *shipped = NULL;
	int error;

	if (!is_name(name, strlen(name)))
		return -EINVAL;
	error = try_file(own_folder, name, ret_path);
	if (error != -ENOENT)
		return error;
	error = catalog_shipped_folder(&shipped);
	if (!error)
		error = try_file(shipped, name, ret_path);
	free(shipped);
	return error;
}

int catalog_read(struct reader *reader, const char *path, const char *name, struct faults *faults,
		 struct cfg_service **ret)
{
	/* The file joins those of the configuration, its sections stay apart. */
	struct reader part = {.files = reader->files, .n_files = reader->n_files};
	struct cfg_service *service = calloc(1, sizeof(*service));
	int error = service ? reader_load(&part, path, faults) : -ENOMEM;

	reader->files = part.files;
	reader->n_files = part.n_files;
	if (!error)
		cfg_service_make(&part, name, path, faults, service);
	part.files = NULL;
	part.n_files = 0;
	reader_done(&part);
	if (error)
		free(service);
	else
		*ret = service;
	return error;
}

void catalog_free(struct cfg_service *service)
{
	if (!service)
		return;
	cfg_service_done(service);
	free(service);
}

static int compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* The names of files of a folder; one that is not there has none. */
static int add_folder(const char *folder, char ***list, size_t *n)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int error = 0;

	while (dir && !error && *n < FILES_MAX && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);
		char name[SERVICE_NAME_MAX];

		if (len <= SUFFIX_LEN || strcmp(entry->d_name + len - SUFFIX_LEN, SUFFIX) != 0 ||
		    !is_name(entry->d_name, len - SUFFIX_LEN))
			continue;
		(void)snprintf(name, sizeof(name), "%.*s", (int)(len - SUFFIX_LEN), entry->d_name);
		error = array_add_text(list, n, name);
	}
	if (dir)
		closedir(dir);
	return error;
}

int catalog_names(const char *own_folder, char ***ret, size_t *ret_n)
{
	char **list = NULL, *shipped = NULL;
	size_t n = 0, kept = 0;
	int error = catalog_shipped_folder(&shipped);

	if (!error)
		error = add_folder(shipped, &list, &n);
	if (!error)
		error = add_folder(own_folder, &list, &n);
	free(shipped);
	if (error) {
		array_free_texts(list, n);
		return error;
	}
	if (n > 0)
		qsort(list, n, sizeof(*list), compare);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && strcmp(list[kept - 1], list[i]) == 0)
			free(list[i]);
		else
			list[kept++] = list[i];
	}
	*ret = list;
	*ret_n = kept;
	return 0;
}

bool catalog_has_alias(const struct cfg_service *service, const char *alias)
{
	const char *list = service->service.aliases;
	size_t len = strlen(alias);

	while (list && *list) {
		size_t n = strcspn(list, " ");

		if (n == len && strncasecmp(list, alias, len) == 0)
			return true;
		list += n + strspn(list + n, " ");
	}
	return false;
}

/* Whether the file of that name has the alias. One that is wrong has none. */
static bool answers_to(const char *own_folder, const char *name, const char *alias)
{
	struct cfg_service *service = NULL;
	struct reader reader = {0};
	struct faults faults = {0};
	char *path = NULL;
	bool found = false;

	if (catalog_find(own_folder, name, &path) == 0 &&
	    catalog_read(&reader, path, name, &faults, &service) == 0)
		found = catalog_has_alias(service, alias);
	catalog_free(service);
	reader_done(&reader);
	faults_done(&faults);
	free(path);
	return found;
}

int catalog_resolve(const char *own_folder, const char *alias, char **ret_name)
{
	char **names = NULL;
	size_t n = 0;
	int error = catalog_names(own_folder, &names, &n);

	if (error)
		return error;
	error = -ENOENT;
	for (size_t i = 0; i < n && error == -ENOENT; i++) {
		if (strcasecmp(names[i], alias) != 0 && !answers_to(own_folder, names[i], alias))
			continue;
		*ret_name = strdup(names[i]);
		error = *ret_name ? 0 : -ENOMEM;
	}
	array_free_texts(names, n);
	return error;
}
