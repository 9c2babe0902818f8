/* SPDX-License-Identifier: MIT */
#include "cfg/cfg.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "cfg/accepted.h"
#include "cfg/array.h"
#include "cfg/build.h"
#include "cfg/catalog.h"
#include "cfg/cfg_account.h"
#include "cfg/cfg_record.h"
#include "cfg/cfg_source.h"
#include "cfg/environment.h"
#include "cfg/keys.h"
#include "cfg/title.h"

#define MORE_DIR    "conf.d"
#define USER_MAX    32
#define USER_CHARS  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
#define CONTROL_MAX (sizeof(((struct sockaddr_un *)0)->sun_path) - 1)
#define SUFFIX      ".conf"

static int is_more(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > strlen(SUFFIX) &&
	       strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* One file of conf.d; what is wrong with it is a fault. */
static int load_more(struct reader *reader, const char *dir, const char *name,
		     struct faults *faults)
{
	char *path = NULL;
	int error;

	if (reader->n_files == READER_FILES_MAX) {
		struct place at = {.file = reader->n_files - 1};

		faults_add(faults, at, "more than %d files; this is the last one read",
			   READER_FILES_MAX);
		return 0;
	}
	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return -ENOMEM;
	error = reader_load(reader, path, faults);
	free(path);
	return error == -ENOMEM ? error : 0;
}

static int load_dir(struct reader *reader, const char *dir, struct faults *faults)
{
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, is_more, by_name);
	int error = 0;

	if (n < 0 && errno != ENOENT && errno != ENOTDIR)
		faults_add(faults, (struct place){0}, "%.120s cannot be read: %s", dir,
			   strerror(errno));
	for (int i = 0; i < n; i++) {
		if (!error)
			error = load_more(reader, dir, entries[i]->d_name, faults);
		free(entries[i]);
	}
	free(entries);
	return error;
}

/* Without the file there is a configuration, too, if a record is in the environment. */
static int load_main(struct reader *reader, const char *path, struct faults *faults)
{
	struct place at = {0};

	if (access(path, F_OK) == 0 || errno != ENOENT)
		return reader_load(reader, path, faults);
	if (reader_add_file(reader, path))
		return -ENOMEM;
	if (environment_has_record(environ))
		return 0;
	faults_add(faults, at,
		   "there is no such file: write one, or set NLDDNS_NAME and NLDDNS_PROVIDER; see "
		   "nlddns.conf(5)");
	return -ENOENT;
}

/* The file and what is beside it. */
static int load_files(struct reader *reader, const char *path, struct faults *faults)
{
	const char *slash = strrchr(path, '/');
	char *dir = NULL;
	int error = load_main(reader, path, faults);

	if (error)
		return error;
	if (asprintf(&dir, "%.*s" MORE_DIR, slash ? (int)(slash - path) + 1 : 0, path) < 0)
		return -ENOMEM;
	error = load_dir(reader, dir, faults);
	free(dir);
	return error;
}

/* Calls add for every section of a kind, in order. */
static void each_section(struct build *build, enum title_kind kind,
			 void (*add)(struct build *, const char *, const struct reader_section *))
{
	for (size_t i = 0; i < build->reader->n_sections && !build->faults->no_memory; i++) {
		const struct reader_section *section = &build->reader->sections[i];
		char name[DNS_NAME_MAX], why[TITLE_WHY_MAX];
		enum title_kind found;

		if (!title_parse(section->title, &found, name, why) && found == kind)
			add(build, name, section);
	}
}

static void check_titles(struct build *build)
{
	for (size_t i = 0; i < build->reader->n_sections; i++) {
		const struct reader_section *section = &build->reader->sections[i];
		char name[DNS_NAME_MAX], why[TITLE_WHY_MAX];
		enum title_kind kind;

		if (title_parse(section->title, &kind, name, why))
			faults_add(build->faults, section->at, "%s", why);
	}
}

static void note_defaults(struct build *build, const char *name,
			  const struct reader_section *section)
{
	(void)name;
	build->defaults = section;
}

static void fill_daemon(struct build *build, const char *name, const struct reader_section *section)
{
	struct accepted accepted = {.own = {keys_daemon}};
	struct cfg_daemon *daemon = &build->cfg->daemon;

	(void)name;
	keys_done(keys_daemon, daemon);
	*daemon = (struct cfg_daemon){0};
	accepted_check(&accepted, section, build->faults);
	keys_fill(keys_daemon, section, NULL, daemon, build->faults);
	if (daemon->user &&
	    (strlen(daemon->user) > USER_MAX || daemon->user[strspn(daemon->user, USER_CHARS)]))
		faults_add(build->faults, reader_find(section, "user")->at,
			   "`user` is the name of one user");
	if (daemon->control && strlen(daemon->control) > CONTROL_MAX)
		faults_add(build->faults, reader_find(section, "control")->at,
			   "`control` is longer than a socket's name may be (%zu bytes)",
			   CONTROL_MAX);
}

/* How many of a kind there can be, to be marked used. */
static bool *make_marks(struct build *build, size_t n)
{
	bool *marks = calloc(n + 1, sizeof(*marks));

	if (!marks)
		build->faults->no_memory = true;
	return marks;
}

static void warn_unused(struct build *build)
{
	for (size_t i = 0; i < build->reader->n_sections; i++) {
		const struct reader_section *section = &build->reader->sections[i];
		const struct cfg *cfg = build->cfg;
		char name[DNS_NAME_MAX], why[TITLE_WHY_MAX];
		bool unused = false;
		enum title_kind kind;
		size_t account;

		if (title_parse(section->title, &kind, name, why))
			continue;
		if (kind == TITLE_ACCOUNT && names_find(&build->accounts, name, &account))
			unused = !build->account_used[account];
		for (size_t j = 0; j < build->n_named_sources && kind == TITLE_SOURCE; j++)
			if (strcmp(cfg->sources[j].name, name) == 0)
				unused = !build->source_used[j];
		if (unused)
			faults_warn(build->faults, section->at, "no record uses [%s]",
				    section->title);
	}
	if (build->cfg->n_records == 0)
		faults_warn(build->faults, (struct place){0},
			    "no records: there is nothing to keep current; add a section named "
			    "like the DNS name");
}

static void build_all(struct build *build)
{
	struct cfg *cfg = build->cfg;

	check_titles(build);
	keys_fill(keys_daemon, NULL, NULL, &cfg->daemon, build->faults);
	each_section(build, TITLE_DAEMON, fill_daemon);
	each_section(build, TITLE_DEFAULTS, note_defaults);
	cfg_record_check_defaults(build);
	each_section(build, TITLE_ACCOUNT, cfg_account_add_named);
	build->n_named_accounts = cfg->n_accounts;
	for (size_t i = 0; i < cfg->n_accounts; i++)
		if (names_add(&build->accounts, cfg->accounts[i].name, i) == -ENOMEM)
			build->faults->no_memory = true;
	each_section(build, TITLE_SOURCE, cfg_source_add_named);
	build->n_named_sources = cfg->n_sources;
	build->account_used = make_marks(build, cfg->n_accounts);
	build->source_used = make_marks(build, cfg->n_sources);
	if (!build->faults->no_memory) {
		each_section(build, TITLE_RECORD, cfg_record_add);
		/* Beside errors it might only be their consequence. */
		if (!build->faults->fatal)
			warn_unused(build);
	}
	free(build->account_used);
	free(build->source_used);
	names_done(&build->accounts);
	for (size_t i = 0; i < RECORD_TYPE_COUNT; i++)
		names_done(&build->records[i]);
}

static struct cfg *make(struct reader *reader, const char *path, struct faults *faults)
{
	struct cfg *cfg = calloc(1, sizeof(*cfg));
	struct build build = {.cfg = cfg, .reader = reader, .faults = faults};

	for (size_t i = 0; cfg && i < reader->n_files; i++)
		if (array_add_text(&cfg->files, &cfg->n_files, reader->files[i].path))
			faults->no_memory = true;
	if (catalog_own_folder(path, &build.providers) < 0)
		faults->no_memory = true;
	if (cfg && !faults->no_memory)
		build_all(&build);
	free(build.providers);
	return cfg;
}

/* What faults there are, by the names of the files read. */
static int tell(const struct reader *reader, const struct faults *faults, struct cfg_errors *ret)
{
	char **files = NULL;
	size_t n = 0;
	int error = 0;

	for (size_t i = 0; i < reader->n_files && !error; i++)
		error = array_add_text(&files, &n, reader->files[i].path);
	if (!error)
		error = faults_list(faults, files, ret);
	array_free_texts(files, n);
	return error;
}

int cfg_load(const char *path, struct cfg **ret, struct cfg_errors *errors)
{
	struct reader reader = {0};
	struct faults faults = {0};
	struct cfg *cfg = NULL;
	int error, told;

	*errors = (struct cfg_errors){0};
	error = load_files(&reader, path, &faults);
	if (!error) {
		environment_read(&reader, environ, &faults);
		cfg = make(&reader, path, &faults);
		if (!cfg || faults.no_memory)
			error = -ENOMEM;
		else if (faults.fatal)
			error = -EINVAL;
	}
	told = tell(&reader, &faults, errors);
	if (told)
		error = told;
	reader_done(&reader);
	faults_done(&faults);
	if (error)
		cfg_free(cfg);
	else
		*ret = cfg;
	return error;
}

void cfg_free(struct cfg *cfg)
{
	if (!cfg)
		return;
	for (size_t i = 0; i < cfg->n_records; i++)
		cfg_record_done(&cfg->records[i]);
	for (size_t i = 0; i < cfg->n_accounts; i++)
		cfg_account_done(&cfg->accounts[i]);
	for (size_t i = 0; i < cfg->n_sources; i++)
		cfg_source_done(&cfg->sources[i]);
	for (size_t i = 0; i < cfg->n_services; i++)
		catalog_free(cfg->services[i]);
	keys_done(keys_daemon, &cfg->daemon);
	array_free_texts(cfg->files, cfg->n_files);
	free(cfg->records);
	free(cfg->accounts);
	free(cfg->sources);
	free(cfg->services);
	free(cfg);
}

void cfg_errors_print(const struct cfg_errors *errors, FILE *to)
{
	for (size_t i = 0; i < errors->n; i++) {
		const struct cfg_error *error = &errors->list[i];

		fprintf(to, "%s:", error->file);
		if (error->line)
			fprintf(to, "%d:", error->line);
		fprintf(to, " %s%s\n", error->warning ? "warning: " : "", error->text);
	}
}

void cfg_errors_done(struct cfg_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		free(errors->list[i].file);
	free(errors->list);
	*errors = (struct cfg_errors){0};
}
