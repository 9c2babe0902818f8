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
#include "cfg/bundle.h"
#include "cfg/places.h"
#include "cfg/slurp.h"

#define SUFFIX      ".conf"
#define SUFFIX_LEN  (sizeof(SUFFIX) - 1)
#define SHIPPED     "providers.conf"
#define WORD        "service"
#define WORD_LEN    (sizeof(WORD) - 1)
#define ENTRIES_MAX 4096

/* What a service may be called: it may be the name of a file, too. */
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

static int try_place(const char *folder, const char *rest, char **ret)
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

int catalog_shipped(char **ret)
{
	char self[PATH_MAX], *slash;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int error = -ENOENT;

	if (len > 0) {
		self[len] = '\0';
		slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
		error = try_place(self, "/" SHIPPED, ret);
		if (error == -ENOENT)
			error = try_place(self, "/../share/nlddns/" SHIPPED, ret);
	}
	if (error != -ENOENT)
		return error;
	*ret = strdup(PLACES_DATA "/" SHIPPED);
	return *ret ? 0 : -ENOMEM;
}

/* part: NULL for all of the file. */
static int fill(struct catalog_entry *entry, const char *name, size_t len, const char *path,
		const struct reader_part *part)
{
	entry->name = strndup(name, len);
	entry->path = strdup(path);
	if (entry->name && entry->path) {
		entry->part = part ? *part : (struct reader_part){0};
		return 0;
	}
	catalog_forget(entry);
	return -ENOMEM;
}

void catalog_forget(struct catalog_entry *entry)
{
	free(entry->name);
	free(entry->path);
	*entry = (struct catalog_entry){0};
}

static int find_own(const char *folder, const char *name, struct catalog_entry *ret)
{
	char *path;
	int error = -ENOENT;

	if (asprintf(&path, "%s/%s" SUFFIX, folder, name) < 0)
		return -ENOMEM;
	if (access(path, F_OK) == 0)
		error = fill(ret, name, strlen(name), path, NULL);
	free(path);
	return error;
}

/* One service that is looked for in the file that came with nlddns. */
struct search {
	const char *path, *name;
	struct catalog_entry *found;
};

static int take_wanted(void *user, const char *name, size_t len, const struct reader_part *part)
{
	struct search *search = user;

	if (strlen(search->name) != len || memcmp(search->name, name, len) != 0)
		return 0;
	return fill(search->found, name, len, search->path, part) ? -ENOMEM : 1;
}

static int find_shipped(const char *name, struct catalog_entry *ret)
{
	struct search search = {.name = name, .found = ret};
	char *path;
	int status = catalog_shipped(&path);

	if (status)
		return status;
	search.path = path;
	status = bundle_each(path, take_wanted, &search);
	free(path);
	if (status < 0)
		return status;
	return status > 0 ? 0 : -ENOENT;
}

int catalog_find(const char *own_folder, const char *name, struct catalog_entry *ret)
{
	int error;

	if (!is_name(name, strlen(name)))
		return -EINVAL;
	error = find_own(own_folder, name, ret);
	return error == -ENOENT ? find_shipped(name, ret) : error;
}

/* [service NAME] says no more than [service]. */
static void shorten(struct reader *part, const char *name, struct faults *faults)
{
	const struct reader_section *first = NULL;

	for (size_t i = 0; i < part->n_sections; i++) {
		struct reader_section *section = &part->sections[i];

		if (strncmp(section->title, WORD " ", WORD_LEN + 1) == 0 &&
		    strcmp(section->title + WORD_LEN + 1, name) == 0)
			section->title[WORD_LEN] = '\0';
		if (strcmp(section->title, WORD) != 0)
			continue;
		if (first)
			faults_add(faults, section->at, "[" WORD "] is already in line %d",
				   first->at.line);
		first = section;
	}
}

static int load(struct reader *reader, const struct catalog_entry *entry, struct faults *faults)
{
	int error = entry->part.line ? reader_load_part(reader, entry->path, &entry->part, faults)
				     : reader_load(reader, entry->path, faults);

	if (!error)
		shorten(reader, entry->name, faults);
	return error;
}

int catalog_read(struct reader *reader, const struct catalog_entry *entry, struct faults *faults,
		 struct cfg_service **ret)
{
	/* The file joins those of the configuration, its sections stay apart. */
	struct reader part = {.files = reader->files, .n_files = reader->n_files};
	struct cfg_service *service = calloc(1, sizeof(*service));
	int error = service ? load(&part, entry, faults) : -ENOMEM;

	reader->files = part.files;
	reader->n_files = part.n_files;
	if (!error) {
		cfg_service_make(&part, entry->name, entry->path, faults, service);
		service->line = entry->part.line;
	}
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

/* A line as a person writes it: blanks around =, an empty line above a section. */
static void print_line(const char *line, size_t len, FILE *to)
{
	const char *equals = memchr(line, '=', len);
	int key_len = equals ? (int)(equals - line) : 0;

	if (line[0] == '[')
		(void)fprintf(to, "\n%.*s\n", (int)len, line);
	else if (key_len > 0 && line[0] != '#' && equals[-1] != ' ')
		(void)fprintf(to, "%.*s = %.*s\n", key_len, line, (int)len - key_len - 1,
			      equals + 1);
	else if (len > 0)
		(void)fprintf(to, "%.*s\n", (int)len, line);
}

/* The name of a file of one's own is told by its own name: [service NAME] becomes [service]. */
static int print_part(const char *text, const char *name, FILE *to)
{
	size_t len = strlen(name);

	if (strncmp(text, "[" WORD " ", WORD_LEN + 2) != 0 ||
	    strncmp(text + WORD_LEN + 2, name, len) != 0 || text[WORD_LEN + 2 + len] != ']')
		return -ESTALE; /* replaced by another, just now */
	(void)fputs("[" WORD "]\n", to);
	for (text = strchr(text, '\n'); text && text[1]; text = strchr(text, '\n')) {
		text++;
		print_line(text, strcspn(text, "\n"), to);
	}
	return 0;
}

int catalog_print(const struct catalog_entry *entry, FILE *to)
{
	struct slurp slurp;
	int error = entry->part.line
			    ? slurp_part(entry->path, entry->part.begin, entry->part.len, &slurp)
			    : slurp_file(entry->path, READER_FILE_MAX, &slurp);

	if (error)
		return error;
	if (entry->part.line)
		error = print_part(slurp.bytes, entry->name, to);
	else
		(void)fwrite(slurp.bytes, 1, slurp.len, to);
	slurp_done(&slurp);
	return error;
}

static int compare(const void *a, const void *b)
{
	const struct catalog_entry *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	/* one's own before what came with nlddns, the first there before the next */
	return order ? order : (x->part.line > y->part.line) - (x->part.line < y->part.line);
}

static int add_entry(struct catalog_list *list, const char *name, size_t len, const char *path,
		     const struct reader_part *part)
{
	struct catalog_entry *entry = array_add(&list->entries, &list->n, sizeof(*entry));
	int error = entry ? fill(entry, name, len, path, part) : -ENOMEM;

	if (entry && error)
		list->n--;
	return error;
}

/* The files of a folder; one that is not there has none. */
static int add_folder(const char *folder, struct catalog_list *list)
{
	DIR *dir = opendir(folder);
	struct dirent *file;
	int error = 0;

	while (dir && !error && list->n < ENTRIES_MAX && (file = readdir(dir))) {
		size_t len = strlen(file->d_name);
		char *path;

		if (len <= SUFFIX_LEN || strcmp(file->d_name + len - SUFFIX_LEN, SUFFIX) != 0 ||
		    !is_name(file->d_name, len - SUFFIX_LEN))
			continue;
		if (asprintf(&path, "%s/%s", folder, file->d_name) < 0)
			error = -ENOMEM;
		else {
			error = add_entry(list, file->d_name, len - SUFFIX_LEN, path, NULL);
			free(path);
		}
	}
	if (dir)
		closedir(dir);
	return error;
}

struct listing {
	struct catalog_list *list;
	const char *path;
};

static int take_any(void *user, const char *name, size_t len, const struct reader_part *part)
{
	struct listing *listing = user;

	if (!is_name(name, len) || listing->list->n == ENTRIES_MAX)
		return 0;
	return add_entry(listing->list, name, len, listing->path, part);
}

static int add_shipped(struct catalog_list *list)
{
	struct listing listing = {.list = list};
	char *path;
	int error = catalog_shipped(&path);

	if (error)
		return error;
	listing.path = path;
	error = bundle_each(path, take_any, &listing);
	free(path);
	if (error != -ENOMEM)
		list->unread = error;
	return error == -ENOMEM ? error : 0;
}

int catalog_list(const char *own_folder, struct catalog_list *ret)
{
	struct catalog_list list = {0};
	size_t kept = 0;
	int error = add_folder(own_folder, &list);

	if (!error)
		error = add_shipped(&list);
	if (error) {
		catalog_list_done(&list);
		return error;
	}
	if (list.n > 0)
		qsort(list.entries, list.n, sizeof(*list.entries), compare);
	for (size_t i = 0; i < list.n; i++) {
		if (kept > 0 && strcmp(list.entries[kept - 1].name, list.entries[i].name) == 0)
			catalog_forget(&list.entries[i]);
		else
			list.entries[kept++] = list.entries[i];
	}
	list.n = kept;
	*ret = list;
	return 0;
}

void catalog_list_done(struct catalog_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		catalog_forget(&list->entries[i]);
	free(list->entries);
	*list = (struct catalog_list){0};
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

/* Whether it has the alias. One that is wrong has none. */
static bool answers_to(const struct catalog_entry *entry, const char *alias)
{
	struct cfg_service *service = NULL;
	struct reader reader = {0};
	struct faults faults = {0};
	bool found = false;

	if (catalog_read(&reader, entry, &faults, &service) == 0)
		found = catalog_has_alias(service, alias);
	catalog_free(service);
	reader_done(&reader);
	faults_done(&faults);
	return found;
}

int catalog_resolve(const char *own_folder, const char *alias, char **ret_name)
{
	struct catalog_list list;
	int error = catalog_list(own_folder, &list);

	if (error)
		return error;
	error = -ENOENT;
	for (size_t i = 0; i < list.n && error == -ENOENT; i++) {
		const char *name = list.entries[i].name;

		if (strcasecmp(name, alias) != 0 && !answers_to(&list.entries[i], alias))
			continue;
		*ret_name = strdup(name);
		error = *ret_name ? 0 : -ENOMEM;
	}
	catalog_list_done(&list);
	return error;
}
